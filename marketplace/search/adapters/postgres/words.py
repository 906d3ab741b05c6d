"""Which entries have an idea, and how well their words fit it: asked of the database once.

What was asked before is remembered, and put right by asking about the few entries that were
written since.
"""

import sys
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, reduce
from itertools import chain
from operator import and_, or_
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from marketplace.search.adapters.bits import bits_of
from marketplace.search.adapters.postgres.reading import State
from marketplace.search.rules import Concept, Vocabulary

_WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
"""Of a word nowhere in particular, in the text, in the name, in the title."""
_REMEMBERED_OCTETS = 64 * 2**20
"""Memory for what was asked before, in each process."""
_LEAST_OCTETS = 500
_MASK = 255


_Key = tuple[frozenset[str], frozenset[str]]


class Fit(NamedTuple):
    """The entries that have an idea, and for every slot how well it fits: 0 to 255."""

    bits: int
    scores: bytes | None
    """Nothing if only the entries were asked for."""


class Words:
    """Answers which entries have which ideas."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Remember nothing yet."""
        self._vocabulary = vocabulary
        self._known: OrderedDict[_Key, tuple[int, Fit]] = OrderedDict()
        self._octets = 0
        self._lock = Lock()

    def fits(
        self, connection: Connection, state: State, concepts: Iterable[Concept], *, scored: bool
    ) -> Mapping[Concept, Fit]:
        """Return for each idea the entries that have it, as a state of the columns knows them."""
        found: dict[Concept, Fit] = {}
        older: dict[tuple[int, ...], list[Concept]] = {}
        unknown: list[Concept] = []
        with self._lock:
            known = {each: self._known.get(_key(each)) for each in concepts}
        for concept, remembered in known.items():
            if remembered is None or (scored and remembered[1].scores is None):
                unknown.append(concept)
                continue
            slots = state.changed_since(remembered[0])
            if slots is None:
                unknown.append(concept)
            else:
                found[concept] = remembered[1]
                if slots:
                    older.setdefault(tuple(slots), []).append(concept)
        width = state.columns.width
        found |= _asked(connection, unknown, width, scored=scored)
        for slots, some in older.items():
            fresh = _asked(connection, some, width, scored=True, slots=slots)
            for concept in some:
                found[concept] = _patched(found[concept], fresh[concept], slots, width)
        self._remember(found, state.version)
        return found

    def known(
        self, state: State, concepts: Iterable[Concept], *, scored: bool
    ) -> Mapping[Concept, Fit] | None:
        """Return the same where nothing has to be asked for it; else nothing."""
        found: dict[Concept, Fit] = {}
        with self._lock:
            for concept in concepts:
                key = _key(concept)
                remembered = self._known.get(key)
                if remembered is None or (scored and remembered[1].scores is None):
                    return None
                if remembered[0] != state.version:
                    return None
                self._known.move_to_end(key)
                found[concept] = remembered[1]
        return found

    def understood(self, state: State, asked: Sequence[Concept]) -> Mapping[Concept, Fit] | None:
        """Return the same with what is nearest in place of what is nowhere."""
        known = self.known(state, [*asked, *self._vocabulary.substitutes(asked)], scored=True)
        if known is None:
            return None
        nowhere = {each for each, fit in known.items() if not fit.bits}
        concepts = self._vocabulary.instead(asked, lambda _: nowhere)
        found = self.known(state, concepts, scored=True)
        return found if found is not None and all(fit.bits for fit in found.values()) else None

    def having(
        self, connection: Connection, state: State, concepts: Iterable[Concept]
    ) -> Mapping[Concept, int]:
        """Return for each idea the entries that have it, put together from those of its tokens.

        Many ideas have few tokens between them, so there is less to ask and to remember.
        """
        asked = list(concepts)
        single = _single(asked)
        fits = self.fits(connection, state, single.values(), scored=False)
        return _all_together(asked, single, fits)

    def having_known(
        self, state: State, concepts: Iterable[Concept]
    ) -> Mapping[Concept, int] | None:
        """Return the same where nothing has to be asked for it; else nothing."""
        asked = list(concepts)
        single = _single(asked)
        fits = self.known(state, single.values(), scored=False)
        return None if fits is None else _all_together(asked, single, fits)

    def learn(self, state: State, found: Mapping[Concept, Fit]) -> None:
        """Remember what was asked for all at once, as a state of the columns knows it."""
        with self._lock:
            unknown = {each: fit for each, fit in found.items() if _key(each) not in self._known}
        self._remember(unknown, state.version)

    def _is_public(self, concept: Concept) -> bool:
        """Tell what everybody may know was asked: a word that is nowhere may be one's secret."""
        return concept.tokens | concept.parts <= self._public

    @cached_property
    def _public(self) -> frozenset[str]:
        ideas = map(self._vocabulary.concepts, self._vocabulary.phrases)
        known = chain.from_iterable(ideas)
        return frozenset().union(*(each.tokens | each.parts for each in known))

    def _remember(self, found: Mapping[Concept, Fit], version: int) -> None:
        with self._lock:
            for concept, fit in found.items():
                older = self._known.pop(_key(concept), None)
                if older is not None and older[0] > version:
                    version_and_fit = older
                else:
                    version_and_fit = (version, fit)
                self._octets -= _size(older[1]) if older else 0
                if version_and_fit[1].bits or self._is_public(concept):
                    self._octets += _size(version_and_fit[1])
                    self._known[_key(concept)] = version_and_fit
            while self._octets > _REMEMBERED_OCTETS:
                _, (_, forgotten) = self._known.popitem(last=False)
                self._octets -= _size(forgotten)


def alone(token: str) -> Concept:
    """Return the idea that a token is by itself."""
    return Concept((token,), frozenset({token}))


def _single(concepts: Iterable[Concept]) -> Mapping[str, Concept]:
    tokens = {token for each in concepts for token in each.tokens | each.parts}
    return {token: alone(token) for token in sorted(tokens)}


def _all_together(
    concepts: Iterable[Concept], single: Mapping[str, Concept], fits: Mapping[Concept, Fit]
) -> Mapping[Concept, int]:
    bits = {token: fits[concept].bits for token, concept in single.items()}
    return {each: _put_together(each, bits) for each in concepts}


def _put_together(concept: Concept, bits: Mapping[str, int]) -> int:
    parts = [bits[part] for part in concept.parts]
    return reduce(
        or_, (bits[token] for token in concept.tokens), reduce(and_, parts) if parts else 0
    )


def _key(concept: Concept) -> _Key:
    """Return what an idea is remembered by: what it looks for, not how somebody typed it."""
    return concept.tokens, concept.parts


def _size(fit: Fit) -> int:
    return _LEAST_OCTETS + fit.bits.bit_length() // 8 + len(fit.scores or b"")


def expression(concept: Concept) -> str:
    """Return an idea as PostgreSQL writes it. Tokens are letters, digits, "_" and "~" only."""
    said = [_quoted(token) for token in sorted(concept.tokens)]
    if concept.parts:
        said.append("(" + " & ".join(_quoted(part) for part in sorted(concept.parts)) + ")")
    return " | ".join(said)


def _quoted(token: str) -> str:
    return f"'{token}'"


def _asked(
    connection: Connection,
    concepts: Sequence[Concept],
    width: int,
    *,
    scored: bool,
    slots: Sequence[int] | None = None,
) -> dict[Concept, Fit]:
    if not concepts:
        return {}
    values: dict[str, Any] = {"ideas": [expression(concept) for concept in concepts]}
    if slots is not None:
        values["slots"] = list(slots)
    statement = _STATEMENTS[scored, slots is not None]
    rows = connection.execute(statement, values)
    return {
        concept: read(octets or b"", width, scored=scored)
        for concept, octets in zip(concepts, rows.scalars(), strict=True)
    }


def read(octets: bytes, width: int, *, scored: bool) -> Fit:
    """Return the entries that the database sent: slots, or slots and scores in one number."""
    matches = array("I", octets)
    if sys.byteorder == "little":
        matches.byteswap()
    if not scored:
        return Fit(bits_of(matches, width), None)
    scores = bytearray(width)
    for match in matches:
        scores[match >> 8] = match & _MASK
    return Fit(bits_of((match >> 8 for match in matches), width), bytes(scores))


def _patched(old: Fit, fresh: Fit, slots: Sequence[int], width: int) -> Fit:
    bits = old.bits & ~bits_of(slots, width) | fresh.bits
    if old.scores is None or fresh.scores is None:
        return Fit(bits, None)
    scores = bytearray(old.scores) + bytes(width - len(old.scores))
    for slot in slots:
        scores[slot] = fresh.scores[slot]
    return Fit(bits, bytes(scores))


_RANK = rf"ts_rank('{_WEIGHTS}', tokens, CAST(asked.idea AS tsquery)) * {_MASK}"
SCORED = rf"slot * {_MASK + 1} + greatest(1, least({_MASK}, ({_RANK})\:\:int))"
_STATEMENTS = {
    (scored, some): text(
        rf"""
        SELECT (
            SELECT string_agg(int4send({SCORED if scored else "slot"}), ''\:\:bytea)
            FROM search_entries
            WHERE tokens @@ asked.idea\:\:tsquery
            {"AND slot = ANY(CAST(:slots AS int[]))" if some else ""}
        )
        FROM unnest(CAST(:ideas AS text[])) WITH ORDINALITY AS asked (idea, place)
        ORDER BY asked.place
        """  # noqa: S608 - put together from what stands above
    )
    for scored in (False, True)
    for some in (False, True)
}
