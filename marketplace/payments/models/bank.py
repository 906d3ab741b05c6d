"""The tables of money that is paid in by bank transfer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.kernel.money import Money
from marketplace.payments.models.runs import PaymentItem, PaymentRun
from marketplace.payments.rules import LineState, OutKind, OutState, StatementState


class CouncilBank(Model):
    """The account into which people pay a council's market, and how its files look. Id = council.

    Its row is what officers who take statements in take turns on.
    """

    __tablename__ = "payment_council_banks"

    sort_code: Mapped[str]
    account_number: Mapped[str]
    account_name: Mapped[str]
    service_user: Mapped[str | None]
    """The six digits that Bacs knows the council by; None: it does not send Bacs files."""
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Which column of the bank's CSV holds what; empty until somebody had to say."""
    set_by_name: Mapped[str]
    set_at: Mapped[datetime]


class PayReference(Model):
    """What a person, or their family, writes on a bank transfer to one council's account."""

    __tablename__ = "payment_references"
    __table_args__ = (
        UniqueConstraint("reference"),
        UniqueConstraint("person_id", "council_id", "by_family"),
    )

    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    by_family: Mapped[bool]
    reference: Mapped[str]
    made_at: Mapped[datetime]


class BankStatement(Model):
    """A file of the bank that a finance officer uploaded."""

    __tablename__ = "payment_statements"
    __table_args__ = (
        UniqueConstraint("council_id", "digest"),
        CheckConstraint("(state = 'columns') = (content IS NOT NULL)", name="content_until_read"),
        CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name="posted"),
        Index("ix_payment_statements_council_id_uploaded_at", "council_id", "uploaded_at"),
    )

    council_id: Mapped[UUID]
    name: Mapped[str]
    digest: Mapped[str]
    state: Mapped[StatementState]
    content: Mapped[bytes | None]
    """Kept only until somebody has said what its columns hold."""
    names_account: Mapped[bool]
    went_out: Mapped[int]
    opening: Mapped[Money | None] = mapped_column("opening_pence")
    """What was in the account before; None if the file does not say."""
    closing: Mapped[Money | None] = mapped_column("closing_pence")
    file_in: Mapped[Money | None] = mapped_column("file_in_pence")
    """All that came in, as the file says; None until it is read."""
    file_out: Mapped[Money | None] = mapped_column("file_out_pence")
    skipped: Mapped[list[Any]] = mapped_column(JSON)
    """A line's number, why it was left out, and in which file it waits, if it does in one."""
    uploaded_by_id: Mapped[UUID]
    uploaded_by_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    posted_by_id: Mapped[UUID | None]
    posted_by_name: Mapped[str | None]
    posted_at: Mapped[datetime | None]


class BankStatementLine(Model):
    """Money that came into a council's account: each payment once, in however many files."""

    __tablename__ = "payment_statement_lines"
    __table_args__ = (
        UniqueConstraint(
            "account",
            "booked_on",
            "amount_pence",
            "bank_reference",
            "occurrence",
            name="uq_payment_statement_lines_occurrence",
        ),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("occurrence > 0", name="occurrence_positive"),
        CheckConstraint("state <> 'matched' OR person_id IS NOT NULL", name="matched_to_somebody"),
        CheckConstraint("(state = 'posted') = (line_id IS NOT NULL)", name="posted_into_a_line"),
        Index("ix_payment_statement_lines_statement_id", "statement_id", "number"),
        Index("ix_payment_statement_lines_council_id", "council_id", "state"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey(BankStatement.id))
    council_id: Mapped[UUID]
    account: Mapped[str]
    number: Mapped[int]
    booked_on: Mapped[date]
    amount: Mapped[Money] = mapped_column("amount_pence")
    words: Mapped[str]
    payer: Mapped[str]
    bank_reference: Mapped[str]
    occurrence: Mapped[int]
    """Which of several that look the same it is, from 1."""
    note: Mapped[str]
    """Why a human must look at it; why it is not ours."""
    state: Mapped[LineState]
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    by_family: Mapped[bool]
    line_id: Mapped[UUID | None]
    undone: Mapped[int] = mapped_column(default=0)
    """How often it was paid in for somebody whose it was not, and taken back."""
    done_by_id: Mapped[UUID | None]
    done_by_name: Mapped[str | None]
    done_at: Mapped[datetime | None]

    @property
    def ledger_key(self) -> str:
        """What its newest movement is called in the ledger."""
        again = f"/{self.undone}" if self.undone else ""
        return f"bank/{self.id}{again}"


class BankOutLine(Model):
    """Money that left a council's account, or came back to it: each line once."""

    __tablename__ = "payment_out_lines"
    __table_args__ = (
        UniqueConstraint(
            "council_id",
            "account",
            "kind",
            "booked_on",
            "amount_pence",
            "bank_reference",
            "occurrence",
            name="uq_payment_out_lines_occurrence",
        ),
        UniqueConstraint("item_id", "kind"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("occurrence > 0", name="occurrence_positive"),
        CheckConstraint(
            "(state IN ('matched', 'posted')) = (item_id IS NOT NULL OR run_id IS NOT NULL)",
            name="for_a_payment",
        ),
        CheckConstraint("item_id IS NULL OR run_id IS NULL", name="one_or_a_run"),
        CheckConstraint("state <> 'not_ours' OR note <> ''", name="not_ours_with_reason"),
        Index("ix_payment_out_lines_statement_id", "statement_id", "number"),
        Index("ix_payment_out_lines_council_id", "council_id", "state"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey(BankStatement.id))
    council_id: Mapped[UUID]
    account: Mapped[str]
    kind: Mapped[OutKind]
    number: Mapped[int]
    booked_on: Mapped[date]
    amount: Mapped[Money] = mapped_column("amount_pence")
    words: Mapped[str]
    payee: Mapped[str]
    bank_reference: Mapped[str]
    occurrence: Mapped[int]
    why: Mapped[str]
    """Why the bank sent it back."""
    note: Mapped[str]
    """Why a human must look at it; why it is not ours."""
    state: Mapped[OutState]
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey(PaymentItem.id))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey(PaymentRun.id), index=True)
    """A whole run, where the bank writes one line for all of it."""
    done_by_id: Mapped[UUID | None]
    done_by_name: Mapped[str | None]
    done_at: Mapped[datetime | None]
