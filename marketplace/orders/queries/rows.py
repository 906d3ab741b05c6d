"""What pages see of orders, visits and invoices."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from marketplace.kernel.money import ZERO, Money
from marketplace.orders.rules import (
    NO_VAT,
    InvoiceKind,
    NoteKind,
    OrderState,
    Treatment,
    VatSum,
    Verdict,
    VisitState,
    add_up,
    line_words,
    vat_sums,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One line of a list of orders."""

    id: UUID
    number: int
    person_id: UUID
    person_name: str
    provider_id: UUID
    provider_name: str
    titles: tuple[str, ...]
    state: OrderState
    total: Money
    placed_at: datetime
    placed_by_id: UUID
    placed_by_name: str
    first_at: datetime | None
    to_confirm: int
    """How many visits wait to be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit, as both sides see it."""

    id: UUID
    order_id: UUID
    line_id: UUID
    number: int
    title: str
    what: str
    """Gardening, 2 hours."""
    planned_at: datetime | None
    amount: Money
    worker: str
    state: VisitState
    note_kind: NoteKind | None
    due: Money | None
    note: str
    noted_at: datetime | None
    query: str
    settled_at: datetime | None
    settled_by_silence: bool
    late_share: Money
    """What calling it off now would cost the person."""
    may_be_noted: bool
    """Its day has come."""
    timed: bool = True
    """A time of day was agreed, and not only the day."""
    length: str = ""
    """How long it was, in words, if only part of it happened."""
    began_at: datetime | None = None
    """When it was; it may have been at another time than planned."""
    arrived_at: datetime | None = None
    arrived_said_at: datetime | None = None
    """When the worker arrived by the clock of their phone, if it had no network then."""
    left_at: datetime | None = None
    left_said_at: datetime | None = None
    can_undo: bool = False
    """The note was sent a moment ago, and the provider can take it back."""
    can_put_right: bool = False
    """The note gave the money back, lately, and the provider can say something else instead."""
    photo_alt: str = ""
    """What the picture with the note shows; "" if there is none."""
    confirms_on: date | None = None
    """The day on which it confirms itself if nobody says anything, at the earliest."""

    @property
    def moved(self) -> bool:
        """Tell whether it was at another time than planned."""
        return self.began_at is not None and self.began_at != self.planned_at

    @property
    def is_open(self) -> bool:
        """Tell whether the person can answer the provider's note."""
        return self.state is VisitState.NOTED


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One offer in an order."""

    id: UUID
    offer_id: UUID
    title: str
    category: str
    unit: str
    quantity: int
    visits: int
    price: str
    """£15.00 an hour, £18.00 in the evening."""
    total: Money
    outcome: str
    worker_wish: str
    notice_hours: int
    late_cancel_percent: int
    note: str
    language_wish: str = ""
    gender_wish: str = ""
    choice: str = ""

    @property
    def what(self) -> str:
        """The line in words: Gardening, 2 hours."""
        return line_words(self.title, self.unit, self.quantity, self.choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened to an order."""

    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One paper in a list."""

    id: UUID
    number: int
    kind: InvoiceKind
    total: Money
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """One yes or no, as the circle sees it."""

    user_id: UUID
    user_name: str
    verdict: Verdict
    words: str
    knowing: str
    """Who earns from the order, as they were told when they said yes."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order, as those see it whom it concerns."""

    id: UUID
    number: int
    person_id: UUID
    person_name: str
    provider_id: UUID
    provider_name: str
    council_id: UUID
    state: OrderState
    total: Money
    placed_by_id: UUID
    placed_by_name: str
    placed_at: datetime
    approved_by_id: UUID | None
    approved_by_name: str | None
    decided_at: datetime | None
    completed_at: datetime | None
    reason: str
    change_line_id: UUID | None
    change_first_at: datetime | None
    lines: tuple[LineRow, ...]
    visits: tuple[VisitRow, ...]
    happened: tuple[Happened, ...]
    invoices: tuple[InvoiceRow, ...]
    conflict: str
    """Who near the person earns from it, as it was known when it was ordered."""
    needs_own_yes: bool
    standing_id: UUID | None = None
    """The standing order it is a week of."""
    workers_this_month: tuple[str, ...] = ()
    """Who came, or is to come, from this provider in this month."""
    workers_last_month: tuple[str, ...] = ()
    pool_id: UUID | None = None
    pool_name: str = ""
    """The pool that pays; a provider is not told."""
    approvals: tuple[ApprovalRow, ...] = ()
    """Every yes and no, as the person and their circle see it; a provider sees none."""
    missing: str = ""
    """What a suggested order still waits for; "" if nobody is missing."""
    one_missing: bool = False
    """The next yes places it."""
    stuck: bool = False
    """Nobody is left who could say the yes that is missing."""

    @property
    def by_supporter(self) -> bool:
        """Tell whether somebody else placed or suggested it for the person."""
        return self.placed_by_id != self.person_id

    @property
    def to_confirm(self) -> tuple[VisitRow, ...]:
        """The visits the person has not answered for."""
        return tuple(visit for visit in self.visits if visit.is_open)

    @property
    def late_share(self) -> Money:
        """What calling off all that is still to come would cost the person."""
        if self.state is not OrderState.ACCEPTED:
            return ZERO
        return add_up(
            visit.late_share for visit in self.visits if visit.state is VisitState.PLANNED
        )

    @property
    def can_cancel(self) -> bool:
        """Tell whether there is anything to call off."""
        if self.state in {OrderState.PLACED, OrderState.CHANGE_PROPOSED}:
            return True
        return self.state is OrderState.ACCEPTED and any(
            visit.state is VisitState.PLANNED for visit in self.visits
        )

    def title_of(self, line_id: UUID | None) -> str:
        """Return what a line is called."""
        return next((line.title for line in self.lines if line.id == line_id), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineRow:
    """One line of an invoice."""

    text: str
    quantity: int
    amount: Money
    unit: str = ""
    vat: Money = ZERO
    treatment: Treatment = NO_VAT

    @property
    def net(self) -> Money:
        """The amount without VAT."""
        return self.amount - self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """An invoice or credit note, as those see it whom it concerns."""

    id: UUID
    number: int
    kind: InvoiceKind
    order_id: UUID
    order_number: int
    provider_id: UUID
    person_id: UUID
    council_id: UUID
    total: Money
    issued_at: datetime
    promised_on: date
    seller: dict[str, str]
    buyer: dict[str, str]
    reason: str
    lines: tuple[InvoiceLineRow, ...]
    credits_id: UUID | None
    credits_number: int | None
    credited: Money
    """How much of it credit notes have taken back."""
    credit_notes: tuple[InvoiceRow, ...]
    agreement_id: UUID | None
    credits_issued_at: datetime | None

    @property
    def sums(self) -> list[VatSum]:
        """What it comes to by how its lines stand to VAT."""
        return vat_sums((line.amount, line.vat, line.treatment) for line in self.lines)

    @property
    def vat(self) -> Money:
        """All the VAT that is in it."""
        return add_up(line.vat for line in self.lines)

    @property
    def left(self) -> Money:
        """What is left of it."""
        return self.total - self.credited


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidInvoice:
    """An invoice or credit note for a payment run; a credit note's total is below nothing."""

    id: UUID
    provider_id: UUID
    provider_name: str
    number: int
    kind: InvoiceKind
    total: Money
    promised_on: date
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderInvoice:
    """One of a provider's own papers; a credit note's total is below nothing."""

    id: UUID
    number: int
    kind: InvoiceKind
    council_id: UUID
    total: Money
    issued_at: datetime
    promised_on: date
