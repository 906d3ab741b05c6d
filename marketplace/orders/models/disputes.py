"""Queries about visits, what each side said, and the files that came with it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.orders.models.invoices import Invoice
from marketplace.orders.models.orders import Order, Visit
from marketplace.orders.rules.disputes import (
    ENDED,
    DisputeState,
    Move,
    Outcome,
    QueryKind,
    Remedy,
    Side,
    StepKind,
    next_dispute_state,
)


class Dispute(Model):
    """Something is wrong with a visit. Until it is settled its money stays where it is."""

    __tablename__ = "order_disputes"
    __table_args__ = (
        UniqueConstraint("live_visit_id"),
        CheckConstraint(
            "(live_visit_id IS NULL) = (state IN ('settled', 'withdrawn'))", name="live"
        ),
        CheckConstraint("(live_visit_id IS NULL) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("claimed_pence BETWEEN 0 AND stake_pence", name="claimed_within_stake"),
        CheckConstraint("(remedy = 'again') = (wanted_pence IS NULL)", name="wanted"),
        CheckConstraint(
            "wanted_pence IS NULL OR wanted_pence BETWEEN 0 AND claimed_pence",
            name="wanted_within_claimed",
        ),
        CheckConstraint(
            "offered_pence IS NULL OR offered_pence BETWEEN 0 AND claimed_pence",
            name="offered_within_claimed",
        ),
        CheckConstraint(
            "settled_pence IS NULL OR settled_pence + back_pence = stake_pence", name="adds_up"
        ),
        Index("ix_order_disputes_order_id", "order_id"),
        Index("ix_order_disputes_visit_id", "visit_id"),
        Index("ix_order_disputes_invoice_id", "invoice_id"),
        Index("ix_order_disputes_person_id", "person_id"),
        Index("ix_order_disputes_provider_id", "provider_id"),
        Index("ix_order_disputes_council_id", "council_id", "state"),
        Index("ix_order_disputes_due_on", "due_on"),
        Index("ix_order_disputes_ended_at", "ended_at"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id))
    live_visit_id: Mapped[UUID | None]
    """The visit again while this is not ended: no visit has two at once."""
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey(Invoice.id))
    """The invoice, if the visit had confirmed itself and was invoiced before."""
    person_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    council_id: Mapped[UUID]
    """Whose lines pay, and who decides if the two cannot agree."""
    kind: Mapped[QueryKind]
    words: Mapped[str]
    remedy: Mapped[Remedy]
    wanted: Mapped[Money | None] = mapped_column("wanted_pence")
    """What the person says is to be paid; None if it is to be done again."""
    stake: Mapped[Money] = mapped_column("stake_pence")
    """The money in question: what is set aside for the visit, or stands on the invoice for it."""
    claimed: Mapped[Money] = mapped_column("claimed_pence")
    """What the provider said is to be paid."""
    offered: Mapped[Money | None] = mapped_column("offered_pence")
    """The provider's last offer."""
    state: Mapped[DisputeState]
    due_on: Mapped[date | None]
    """The last day to answer; after it the council is asked. None: nobody has to."""
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    council_since: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    settled: Mapped[Money | None] = mapped_column("settled_pence")
    """What is paid in the end; None while it is open, and where nothing was settled."""
    back: Mapped[Money | None] = mapped_column("back_pence")
    """What went back to the lines it came from."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None]
    ended_by_name: Mapped[str]
    last_number: Mapped[int]
    """The number of the last step."""

    def go(
        self, move: Move, *, at: datetime, by_user_id: UUID | None = None, by_name: str = ""
    ) -> None:
        """Move along, or raise WrongStateError. At the end, its visit may be queried again."""
        self.state = next_dispute_state(self.state, move)
        if self.state in ENDED:
            self.live_visit_id = self.due_on = None
            self.ended_at, self.ended_by_id, self.ended_by_name = at, by_user_id, by_name
        elif self.state is DisputeState.COUNCIL and self.council_since is None:
            self.council_since, self.due_on = at, None


class DisputeStep(Model):
    """What somebody said or did about a query: who, for whom, when. Only added to."""

    __tablename__ = "order_dispute_steps"
    __table_args__ = (UniqueConstraint("dispute_id", "number"),)

    dispute_id: Mapped[UUID] = mapped_column(ForeignKey(Dispute.id))
    number: Mapped[int]
    kind: Mapped[StepKind]
    side: Mapped[Side]
    to_side: Mapped[Side | None] = mapped_column(
        Enum(Side, native_enum=False, length=32, values_callable=list)
    )
    """Whom a question of the council is for."""
    words: Mapped[str]
    amount: Mapped[Money | None] = mapped_column("amount_pence")
    """What is to be paid, as it was asked, offered or decided."""
    new_at: Mapped[datetime | None]
    """When it is done again."""
    by_user_id: Mapped[UUID | None] = mapped_column(index=True)
    by_name: Mapped[str]
    at: Mapped[datetime]


class DisputeFile(Model):
    """A file that came with a step: a picture written anew, a PDF, or plain text."""

    __tablename__ = "order_dispute_files"
    __table_args__ = (UniqueConstraint("step_id"),)

    step_id: Mapped[UUID] = mapped_column(ForeignKey(DisputeStep.id))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
