"""Which entries answer a search: those with all of its ideas, or else those with some."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar

from marketplace.search.rules.vocabulary import Concept

FEW = 3
"""So few answers may be a chance: a word or two of a sentence that happen to stand together."""

Some = TypeVar("Some", bound=Any)


@dataclass(frozen=True, slots=True)
class Matched(Generic[Some]):
    """What answers a search.

    ``some_ideas`` tells that an answer may lack an idea, so that those with most come first;
    ``widened`` that no answer has all that was asked for.
    """

    answers: Some
    some_ideas: bool = False
    widened: bool = False


def matching(
    shown: Some, having: Sequence[tuple[Concept, Some]], count: Callable[[Some], int]
) -> Matched[Some]:
    """Return what has all ideas; where next to nothing has, what has those of the vocabulary.

    ``having`` are the entries that have each idea. A word of no group tells less than an idea of
    the vocabulary. Where nothing has all of these either, whatever has any will do.
    """
    nearest = any(concept.stands_in for concept, _ in having)
    all_of = reduce(and_, (some for _, some in having), shown)
    meant = [some for concept, some in having if concept.is_known]
    found = count(all_of)
    if not having or (found and not 0 < len(meant) < len(having)) or found >= FEW:
        return Matched(all_of, widened=nearest)
    with_meant = reduce(and_, meant, shown) if meant else all_of
    if count(with_meant):
        return Matched(with_meant, some_ideas=True, widened=nearest or not found)
    any_of = shown & reduce(or_, (some for _, some in having))
    return Matched(any_of, some_ideas=True, widened=bool(count(any_of)))
