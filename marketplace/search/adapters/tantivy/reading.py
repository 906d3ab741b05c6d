"""What is read from an index: which entries there are, and which have a word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy
from numpy.typing import NDArray

from marketplace.search.adapters.tantivy.columns import Bits, Columns, Numbers, bits_of
from marketplace.search.adapters.tantivy.rows import unpacked
from marketplace.search.rules import Concept
from marketplace.search.rules.ranking import APART, PLACES, rarity

Addresses = list[tantivy.DocAddress]


@dataclass(frozen=True, slots=True)
class Fit:
    """The entries that have an idea, and how well the words of each fit it."""

    numbers: Numbers
    scores: NDArray[np.float32]
    bits: Bits


def grown(before: Columns, searcher: tantivy.Searcher) -> Columns:
    """Return the columns of a newer state: only what is new is read."""
    numbers, addresses = all_of(searcher)
    added = {
        number: unpacked(searcher.doc(addresses[place])["row"][0])
        for place, number in enumerate(numbers.tolist())
        if number >= before.size
    }
    return before.grown(added, numbers)


def all_of(searcher: tantivy.Searcher) -> tuple[Numbers, Addresses]:
    """Return the numbers of all entries and where they are kept."""
    if not searcher.num_docs:
        return np.zeros(0, dtype=np.int64), []
    hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
    addresses = [address for _, address in hits]
    return _numbers(searcher, addresses), addresses


def fit(
    searcher: tantivy.Searcher, fields: tantivy.Schema, concept: Concept, columns: Columns
) -> Fit:
    """Return the entries that have an idea."""
    hits = []
    if searcher.num_docs:
        asked = _scored(fields, concept)
        hits = searcher.search(asked, limit=searcher.num_docs, count=False).hits
    numbers = _numbers(searcher, [address for _, address in hits])
    scores = np.fromiter((score for score, _ in hits), dtype=np.float32, count=len(hits))
    if hits:
        scores *= rarity(searcher.num_docs, len(hits))
    return Fit(numbers, scores, bits_of(numbers, columns.size))


def having(searcher: tantivy.Searcher, fields: tantivy.Schema, concepts: Sequence[Concept]) -> int:
    """Return how many entries have all of some ideas."""
    wanted = [(tantivy.Occur.Must, _asked(fields, concept)) for concept in concepts]
    found = searcher.search(tantivy.Query.boolean_query(wanted), limit=1, count=True)
    entries: int = found.count  # type: ignore[attr-defined]  # the library's types forget it
    return entries


def words(searcher: tantivy.Searcher, beginning: str) -> dict[str, int]:
    """Return the words of the index that begin so, and how many entries have each."""
    if not searcher.num_docs:
        return {}
    everything = tantivy.Query.all_query()
    return dict(searcher.terms_with_prefix("words", beginning, everything))


def _numbers(searcher: tantivy.Searcher, addresses: Addresses) -> Numbers:
    return np.array(searcher.fast_field_values("number", addresses), dtype=np.int64)


def field_of(place: str) -> str:
    """Return the field with the tokens of one place in an entry."""
    return f"tokens_{place}"


def _asked(fields: tantivy.Schema, concept: Concept) -> tantivy.Query:
    def has(token: str) -> tantivy.Query:
        return tantivy.Query.term_query(fields, "tokens", token, "basic")

    return _any_of(concept, has)


def _scored(fields: tantivy.Schema, concept: Concept) -> tantivy.Query:
    def has(token: str) -> tantivy.Query:
        ways = [
            (tantivy.Occur.Should, _counts(fields, field_of(place), token, weight))
            for place, weight in PLACES.items()
        ]
        return tantivy.Query.boolean_query(ways)

    return _any_of(concept, has)


def _counts(fields: tantivy.Schema, field: str, token: str, weight: float) -> tantivy.Query:
    found = tantivy.Query.term_query(fields, field, token, "basic")
    return tantivy.Query.const_score_query(found, weight)


def _any_of(concept: Concept, has: Callable[[str], tantivy.Query]) -> tantivy.Query:
    ways = [(tantivy.Occur.Should, has(token)) for token in sorted(concept.tokens)]
    if concept.parts:
        parts = [(tantivy.Occur.Must, has(part)) for part in sorted(concept.parts)]
        apart = tantivy.Query.boost_query(tantivy.Query.boolean_query(parts), APART)
        ways.append((tantivy.Occur.Should, apart))
    return tantivy.Query.boolean_query(ways)
