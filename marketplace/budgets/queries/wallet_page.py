"""What stands on the wallet page beside the lines, read together: pages of money are fast."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    String,
    Uuid,
    bindparam,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from marketplace.budgets.models import (
    Clawback,
    ClawbackDecision,
    FundingLine,
    Outcome,
    SpendRequest,
    SpentWeek,
)
from marketplace.budgets.queries.forecast import forecast_from, forecast_of_line, this_monday
from marketplace.budgets.queries.lines import WalletView, asked_for_lines, lines_in, wallet_of
from marketplace.budgets.queries.people import OutcomeRow
from marketplace.budgets.queries.requests import OF_PERSON, TOLD_FOR
from marketplace.budgets.queries.statement import LATELY, LatelyRow, lately_in
from marketplace.budgets.rules import Funder
from marketplace.budgets.rules.forecast import WEEKS_LOOKED_AT, Forecast
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money, total
from marketplace.kernel.ready import Asked, Kept, Ready, Row
from marketplace.wallet import queries as ledger


@dataclass(frozen=True, slots=True)
class SetAside:
    """Money of a closed line that is set aside still, until its orders are done."""

    line_id: UUID
    label: str
    amount: Money


@dataclass(frozen=True, slots=True)
class WalletPage:
    """Everything that the wallet page shows of a person's money."""

    money: WalletView
    outcomes: tuple[OutcomeRow, ...]
    forecast: Forecast
    lasts: tuple[Forecast, ...]
    """How long the money of each line lasts, in the lines' sequence."""
    lately: tuple[LatelyRow, ...]
    set_aside: tuple[SetAside, ...]
    """What is set aside with money that is closed or was handed on; ``money`` counts it too."""
    clawbacks: tuple[UUID, ...]
    """Notices of money that a council wants back, which nobody has decided."""
    has_requests: bool
    """Something was asked for that waits, may be used, or was lately turned down."""


_HELD = ledger.balance_in(FundingLine.held_account_id)
_person = bindparam("person_id", type_=Uuid())
_BESIDE = Ready(
    union_all(
        select(
            literal("outcome").label("what"),
            Outcome.id.label("id"),
            Outcome.sentence.label("words"),
            cast(null(), Date).label("day"),
            cast(Outcome.sort, BigInteger).label("number"),
        ).where(Outcome.person_id == _person, Outcome.ended_at.is_(None)),
        select(
            literal("week"),
            cast(null(), Uuid),
            cast(literal(""), String),
            SpentWeek.starts_on,
            SpentWeek.__table__.c.spent_pence,
        ).where(
            SpentWeek.person_id == _person,
            SpentWeek.starts_on >= bindparam("since", type_=Date()),
        ),
        select(
            literal("clawback"),
            Clawback.id,
            cast(literal(""), String),
            cast(null(), Date),
            cast(literal(0), BigInteger),
        ).where(
            Clawback.person_id == _person,
            ~exists().where(ClawbackDecision.clawback_id == Clawback.id),
        ),
        select(
            literal("request"),
            SpendRequest.id,
            cast(literal(""), String),
            cast(null(), Date),
            cast(literal(0), BigInteger),
        ).where(*OF_PERSON),
        select(
            literal("set aside"),
            FundingLine.id,
            cast(FundingLine.funder, String),
            cast(null(), Date),
            cast(_HELD, BigInteger),
        ).where(
            FundingLine.person_id == _person,
            FundingLine.pool_id.is_(None),
            FundingLine.closed_at.is_not(None),
            _HELD > ZERO,
        ),
    )
)


def asked_for_wallet_page(person_id: UUID, at: datetime) -> tuple[Asked, ...]:
    """Return the four statements of the wallet page, which are as many however much there is."""
    day = local_day(at)
    since = this_monday(at) - WEEKS_LOOKED_AT * timedelta(days=7)
    # Who asks twice within a minute asks the same. It only tells whether there are any requests.
    now = at.replace(second=0, microsecond=0)
    beside = {"person_id": person_id, "since": since, "now": now, "lately": now - TOLD_FOR}
    return (
        *asked_for_lines(person_id, day),
        (_BESIDE, beside),
        (LATELY, {"person_id": person_id}),
    )


def wallet_page(session: Session, *, person_id: UUID, at: datetime) -> WalletPage:
    """Return what the wallet page shows."""
    asked = asked_for_wallet_page(person_id, at)
    return _PAGES.of(session, (person_id, local_day(at)), *asked)


def _made(whose_and_when: tuple[UUID, date], found: Sequence[list[Row]]) -> WalletPage:
    person_id, day = whose_and_when
    line_rows, limit_rows, beside_rows, lately_rows = found
    money = wallet_of(lines_in(line_rows, limit_rows, person_id=person_id, day=day))
    outcomes: list[tuple[int, OutcomeRow]] = []
    weeks: list[tuple[date, Money]] = []
    clawbacks: list[UUID] = []
    set_aside: list[SetAside] = []
    has_requests = False
    for what, row_id, words, starts_on, number in beside_rows:
        if what == "outcome":
            outcomes.append((int(number), OutcomeRow(row_id, words)))
        elif what == "week":
            weeks.append((starts_on, Money(number)))
        elif what == "set aside":
            set_aside.append(SetAside(row_id, Funder(words).label, Money(number)))
        elif what == "clawback":
            clawbacks.append(row_id)
        else:
            has_requests = True
    outcomes.sort(key=lambda pair: (pair[0], pair[1].id))
    return WalletPage(
        money=replace(money, held=total([money.held, *(one.amount for one in set_aside)])),
        outcomes=tuple(outcome for _, outcome in outcomes),
        forecast=forecast_from(weeks, money.lines, today=day),
        lasts=tuple([forecast_of_line(line, today=day) for line in money.lines]),
        lately=tuple(lately_in(lately_rows)) if money.lines else (),
        set_aside=tuple(set_aside),
        clawbacks=tuple(clawbacks),
        has_requests=has_requests,
    )


_PAGES = Kept(_made, most=200)
"""People look at their money again and again, and it has not changed: then nothing is made anew."""
