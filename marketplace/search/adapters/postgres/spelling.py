"""Words of the index that look like a typed one, or begin like it."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection, Select, func, or_, select

from marketplace.search.adapters.postgres import conditions
from marketplace.search.adapters.postgres.tables import ENTRIES, WORDS
from marketplace.search.rules import Concept, Suggestion, Vocabulary
from marketplace.search.rules.spelling import (
    begin_with,
    did_you_mean,
    nearest,
    opening,
    slips,
    suggestions,
)

_LOOKED_AT = 200
_ENDINGS = 60
_EXTENSIONS = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"


def corrected(
    connection: Connection, text: str, unknown: Iterable[str], vocabulary: Vocabulary
) -> str | None:
    """Return the search with its unknown words put right; none if none can be."""
    found = {}
    for word in unknown:
        known = dict(_alike(connection, word))
        likely = {
            candidate: tokens
            for candidate, tokens in vocabulary.spellings.items()
            if candidate not in known and nearest(word, {candidate: 1})
        }
        known |= {
            candidate: sum(_uses(connection, tokens).values())
            for candidate, tokens in likely.items()
        }
        right = nearest(word, known)
        if right:
            found[word] = right
    return did_you_mean(text, found)


def suggested(
    connection: Connection,
    prefix: str,
    limit: int,
    vocabulary: Vocabulary,
    count: Callable[[str], int],
) -> tuple[Suggestion, ...]:
    """Return ways to go on with what has been typed so far; ``count`` tells what each finds."""
    begun = opening(prefix)
    if begun is None:
        return ()
    head, last = begun
    tokens = {
        phrase: vocabulary.phrases[phrase] for phrase in begin_with(prefix, vocabulary.phrases)
    }
    uses = _uses(connection, tokens.values())
    commonest = (
        select(WORDS.c.word, WORDS.c.uses)
        .where(WORDS.c.word.startswith(last, autoescape=True))
        .order_by(WORDS.c.uses.desc(), WORDS.c.word)
        .limit(_ENDINGS)
    )
    endings = _read(connection, commonest) if last else {}
    phrases = {phrase: uses[token] for phrase, token in tokens.items()}
    return suggestions((head, phrases, endings), limit, count)


def _alike(connection: Connection, word: str) -> Mapping[str, int]:
    """Return words of about the same length that share pieces or the first letter."""
    allowed = slips(word)
    if not allowed:
        return {}
    alike = WORDS.c.word.startswith(word[0], autoescape=True)
    if _has_trigrams(connection):
        alike = or_(alike, WORDS.c.word.op("%", is_comparison=True)(word))
    close = select(WORDS.c.word, WORDS.c.uses).where(
        alike,
        func.length(WORDS.c.word).between(len(word) - allowed, len(word) + allowed),
        WORDS.c.uses > 0,
    )
    return _read(connection, close)


def _read(connection: Connection, rows: Select[tuple[str, int]]) -> Mapping[str, int]:
    return {row.word: row.uses for row in connection.execute(rows)}


def _has_trigrams(connection: Connection) -> bool:
    return connection.exec_driver_sql(_EXTENSIONS).first() is not None


def _uses(connection: Connection, tokens: Iterable[str]) -> Mapping[str, int]:
    """Return how many entries carry each of some tokens."""
    asked = sorted(set(tokens))
    if not asked:
        return {}
    counts = select(
        *(
            select(func.count())
            .select_from(ENTRIES)
            .where(conditions.has(Concept((), frozenset({token}))))
            .scalar_subquery()
            for token in asked
        )
    )
    return dict(zip(asked, connection.execute(counts).one(), strict=True))
