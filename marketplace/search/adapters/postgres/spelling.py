"""Words of the index that look like a typed one, or begin like it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Text, cast, func, or_, select

from marketplace.search.adapters.postgres.tables import WORDS
from marketplace.search.adapters.postgres.writing import is_word
from marketplace.search.rules import Suggestion, Vocabulary
from marketplace.search.rules.spelling import (
    SUGGESTIONS_MAX,
    did_you_mean,
    nearest,
    opening,
    slips,
    suggestions,
)

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
        uses = _uses(connection, [token for tokens in likely.values() for token in tokens])
        known |= {
            candidate: sum(uses.get(token, 0) for token in tokens)
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
    count: Callable[[Sequence[str]], Mapping[str, int]],
) -> tuple[Suggestion, ...]:
    """Return ways to go on with what has been typed so far; ``count`` tells what each finds."""
    begun = opening(prefix)
    if begun is None:
        return ()
    head, last = begun
    tokens = {phrase: vocabulary.phrases[phrase] for phrase in vocabulary.phrases_begun(prefix)}
    uses = _uses(connection, tokens.values())
    begins = WORDS.c.word.startswith(last, autoescape=True)
    endings = _summed(connection, begins, most=_ENDINGS) if last else {}
    phrases = {phrase: uses.get(token, 0) for phrase, token in tokens.items()}
    most = min(max(limit, 0), SUGGESTIONS_MAX)
    known = [phrase for phrase, used in phrases.items() if used]
    likely = sorted(known, key=lambda phrase: (-phrases[phrase], phrase))[:most]
    finished = [f"{head} {word}".strip() for word in islice(endings, most)]
    counted = count([*likely, *finished])
    return suggestions((head, phrases, endings), limit, counted.__getitem__)


def commonest(connection: Connection, most: int) -> list[str]:
    """Return the words that most entries have, the commonest first."""
    ideas = WORDS.c.word.startswith("~")
    return list(_summed(connection, ~ideas, most=most))


def _alike(connection: Connection, word: str) -> Mapping[str, int]:
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


def _uses(connection: Connection, tokens: Iterable[str]) -> Mapping[str, int]:
    """Return how many entries carry each of some tokens."""
    asked: Sequence[str] = sorted(set(tokens))
    if not asked:
        return {}
    return _summed(connection, WORDS.c.word == func.any(cast(asked, ARRAY(Text))))


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
