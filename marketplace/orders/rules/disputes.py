"""Something is wrong with a visit: who says what when, and what becomes of the money. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from marketplace.kernel.bank_holidays import working_day_after
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from marketplace.orders.errors import WrongStateError


class QueryKind(StrEnum):
    """What is wrong."""

    NOT_ALL_CAME = "not_all_came"
    LATE = "late"
    WRONG_WORK = "wrong_work"
    NOT_SAFE = "not_safe"
    PRICE_WRONG = "price_wrong"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What is wrong, in words."""
        return _KIND_WORDS[self]


class Remedy(StrEnum):
    """What the person asks for."""

    NOTHING_DUE = "nothing_due"
    PART_DUE = "part_due"
    AGAIN = "again"

    @property
    def label(self) -> str:
        """What is asked for, in words."""
        return _REMEDY_WORDS[self]


class DisputeState(StrEnum):
    """Where a query is in its life."""

    ASKED = "asked"
    OFFERED = "offered"
    DISAGREED = "disagreed"
    COUNCIL = "council"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in words, as all three read it."""
        return _STATE_WORDS[self]

    @property
    def tone(self) -> str:
        """How the state feels."""
        return "good" if self in ENDED else "notice"


class Move(StrEnum):
    """One thing that somebody does about a query."""

    ACCEPT = "accept"
    OFFER = "offer"
    DISAGREE = "disagree"
    TAKE_OFFER = "take_offer"
    TO_COUNCIL = "to_council"
    PASS_ON = "pass_on"  # noqa: S105 - no password, however it begins
    QUESTION = "question"
    WRITE = "write"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


class StepKind(StrEnum):
    """What one line of the list is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    OFFERED = "offered"
    DISAGREED = "disagreed"
    TOOK_OFFER = "took_offer"
    TO_COUNCIL = "to_council"
    PASSED_ON = "passed_on"
    QUESTION = "question"
    WROTE = "wrote"
    DECIDED = "decided"
    WITHDREW = "withdrew"

    @property
    def label(self) -> str:
        """What was done, after the name of whoever did it."""
        return _STEP_WORDS[self]


class Side(StrEnum):
    """For whom somebody speaks."""

    PERSON = "person"
    PROVIDER = "provider"
    COUNCIL = "council"
    MARKET = "market"


class Outcome(StrEnum):
    """What came of a query."""

    FULL = "full"
    PART = "part"
    NOTHING = "nothing"
    AGAIN = "again"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return _OUTCOME_WORDS[self]


ENDED = frozenset({DisputeState.SETTLED, DisputeState.WITHDRAWN})
"""States in which nothing more happens."""

_OPEN = frozenset(DisputeState) - ENDED
_BETWEEN_THE_TWO = frozenset({DisputeState.ASKED, DisputeState.OFFERED, DisputeState.DISAGREED})
_ANSWERED = frozenset({DisputeState.OFFERED, DisputeState.DISAGREED})

_FROM: Mapping[Move, frozenset[DisputeState]] = MappingProxyType(
    {
        Move.ACCEPT: _OPEN,
        Move.OFFER: _OPEN,
        Move.DISAGREE: frozenset({DisputeState.ASKED}),
        Move.TAKE_OFFER: frozenset({DisputeState.OFFERED, DisputeState.COUNCIL}),
        Move.TO_COUNCIL: _ANSWERED,
        Move.PASS_ON: _BETWEEN_THE_TWO,
        Move.QUESTION: frozenset({DisputeState.COUNCIL}),
        Move.WRITE: _OPEN,
        Move.DECIDE: frozenset({DisputeState.COUNCIL}),
        Move.WITHDRAW: _OPEN,
    }
)
_TO: Mapping[Move, DisputeState] = MappingProxyType(
    {
        Move.ACCEPT: DisputeState.SETTLED,
        Move.OFFER: DisputeState.OFFERED,
        Move.DISAGREE: DisputeState.DISAGREED,
        Move.TAKE_OFFER: DisputeState.SETTLED,
        Move.TO_COUNCIL: DisputeState.COUNCIL,
        Move.PASS_ON: DisputeState.COUNCIL,
        Move.DECIDE: DisputeState.SETTLED,
        Move.WITHDRAW: DisputeState.WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Divided:
    """What of the money in question is paid, and what goes back to where it came from."""

    settled: Money
    back: Money


def may_move(now: DisputeState, move: Move) -> bool:
    """Tell whether something can be done in a state."""
    return now in _FROM[move]


def next_dispute_state(now: DisputeState, move: Move) -> DisputeState:
    """Return where a query goes when something is done about it.

    Once it is with the council it stays there until it is settled, whatever is offered.

    Raises:
        WrongStateError: it cannot be done now.
    """
    if now in ENDED:
        raise WrongStateError(f"This has ended: “{now.label}”. Nothing more can be done about it.")
    if not may_move(now, move):
        raise WrongStateError(
            f"This has moved on: “{now.label}”. Look at it again before you do anything."
        )
    if now is DisputeState.COUNCIL and move is Move.OFFER:
        return now
    return _TO.get(move, now)


def divide(stake: Money, settled: Money) -> Divided:
    """Return what is paid of the money in question, and what goes back; together all of it."""
    assert ZERO <= settled <= stake, "no more is paid than was set aside for the visit"
    return Divided(settled, stake - settled)


def outcome_of(settled: Money, *, claimed: Money) -> Outcome:
    """Return what an amount means beside what the provider had asked for."""
    if not settled:
        return Outcome.NOTHING
    return Outcome.FULL if settled == claimed else Outcome.PART


def asked_for(remedy: Remedy, amount: Money | None) -> Money | None:
    """Return what the person says is to be paid; None if it is to be done again."""
    match remedy:
        case Remedy.NOTHING_DUE:
            return ZERO
        case Remedy.PART_DUE:
            return amount
        case Remedy.AGAIN:
            return None


def pay_for_minutes(amount: Money, minutes: int, *, of_minutes: int) -> Money:
    """Return what some minutes of a visit cost; the odd part of a penny stays with the person."""
    assert 0 <= minutes <= of_minutes, "nobody is paid for more than was ordered"
    return Money(amount.pence * minutes // of_minutes)


def answer_by(at: datetime, *, days: int) -> date:
    """Return the last day to answer something said now: so many working days later."""
    return working_day_after(local_day(at), days)


def is_silent(due_on: date | None, *, at: datetime) -> bool:
    """Tell whether the last day to answer has gone."""
    return due_on is not None and local_day(at) > due_on


def may_query_late(settled_at: datetime, *, days: int, at: datetime) -> bool:
    """Tell whether what confirmed itself can still be queried."""
    return local_day(at) <= local_day(settled_at) + timedelta(days=days)


_KIND_WORDS: Mapping[QueryKind, str] = MappingProxyType(
    {
        QueryKind.NOT_ALL_CAME: "Not all of it came",
        QueryKind.LATE: "It was late",
        QueryKind.WRONG_WORK: "It was the wrong work",
        QueryKind.NOT_SAFE: "It was not safe",
        QueryKind.PRICE_WRONG: "The price is wrong",
        QueryKind.OTHER: "Something else",
    }
)
_REMEDY_WORDS: Mapping[Remedy, str] = MappingProxyType(
    {
        Remedy.NOTHING_DUE: "Nothing is to be paid",
        Remedy.PART_DUE: "A part is to be paid",
        Remedy.AGAIN: "It is done again, and paid for then",
    }
)
_STATE_WORDS: Mapping[DisputeState, str] = MappingProxyType(
    {
        DisputeState.ASKED: "Waiting for the provider",
        DisputeState.OFFERED: "The provider offers a part",
        DisputeState.DISAGREED: "The provider does not agree",
        DisputeState.COUNCIL: "With the council",
        DisputeState.SETTLED: "Settled",
        DisputeState.WITHDRAWN: "Taken back",
    }
)
_STEP_WORDS: Mapping[StepKind, str] = MappingProxyType(
    {
        StepKind.ASKED: "said that something is wrong",
        StepKind.ACCEPTED: "agreed to what was asked",
        StepKind.OFFERED: "made an offer",
        StepKind.DISAGREED: "did not agree",
        StepKind.TOOK_OFFER: "said yes to the offer",
        StepKind.TO_COUNCIL: "asked the council to decide",
        StepKind.PASSED_ON: "passed it on to the council, because nobody answered in time",
        StepKind.QUESTION: "asked a question",
        StepKind.WROTE: "wrote something",
        StepKind.DECIDED: "decided",
        StepKind.WITHDREW: "took it back",
    }
)
_OUTCOME_WORDS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.FULL: "All of it is paid",
        Outcome.PART: "A part is paid",
        Outcome.NOTHING: "Nothing is paid",
        Outcome.AGAIN: "It is done again",
    }
)
