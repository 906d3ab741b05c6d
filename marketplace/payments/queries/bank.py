"""Bank accounts, references and statements, as people and finance officers see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.councils import queries as councils
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money, total
from marketplace.kernel.paging import PAGE_SIZE, Page
from marketplace.payments.models import (
    BankStatement,
    BankStatementLine,
    CouncilBank,
    PayReference,
)
from marketplace.payments.rules import (
    BankAccount,
    LineState,
    Skipped,
    StatementState,
    heads_in,
    is_reference,
    nearly_in,
    references_in,
    written,
)

AT_ONCE = 500
"""How many references are looked up with one statement."""


@dataclass(frozen=True, slots=True)
class BankRow:
    """The account into which people pay a council's market."""

    council_id: UUID
    council_name: str
    account_name: str
    account: BankAccount
    set_by_name: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class HowToPay:
    """How to pay by bank transfer: into which account, and with which reference."""

    council_name: str
    account_name: str
    sort_code: str
    account_number: str
    reference: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose reference it is, and which of their lines it pays into."""

    person_id: UUID
    person_name: str
    by_family: bool
    reference: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of the list of statements."""

    id: UUID
    name: str
    state: StatementState
    uploaded_by_name: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A payment that came into a council's account."""

    id: UUID
    statement_id: UUID
    number: int
    booked_on: date
    amount: Money
    words: str
    payer: str
    state: LineState
    note: str
    person_name: str
    by_family: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """A statement with its lines."""

    id: UUID
    name: str
    state: StatementState
    names_account: bool
    went_out: int
    uploaded_by_name: str
    uploaded_at: datetime
    posted_by_name: str | None
    posted_at: datetime | None
    skipped: tuple[Skipped, ...]
    lines: tuple[LineRow, ...]

    @property
    def ready(self) -> list[LineRow]:
        """The payments that have a right reference and are not booked yet."""
        return [line for line in self.lines if line.state is LineState.MATCHED]

    @property
    def waiting(self) -> list[LineRow]:
        """The payments of which a human must say whose they are."""
        return [line for line in self.lines if line.state is LineState.OPEN]

    @property
    def ready_amount(self) -> Money:
        """What the payments with a right reference bring together."""
        return total(line.amount for line in self.ready)

    @property
    def amount(self) -> Money:
        """All the money that came in with it."""
        return total(line.amount for line in self.lines)


def find_bank(session: Session, *, council_id: UUID) -> BankRow | None:
    """Return a council's account, if it has said which."""
    found = session.get(CouncilBank, council_id)
    if found is None:
        return None
    return BankRow(
        council_id,
        councils.council(session, council_id=council_id).name,
        found.account_name,
        BankAccount(found.sort_code, found.account_number),
        found.set_by_name,
        found.set_at,
    )


def find_how_to_pay(
    session: Session, *, person_id: UUID, council_id: UUID, by_family: bool
) -> HowToPay | None:
    """Return how to pay by transfer; None if the account or the reference is not made yet."""
    bank = find_bank(session, council_id=council_id)
    reference = session.scalar(
        select(PayReference.reference).where(
            PayReference.person_id == person_id,
            PayReference.council_id == council_id,
            PayReference.by_family == by_family,
        )
    )
    if bank is None or reference is None:
        return None
    code = bank.account.sort_code
    return HowToPay(
        bank.council_name,
        bank.account_name,
        f"{code[:2]}-{code[2:4]}-{code[4:]}",
        bank.account.account_number,
        written(reference),
    )


def owners_of(session: Session, references: Iterable[str], *, council_id: UUID) -> dict[str, Owner]:
    """Return whose some references are, of those that pay into one council's account."""
    wanted = sorted(set(references))
    found: dict[str, Owner] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = session.execute(
            select(PayReference.reference, PayReference.person_id, PayReference.by_family).where(
                PayReference.reference.in_(wanted[start : start + AT_ONCE]),
                PayReference.council_id == council_id,
            )
        ).all()
        names = access.names_of(session, user_ids=[row.person_id for row in rows])
        for reference, person_id, by_family in rows:
            name = names[person_id]
            found[reference] = Owner(person_id, name, by_family, written(reference))
    return found


def statements(session: Session, *, council_id: UUID, page: int = 1) -> Page[StatementRow]:
    """Return one page of a council's statements, newest first."""
    mine = BankStatement.council_id == council_id
    rows = session.execute(
        select(*(getattr(BankStatement, name) for name in StatementRow.__slots__))
        .where(mine)
        .order_by(BankStatement.uploaded_at.desc(), BankStatement.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = session.scalar(select(func.count()).select_from(BankStatement).where(mine)) or 0
    return Page([StatementRow(*row) for row in rows], page, count)


def statement_for(session: Session, *, statement_id: UUID, seen_by: Actor) -> StatementView:
    """Return a statement of one's own council.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(BankStatement, statement_id)
    if found is None or found.council_id != seen_by.works_for:
        raise NotFoundError
    rows = session.scalars(
        select(BankStatementLine)
        .where(BankStatementLine.statement_id == statement_id)
        .order_by(BankStatementLine.number, BankStatementLine.id)
    ).all()
    plain = [name for name in StatementView.__slots__ if name not in {"skipped", "lines"}]
    return StatementView(
        **{name: getattr(found, name) for name in plain},
        skipped=tuple(Skipped(number, why) for number, why, *_ in found.skipped),
        lines=tuple(_lines(session, rows)),
    )


def open_lines(session: Session, *, council_id: UUID, page: int = 1) -> Page[LineRow]:
    """Return one page of the payments of which a human must say whose they are, oldest first."""
    mine = (
        BankStatementLine.council_id == council_id,
        BankStatementLine.state == LineState.OPEN,
        BankStatement.state == StatementState.POSTED,
    )
    joined = BankStatement.id == BankStatementLine.statement_id
    rows = session.scalars(
        select(BankStatementLine)
        .join(BankStatement, joined)
        .where(*mine)
        .order_by(BankStatementLine.booked_on, BankStatementLine.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    count = session.scalar(
        select(func.count()).select_from(BankStatementLine).join(BankStatement, joined).where(*mine)
    )
    return Page(_lines(session, rows), page, count or 0)


def line_for(session: Session, *, line_id: UUID, seen_by: Actor) -> LineRow:
    """Return a payment that came into one's own council's account.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(BankStatementLine, line_id)
    if found is None or found.council_id != seen_by.works_for:
        raise NotFoundError
    return _lines(session, [found])[0]


def suggestions(session: Session, line: LineRow, *, council_id: UUID) -> list[Owner]:
    """Return whose a payment may be: the right references in its words, then those nearly right."""
    text = f"{line.words} {line.payer}"
    ordered = [*references_in(text), *nearly_in(text)]
    owners = owners_of(session, ordered, council_id=council_id)
    return [owners[reference] for reference in dict.fromkeys(ordered) if reference in owners]


def owner_typed(session: Session, typed: str, *, council_id: UUID) -> Owner | None:
    """Return whom a finance officer means: by a reference, or by the e-mail address of a person."""
    bare = "".join(each for each in typed.upper() if each.isalnum())
    if is_reference(bare):
        return owners_of(session, [bare], council_id=council_id).get(bare)
    person = access.find_person_by_email(session, email=typed)
    if person is None or not councils.belongs(session, council_id=council_id, person_id=person.id):
        return None
    return Owner(person.id, person.name, by_family=False, reference="")


def lines_to_post(session: Session, *, limit: int, statement_id: UUID | None = None) -> list[UUID]:
    """Return payments with a right reference, of statements that were taken in, not booked yet."""
    rows = (
        select(BankStatementLine.id)
        .join(BankStatement, BankStatement.id == BankStatementLine.statement_id)
        .where(
            BankStatementLine.state == LineState.MATCHED,
            BankStatement.state == StatementState.POSTED,
        )
        .order_by(BankStatementLine.statement_id, BankStatementLine.number, BankStatementLine.id)
        .limit(limit)
    )
    if statement_id is not None:
        rows = rows.where(BankStatementLine.statement_id == statement_id)
    return list(session.scalars(rows))


def _lines(session: Session, rows: Sequence[BankStatementLine]) -> list[LineRow]:
    names = access.names_of(session, user_ids=[row.person_id for row in rows])
    plain = [name for name in LineRow.__slots__ if name != "person_name"]
    return [
        LineRow(
            **{name: getattr(row, name) for name in plain},
            person_name=names[row.person_id] if row.person_id else "",
        )
        for row in rows
    ]


def heads_of(session: Session, *, statement_id: UUID, seen_by: Actor) -> tuple[str, ...]:
    """Return the heads of the columns of a file that waits for somebody to say what they hold.

    Raises:
        NotFoundError: there is no such file in this council, or its columns are known.
    """
    found = session.get(BankStatement, statement_id)
    if found is None or found.council_id != seen_by.works_for or found.content is None:
        raise NotFoundError
    return heads_in(found.content)
