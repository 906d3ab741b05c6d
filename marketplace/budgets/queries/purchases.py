"""Reading what was bought outside the market."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, HoldShare, Purchase, PurchasePicture
from marketplace.budgets.rules import Funder
from marketplace.budgets.rules.purchases import CHANGES_FOR
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money

LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """Something bought outside the market."""

    id: UUID
    amount: Money
    not_covered: Money
    what: str
    category: str
    outcome_id: UUID | None
    outcome: str
    paid_on: date
    line_id: UUID | None
    outside: tuple[str, ...]
    picture_id: UUID | None
    replaces_id: UUID | None
    recorded_by_name: str
    recorded_at: datetime
    ended_at: datetime | None
    ended_by_name: str

    @property
    def covered(self) -> Money:
        """What the money here paid of it."""
        return self.amount - self.not_covered

    def may_change(self, at: datetime) -> bool:
        """Tell whether it can still be put right or taken out."""
        return self.ended_at is None and at - self.recorded_at <= CHANGES_FOR


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture as it is sent to a browser."""

    content: bytes
    media_type: str


_NAMES = tuple(PurchaseRow.__slots__)
_COLUMNS = tuple(getattr(Purchase, name) for name in _NAMES)


def purchase(session: Session, *, purchase_id: UUID, person_id: UUID) -> PurchaseRow:
    """Return one thing a person bought outside the market.

    Raises:
        NotFoundError: they have no such purchase.
    """
    found = _rows(
        session,
        select(*_COLUMNS).where(Purchase.id == purchase_id, Purchase.person_id == person_id),
    )
    if not found:
        raise NotFoundError
    return found[0]


def purchases_of(
    session: Session, *, person_id: UUID, page: int = 1
) -> tuple[list[PurchaseRow], bool]:
    """Return one page of what a person bought outside, the last first, and whether there is more.

    What was put right or taken out is left out; the page of what replaced it leads to it.
    """
    rows = _rows(
        session,
        select(*_COLUMNS)
        .where(Purchase.person_id == person_id, Purchase.ended_at.is_(None))
        .order_by(Purchase.paid_on.desc(), Purchase.recorded_at.desc(), Purchase.id)
        .limit(LISTED + 1)
        .offset((page - 1) * LISTED),
    )
    return rows[:LISTED], len(rows) > LISTED


def outside_purchases(session: Session, *, council_id: UUID, person_id: UUID) -> list[PurchaseRow]:
    """Return what a person bought that was outside a limit or rule, as their council sees it.

    Only what the council's own money paid some of, the last ten.
    """
    theirs = exists().where(
        HoldShare.hold_id == Purchase.id,
        FundingLine.id == HoldShare.line_id,
        FundingLine.council_id == council_id,
        FundingLine.funder.not_in([funder for funder in Funder if funder.is_private]),
    )
    rows = _rows(
        session,
        select(*_COLUMNS)
        .where(
            Purchase.person_id == person_id,
            Purchase.council_id == council_id,
            Purchase.ended_at.is_(None),
            theirs,
        )
        .order_by(Purchase.recorded_at.desc(), Purchase.id)
        .limit(10 * LISTED),
    )
    return [row for row in rows if row.outside][:10]


def purchase_picture(session: Session, *, purchase_id: UUID, person_id: UUID) -> PictureRow:
    """Return the photo of a receipt.

    Raises:
        NotFoundError: the person has no such purchase, or it has no photo.
    """
    found = session.execute(
        select(PurchasePicture.content, PurchasePicture.media_type)
        .join(Purchase, Purchase.picture_id == PurchasePicture.id)
        .where(Purchase.id == purchase_id, Purchase.person_id == person_id)
    ).first()
    if found is None:
        raise NotFoundError
    return PictureRow(*found)


def _rows(session: Session, statement: Select[*tuple[object, ...]]) -> list[PurchaseRow]:
    return [_row(row) for row in session.execute(statement)]


def _row(values: Sequence[object]) -> PurchaseRow:
    named = dict(zip(_NAMES, values, strict=True))
    return PurchaseRow(**{**named, "outside": tuple(named["outside"])})  # type: ignore[arg-type]
