"""What is asked most, read from the database in one go: for a process that has just begun.

Asked one by one, each word that many entries have makes the database look at all of them. Here it
goes through the entries once, whatever the number of words.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from marketplace.search.adapters.postgres.words import SCORED, Fit, expression, read
from marketplace.search.rules import Concept

COMMON = 200
"""The entries of a word that fewer have are found in a moment."""
_OCTETS_MAX = 32 * 2**20


def common_tokens(connection: Connection, width: int, least: int = COMMON) -> Mapping[str, Fit]:
    """Return the entries of each token that many have, as far as they may be remembered."""
    most = max(1, _OCTETS_MAX // (width // 8 + 1))
    rows = connection.execute(_TOKENS, {"least": least, "most": most})
    return {token: read(octets, width, scored=False) for token, octets in rows}


def scored(
    connection: Connection, concepts: Sequence[Concept], width: int
) -> Mapping[Concept, Fit]:
    """Return how well each entry fits ideas that have single tokens only."""
    asked = [
        (token, place, expression(concept))
        for place, concept in enumerate(concepts)
        for token in sorted(concept.tokens)
    ]
    tokens, places, ideas = ([one[column] for one in asked] for column in range(3))
    rows = connection.execute(_IDEAS, {"tokens": tokens, "places": places, "ideas": ideas})
    found = {concepts[place]: read(octets, width, scored=True) for place, octets in rows}
    return {each: found.get(each) or read(b"", width, scored=True) for each in concepts}


_TOKENS = text(
    r"""
    SELECT had.token, string_agg(int4send(slot), ''\:\:bytea)
    FROM search_entries CROSS JOIN unnest(tsvector_to_array(tokens)) AS had (token)
    GROUP BY had.token HAVING count(*) >= :least ORDER BY count(*) DESC, had.token LIMIT :most
    """
)
# An entry that has two tokens of an idea comes twice, with the same number.
_IDEAS = text(
    rf"""
    SELECT asked.place, string_agg(int4send({SCORED}), ''\:\:bytea)
    FROM search_entries CROSS JOIN unnest(tsvector_to_array(tokens)) AS had (token)
    JOIN unnest(
        CAST(:tokens AS text[]), CAST(:places AS int[]), CAST(CAST(:ideas AS text[]) AS tsquery[])
    ) AS asked (token, place, idea) ON had.token = asked.token
    GROUP BY asked.place
    """  # noqa: S608 - put together from what stands in words
)
