"""What pages see of queries about visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.attachments import FileRow
from marketplace.kernel.money import Money
from marketplace.orders.rules.disputes import (
    DisputeState,
    Move,
    Outcome,
    QueryKind,
    Remedy,
    Side,
    StepKind,
    may_move,
)
from marketplace.orders.rules.states import NoteKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One line of the list that all three read."""

    number: int
    kind: StepKind
    side: Side
    to_side: Side | None
    who: str
    """The name, and for whom they speak."""
    words: str
    amount: Money | None
    new_at: datetime | None
    at: datetime
    file: FileRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRow:
    """One query in a list."""

    id: UUID
    visit_id: UUID
    order_number: int
    person_name: str
    provider_name: str
    what: str
    planned_at: datetime | None
    kind: QueryKind
    state: DisputeState
    stake: Money
    due_on: date | None
    asked_at: datetime
    council_since: datetime | None
    outcome: Outcome | None
    ended_by_name: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryView:
    """A query as those see it whom it concerns; ``side`` is theirs."""

    row: QueryRow
    side: Side
    order_id: UUID
    timed: bool
    by_hour: bool
    worker: str
    planned_amount: Money
    note_kind: NoteKind | None
    note: str
    noted_at: datetime | None
    words: str
    remedy: Remedy
    wanted: Money | None
    claimed: Money
    offered: Money | None
    settled: Money | None
    back: Money | None
    invoice_id: UUID | None
    invoice_number: int | None
    council_name: str
    steps: tuple[StepRow, ...]
    why_not_decide: str
    """Why this one of the council may not decide; "" for everybody else."""
    acts: bool
    """They may do more than read: buy for the person, run the store, or mediate."""

    def may(self, move: str) -> bool:
        """Tell whether the one who looks can do something now."""
        wanted = Move(move)
        whose = _WHOSE.get(wanted, frozenset(Side))
        if wanted is Move.TAKE_OFFER and self.offered is None:
            return False
        return self.acts and self.side in whose and may_move(self.row.state, wanted)


_WHOSE: Mapping[Move, frozenset[Side]] = MappingProxyType(
    {
        Move.ACCEPT: frozenset({Side.PROVIDER}),
        Move.OFFER: frozenset({Side.PROVIDER}),
        Move.DISAGREE: frozenset({Side.PROVIDER}),
        Move.TAKE_OFFER: frozenset({Side.PERSON}),
        Move.TO_COUNCIL: frozenset({Side.PERSON}),
        Move.WITHDRAW: frozenset({Side.PERSON}),
        Move.QUESTION: frozenset({Side.COUNCIL}),
        Move.DECIDE: frozenset({Side.COUNCIL}),
    }
)
