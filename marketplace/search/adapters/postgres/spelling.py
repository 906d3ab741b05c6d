"""Words of the index that look like a typed one, or begin like it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    union_all,
)

from marketplace.kernel.ready import Asked, Ready
from marketplace.search.adapters.postgres.tables import WORDS
from marketplace.search.adapters.postgres.writing import is_word
from marketplace.search.rules import Suggestion, Vocabulary
from marketplace.search.rules.spelling import (
    SUGGESTIONS_MAX,
    opening,
    slips,
    suggestions,
)
from marketplace.search.rules.spelling import commonest as most_used

_ENDINGS = 60
_LAST_LETTER = "\U0010ffff"
_EXTENSIONS = "SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'"


Counting = Callable[[Sequence[str]], Mapping[str, int]]
"""Tells how many entries have all the ideas of each text."""

_WORD, _ADDED = WORDS.c.word, func.sum(WORDS.c.uses)
_USED = select(_WORD, _ADDED.label("used")).group_by(_WORD).having(_ADDED > 0)
_ENDS = (
    _USED.where(
        _WORD.op("~>=~", is_comparison=True)(bindparam("since", type_=Text)),
        _WORD.op("~<~", is_comparison=True)(bindparam("until", type_=Text)),
    )
    .order_by(_ADDED.desc(), _WORD)
    .limit(_ENDINGS)
)
_OF_TOKENS = _USED.where(
    WORDS.c.word == func.any(cast(bindparam("tokens", type_=Text), ARRAY(Text)))
)
_USES = Ready(union_all(_OF_TOKENS, select(_ENDS.subquery())))


@dataclass(frozen=True, slots=True)
class Begun:
    """What has been typed so far, and what of it has to be looked up."""

    head: str
    last: str
    tokens: Mapping[str, str]
    """The phrases that begin so, with the tokens of their groups."""

    @property
    def asked(self) -> Asked:
        """Return the statement for how often these tokens are used, and for the last word's ends.

        The words between two ends, not those that are like a pattern: the plan for that serves any.
        """
        tokens = ",".join(f'"{token}"' for token in sorted(set(self.tokens.values())))
        until = f"{self.last}{_LAST_LETTER}" if self.last else ""
        return _USES, {"tokens": f"{{{tokens}}}", "since": self.last, "until": until}

    def suggested(
        self, found: Iterable[tuple[str, int]], limit: int, count: Counting
    ) -> tuple[Suggestion, ...]:
        """Return ways to go on, from what was found; ``count`` tells what each finds."""
        uses = {word: int(used) for word, used in found}
        phrases = {phrase: uses.get(token, 0) for phrase, token in self.tokens.items()}
        endings = {word: used for word, used in uses.items() if is_word(word)}
        most = min(max(limit, 0), SUGGESTIONS_MAX)
        finished = [f"{self.head} {word}".strip() for word in most_used(endings, most)]
        counted = count([*most_used(phrases, most), *finished])
        return suggestions((self.head, phrases, endings), limit, counted.__getitem__)


def begun(prefix: str, vocabulary: Vocabulary) -> Begun | None:
    """Return what has been typed so far; nothing if that is too little."""
    said = opening(prefix)
    if said is None:
        return None
    tokens = {phrase: vocabulary.phrases[phrase] for phrase in vocabulary.phrases_begun(prefix)}
    return Begun(*said, tokens)


def commonest(connection: Connection, most: int) -> list[str]:
    """Return the words that most entries have, the commonest first."""
    ideas = WORDS.c.word.startswith("~")
    return list(_summed(connection, ~ideas, most=most))


def alike(connection: Connection, word: str) -> Mapping[str, int]:
    """Return words of about the same length that share pieces or the first letter."""
    allowed = slips(word)
    if not allowed:
        return {}
    alike = WORDS.c.word.startswith(word[0], autoescape=True)
    if _has_trigrams(connection):
        alike = or_(alike, WORDS.c.word.op("%", is_comparison=True)(word))
    length = func.length(WORDS.c.word).between(len(word) - allowed, len(word) + allowed)
    found = _summed(connection, alike, length)
    return {each: uses for each, uses in found.items() if is_word(each)}


def _summed(
    connection: Connection, *where: ColumnElement[bool], most: int | None = None
) -> Mapping[str, int]:
    """Return words with their uses, the commonest first."""
    uses: ColumnElement[Any] = func.sum(WORDS.c.uses)
    wanted = (
        select(WORDS.c.word, uses)
        .where(*where)
        .group_by(WORDS.c.word)
        .having(uses > 0)
        .order_by(uses.desc(), WORDS.c.word)
        .limit(most)
    )
    return {word: int(count) for word, count in connection.execute(wanted)}


def _has_trigrams(connection: Connection) -> bool:
    return connection.exec_driver_sql(_EXTENSIONS).first() is not None
