"""Evidence that runs out, what is still missing, and decisions that can be appealed. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.catalogue.rules.states import CheckState, EvidenceKind
from marketplace.kernel.clock import local_day

REMINDER_DAYS = (60, 30, 7, 0)
"""How many days before the last day of a piece of evidence its provider is reminded."""
LATE_REMINDER_DAYS = 14
"""For so long after its last day a reminder still makes sense, if none was sent before."""

NeededKinds = Mapping[str, frozenset[EvidenceKind]]
"""Which evidence a council wants to see, by category; of everybody under the empty word."""


class AppealState(StrEnum):
    """Where an appeal is."""

    ASKED = "asked"
    UPHELD = "upheld"
    """The council stays with what it decided."""
    CHANGED = "changed"
    """The council decided otherwise."""

    @property
    def label(self) -> str:
        """The state in words."""
        return {
            AppealState.ASKED: "Waiting for an answer",
            AppealState.UPHELD: "The decision stays",
            AppealState.CHANGED: "The decision was changed",
        }[self]


class EvidenceStanding(StrEnum):
    """Whether something that is needed is there."""

    COUNTS = "counts"
    RUNS_OUT = "runs_out"
    """It counts today, and its last day is near."""
    RAN_OUT = "ran_out"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class KindStanding:
    """How one kind of evidence stands: the best piece of it."""

    kind: EvidenceKind
    standing: EvidenceStanding
    expires_on: date | None
    accepted: bool = False
    has_new: bool = False
    """Beside the best piece, which was accepted, is one that counts and nobody looked at."""

    @property
    def is_right(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.standing is EvidenceStanding.COUNTS and self.accepted and not self.has_new


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence as far as these rules need it."""

    kind: EvidenceKind
    expires_on: date | None
    accepted: bool = False


def reminder_due(expires_on: date, *, reminded: int | None, on: date) -> int | None:
    """Return for how many days before the last day a reminder is due, if one is.

    Whoever was away gets one reminder, not all those that were missed.
    """
    left = (expires_on - on).days
    if left < -LATE_REMINDER_DAYS:
        return None
    reached = [days for days in REMINDER_DAYS if left <= days]
    if not reached:
        return None
    nearest = min(reached)
    return None if reminded is not None and reminded <= nearest else nearest


def kinds_needed(needed: NeededKinds, categories: Iterable[str]) -> frozenset[EvidenceKind]:
    """Return which evidence a council wants from somebody who sells these kinds of support."""
    return frozenset().union(*(needed.get(each, frozenset()) for each in ("", *categories)))


def standings(
    kinds: Collection[EvidenceKind], pieces: Collection[Piece], *, on: date
) -> tuple[KindStanding, ...]:
    """Return how each of some kinds stands, in the order of their list."""
    return tuple(_best(kind, pieces, on) for kind in EvidenceKind if kind in kinds)


def may_appeal(
    state: CheckState, *, decided_at: datetime, days: int, at: datetime, appealed: bool
) -> bool:
    """Tell whether a provider can say that a decision is wrong: one of refusal, once, in time."""
    in_time = local_day(at) <= last_day_to_appeal(decided_at, days=days)
    return state.needs_reason and not appealed and in_time


def last_day_to_appeal(decided_at: datetime, *, days: int) -> date:
    """Return the last day on which a decision can be appealed."""
    return local_day(decided_at) + timedelta(days=days)


def _best(kind: EvidenceKind, pieces: Collection[Piece], on: date) -> KindStanding:
    of_kind = [piece for piece in pieces if piece.kind is kind]
    if not of_kind:
        return KindStanding(kind, EvidenceStanding.MISSING, None)
    best = max(of_kind, key=lambda piece: (_counts(piece, on), piece.accepted, _lasts(piece)))
    if not _counts(best, on):
        return KindStanding(kind, EvidenceStanding.RAN_OUT, best.expires_on, best.accepted)
    near = best.expires_on is not None and (best.expires_on - on).days <= REMINDER_DAYS[0]
    standing = EvidenceStanding.RUNS_OUT if near else EvidenceStanding.COUNTS
    has_new = best.accepted and any(_counts(piece, on) and not piece.accepted for piece in of_kind)
    return KindStanding(kind, standing, best.expires_on, best.accepted, has_new)


def _counts(piece: Piece, on: date) -> bool:
    return piece.expires_on is None or on <= piece.expires_on


def _lasts(piece: Piece) -> date:
    return piece.expires_on or date.max
