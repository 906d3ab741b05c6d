"""What a council sees of a person's money: one query for its page and for the person's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.models import FundingLine, Hold, HoldShare, Purchase
from marketplace.budgets.models.council_views import CouncilView
from marketplace.budgets.queries.lines import LineRow, lines_of
from marketplace.budgets.rules import Funder
from marketplace.budgets.rules.council_views import Shows
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money, total

BOUGHT_MAX = 50
"""More than this is not listed of a council's money; it reads the rest in its reports."""


@dataclass(frozen=True, slots=True)
class Bought:
    """Something that was paid for."""

    on: date
    category: str
    what: str
    """From whom."""
    amount: Money


@dataclass(frozen=True, slots=True)
class OwnSpending:
    """As much of a person's own spending as a council is shown."""

    shows: Shows
    spent: Money
    categories: tuple[tuple[str, Money], ...]
    """Empty where only the total is shown."""
    lines: tuple[Bought, ...]
    """Newest first; empty unless each thing is shown."""


@dataclass(frozen=True, slots=True)
class CouncilSees:
    """All of a person's money that one council sees."""

    council_id: UUID
    council_name: str
    lines: tuple[LineRow, ...]
    """The council's own money, whole: always."""
    bought: tuple[Bought, ...]
    """The newest of what was paid for with it."""
    own: OwnSpending


def council_sees(
    session: Session, *, person_id: UUID, council_id: UUID, at: datetime
) -> CouncilSees:
    """Return what a council sees of somebody's money: what the person chose, and never more."""
    lines = lines_of(session, person_id=person_id, at=at)
    return CouncilSees(
        council_id=council_id,
        council_name=councils.council(session, council_id=council_id).name,
        lines=tuple(
            line for line in lines if line.council_id == council_id and not line.funder.is_private
        ),
        bought=tuple(_bought(session, person_id, council_id, private=False, limit=BOUGHT_MAX)),
        own=_own(session, person_id, council_id),
    )


def councils_see(session: Session, *, person_id: UUID, at: datetime) -> list[CouncilSees]:
    """Return what each council that somebody belongs to sees of their money."""
    return [
        council_sees(session, person_id=person_id, council_id=council.id, at=at)
        for council in councils.councils_of(session, person_id=person_id)
    ]


def _own(session: Session, person_id: UUID, council_id: UUID) -> OwnSpending:
    chosen = session.scalar(
        select(CouncilView.shows).where(
            CouncilView.person_id == person_id, CouncilView.council_id == council_id
        )
    )
    shows = chosen or Shows.TOTALS
    spends = _bought(session, person_id, council_id, private=True)
    in_categories = {spend.category for spend in spends}
    by_category = tuple(
        (category, total(spend.amount for spend in spends if spend.category == category))
        for category in sorted(in_categories)
    )
    return OwnSpending(
        shows=shows,
        spent=total(spend.amount for spend in spends),
        categories=() if shows is Shows.TOTALS else by_category,
        lines=tuple(spends) if shows is Shows.LINES else (),
    )


def _bought(
    session: Session,
    person_id: UUID,
    council_id: UUID,
    *,
    private: bool,
    limit: int | None = None,
) -> Sequence[Bought]:
    funders = [funder for funder in Funder if funder.is_private is private]
    rows = session.execute(
        select(
            Hold.made_at,
            Purchase.paid_on,
            HoldShare.category,
            Hold.provider_id,
            HoldShare.captured,
            HoldShare.refunded,
        )
        .join(Hold, Hold.id == HoldShare.hold_id)
        .join(FundingLine, FundingLine.id == HoldShare.line_id)
        .outerjoin(Purchase, Purchase.id == Hold.id)
        .where(
            FundingLine.person_id == person_id,
            FundingLine.council_id == council_id,
            FundingLine.funder.in_(funders),
            HoldShare.captured > HoldShare.refunded,
        )
        .order_by(Hold.made_at.desc(), HoldShare.hold_id, HoldShare.position)
        .limit(limit)
    ).all()
    names = catalogue.provider_names(
        session, provider_ids={row.provider_id for row in rows if row.provider_id}
    )
    titles = {row.slug: row.name for row in catalogue.categories(session)}
    return [
        Bought(
            on=_day(paid_on, made_at),
            category=titles.get(category, category.replace("-", " ").capitalize()),
            what=names.get(provider_id, "Elsewhere") if provider_id else "Elsewhere",
            amount=captured - refunded,
        )
        for made_at, paid_on, category, provider_id, captured, refunded in rows
    ]


def _day(paid_on: date | None, made_at: datetime) -> date:
    return paid_on or local_day(made_at)
