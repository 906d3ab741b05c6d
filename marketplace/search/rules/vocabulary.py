"""Words that mean the same, and how a search is understood with them.

A group is one idea in many words: "personal care", "help washing", "shower". An entry that has
any of them carries the group's own token beside its words; a search that has any of them looks
for that token. So no engine needs to know what a synonym is.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice, pairwise, takewhile

from marketplace.search.rules.words import (
    TEXT_MAX,
    WORDS_MAX,
    is_kin,
    is_weak,
    stem,
    stems,
    telling,
    words,
)

_FORM = "6"
"""Goes up when entries are to be understood anew for another reason than new words."""

_GROUP = "~"
_TOO_SHORT = 2

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One idea: what may stand in an entry, and what is only ever typed.

    ``typed`` has wrong spellings and everyday sentences that would mislead in an entry. ``near``
    are words of other ideas that help most where a market has nothing of this one.
    """

    words: tuple[str, ...]
    typed: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """Return the token by which entries and searches of this idea meet."""
        return _GROUP + _joined(stems(self.words[0]))


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea of a search: an entry has it with any of the tokens, or with all of the parts.

    ``stands_in`` says that it is not what was asked for, but the nearest that there is.
    """

    typed: tuple[str, ...]
    tokens: frozenset[str]
    parts: frozenset[str] = frozenset()
    stands_in: bool = False

    @property
    def is_known(self) -> bool:
        """Tell an idea of the vocabulary from a word that is in no group."""
        return any(token.startswith(_GROUP) for token in self.tokens)


@dataclass(frozen=True)
class Vocabulary:
    """All groups, ready to be looked up."""

    groups: tuple[Group, ...]

    @cached_property
    def recipe(self) -> str:
        """Return what an index says of itself, to be known as out of date when words change."""
        return sha256(repr((_FORM, self.groups)).encode()).hexdigest()[:16]

    @cached_property
    def phrases(self) -> Mapping[str, str]:
        """Return every phrase that can be offered, with its group's token."""
        return {phrase: group.token for group in self.groups for phrase in group.words}

    def phrases_begun(self, prefix: str) -> list[str]:
        """Return the phrases that begin as somebody has begun, alphabetically."""
        begun = _as_typed(prefix[:TEXT_MAX])
        found = islice(self._alphabet, bisect_left(self._alphabet, (begun,)), None)
        return [phrase for _, phrase in takewhile(lambda one: one[0].startswith(begun), found)]

    @cached_property
    def _alphabet(self) -> Sequence[tuple[str, str]]:
        return sorted((_as_typed(phrase), phrase) for phrase in self.phrases)

    @cached_property
    def written(self) -> Mapping[str, int]:
        """Return every word of all groups, with the number of phrases it stands in."""
        said = chain.from_iterable(words(phrase) for phrase in self._all_phrases)
        return Counter(word for word in said if len(word) > _TOO_SHORT and word.isalpha())

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Return the stems that stand beside each other in a phrase and both say something."""
        said = map(stems, self._all_phrases)
        beside = chain.from_iterable(pairwise(each) for each in said)
        return frozenset(pair for pair in beside if not any(map(is_weak, pair)))

    @cached_property
    def run_together(self) -> Mapping[str, str]:
        """Return every phrase of several words as somebody writes it who leaves no spaces."""
        several = (said for said in map(words, self._all_phrases) if len(said) > 1)
        return {"".join(said): " ".join(said) for said in several}

    @property
    def _all_phrases(self) -> Iterator[str]:
        for group in self.groups:
            yield from group.words + group.typed

    @cached_property
    def _kept(self) -> Mapping[Key, frozenset[str]]:
        return _keys((group.token, group.words) for group in self.groups)

    @cached_property
    def _looked_up(self) -> Mapping[Key, frozenset[str]]:
        return _keys((group.token, group.words + group.typed) for group in self.groups)

    @cached_property
    def _longest_kept(self) -> int:
        return _longest(self._kept)

    @cached_property
    def _longest_looked_up(self) -> int:
        return _longest(self._looked_up)

    def tokens(self, text: str) -> list[str]:
        """Return what an entry's text is found by: stems, known phrases and groups."""
        said = stems(text)
        return [*said, *self._phrase_tokens(said)]

    def concepts(self, text: str) -> tuple[Concept, ...]:
        """Return the ideas of a search; none if it says nothing, which asks for everything.

        The longest known phrase wins. Weak words count only where there are no others.
        """
        said = telling(text[:TEXT_MAX])[:WORDS_MAX]
        found = list(self._read(said))
        strong = [concept for concept in found if not _is_weak(concept)]
        return tuple(dict.fromkeys(strong or found))

    def instead(
        self,
        concepts: Iterable[Concept],
        nowhere_of: Callable[[Iterable[Concept]], Container[Concept]],
    ) -> tuple[Concept, ...]:
        """Return ideas with others in place of those that occur nowhere in an index.

        What is nearest stands in for them, if that is there; else the single words of a known
        phrase, which may be. ``nowhere_of`` tells which of some ideas occur nowhere.
        """
        asked = tuple(concepts)
        nearest = {each: pair for each in asked if (pair := self._nearest(each))}
        nowhere = nowhere_of([*asked, *chain.from_iterable(nearest.values())])
        found: list[Concept] = []
        for concept in asked:
            said, near = nearest.get(concept, (concept, concept))
            if said in nowhere and near not in nowhere:
                found.append(replace(near, tokens=near.tokens | concept.tokens))
                continue
            alone = [self._word(word) for word in concept.typed] if concept in nowhere else []
            strong = [word for word in alone if not _is_weak(word)]
            found += strong if len(alone) > 1 and strong else [concept]
        return tuple(dict.fromkeys(found))

    def substitutes(self, concepts: Iterable[Concept]) -> list[Concept]:
        """Return what has to be known of some ideas before others may stand in for them."""
        nearest = (self._nearest(each) for each in concepts)
        return [each for pair in nearest if pair for each in pair]

    def _nearest(self, concept: Concept) -> tuple[Concept, Concept] | None:
        """Return an idea as its groups alone say it, and what is nearest to these.

        That a word or two of it stand somewhere does not make a thing of that kind.
        """
        groups = frozenset(token for token in concept.tokens if token.startswith(_GROUP))
        near = frozenset().union(*(self._near.get(token, frozenset()) for token in groups))
        if not near:
            return None
        said = Concept(concept.typed, groups)
        return said, Concept(concept.typed, near, stands_in=True)

    @cached_property
    def _near(self) -> Mapping[str, frozenset[str]]:
        return {
            group.token: frozenset().union(*(self._kept[stems(phrase)] for phrase in group.near))
            for group in self.groups
            if group.near
        }

    def _word(self, typed: str) -> Concept:
        key = (stem(typed),)
        return _concept((typed,), key, self._looked_up.get(key, frozenset()))

    def _phrase_tokens(self, said: Sequence[str]) -> Iterator[str]:
        longest = self._longest_kept
        for start in range(len(said)):
            for length in range(1, min(longest, len(said) - start) + 1):
                key = tuple(said[start : start + length])
                groups = self._kept.get(key)
                if groups is None:
                    continue
                yield from sorted(groups)
                if length > 1:
                    yield _joined(key)

    def _read(self, said: tuple[str, ...]) -> Iterator[Concept]:
        start = 0
        while start < len(said):
            length, key, groups = self._longest_known(said[start:])
            yield _concept(said[start : start + length], key, groups)
            start += length

    def _longest_known(self, said: tuple[str, ...]) -> tuple[int, Key, frozenset[str]]:
        """Return how many first words are a known phrase, its key and groups; else one word.

        "Put nan to bed" is "put me to bed": who of the family it is for may stand between.
        """
        for length in range(min(self._longest_looked_up + 1, len(said)), 0, -1):
            typed = said[:length]
            for some in (typed, _without_kin(typed)):
                key = tuple(stem(word) for word in some)
                groups = self._looked_up.get(key)
                if groups is not None:
                    return length, key, groups
        return 1, (stem(said[0]),), frozenset()


def _without_kin(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Return a phrase without those of the family inside it; nothing where too little is left."""
    rest = tuple(word for word in typed if not is_kin(word))
    return rest if len(rest) > 1 and not is_kin(typed[0]) and not is_kin(typed[-1]) else ()


def _concept(typed: tuple[str, ...], key: Key, groups: frozenset[str]) -> Concept:
    if len(key) == 1:
        return Concept(typed, groups | {key[0]})
    strong = frozenset(part for part in key if not is_weak(part))
    # One strong word of a phrase says too little: "home help" is not whatever has "home".
    parts = strong if len(strong) > 1 else frozenset(key)
    return Concept(typed, groups | {_joined(key)}, parts)


def _is_weak(concept: Concept) -> bool:
    return len(concept.tokens) == 1 and not concept.parts and is_weak(*concept.tokens)


def _as_typed(text: str) -> str:
    return " ".join(words(text))


def _keys(named: Iterable[tuple[str, tuple[str, ...]]]) -> Mapping[Key, frozenset[str]]:
    found: dict[Key, set[str]] = defaultdict(set)
    for token, phrases in named:
        for phrase in phrases:
            found[stems(phrase)].add(token)
    return {
        key: frozenset(tokens)
        for key, tokens in found.items()
        if key and not (len(key) == 1 and is_weak(*key))
    }


def _longest(keys: Mapping[Key, frozenset[str]]) -> int:
    return max(map(len, keys), default=1)


def _joined(key: Sequence[str]) -> str:
    return "_".join(key)
