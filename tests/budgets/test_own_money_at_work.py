"""Who works for a council and has money from it decides nothing about that themself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.budgets import commands
from marketplace.budgets.commands import (
    ChangeLine,
    DecideClawback,
    GiveNotice,
    OfferLine,
    OpenLine,
    TakeOver,
)
from marketplace.budgets.rules import ClawbackEnd, Funder, Holder, LimitWindow
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import Money
from tests.budgets.asking import answer, ask, limit_of
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@dataclass(frozen=True)
class Case:
    """Somebody with £100.00 from the council whose practitioner they are as well."""

    funded: Funded
    at_work: Actor
    other_council_id: UUID


@pytest.fixture
def case(make: Make) -> Case:
    """Make a practitioner who has a funding line with a limit."""
    funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])
    at_work = replace(funded.practitioner, user_id=funded.person.user_id, name=funded.person.name)
    assert at_work.role is Role.PRACTITIONER
    return Case(funded, at_work, make.council())


def opens_a_line(session: Session, case: Case) -> None:
    """Give themself more."""
    wish = OpenLine(
        line_id=uuid4(),
        person_id=case.funded.id,
        funder=Funder.ADULT_SOCIAL_CARE,
        yearly=Money(1_300_00),
        holder=Holder.DIRECT_PAYMENT,
        starts_on=date(2026, 3, 4),
    )
    commands.open_line(session, wish, by=case.at_work, at=PAID_IN)


def changes_the_amount(session: Session, case: Case) -> None:
    """Give themself more from the next instalment on."""
    change = ChangeLine.new(case.funded.line_id, "I need it.")
    commands.change_amount(session, change, yearly=Money(9_999_00), by=case.at_work, at=PAID_IN)


def goes_on_with_it_elsewhere(session: Session, case: Case) -> None:
    """Take their own line over for another council they work for as well."""
    wish = OfferLine(
        handover_id=uuid4(),
        line_id=case.funded.line_id,
        to_council_id=case.other_council_id,
        reason="They move house.",
    )
    commands.offer_line(session, wish, by=case.funded.practitioner, at=PAID_IN)
    elsewhere = replace(case.at_work, organisation_id=case.other_council_id)
    taken = TakeOver(handover_id=wish.handover_id, yearly=Money(9_999_00))
    commands.take_over(session, taken, by=elsewhere, at=PAID_IN)


def sets_a_limit(session: Session, case: Case) -> None:
    """Set themself a limit in the council's name."""
    limit = commands.NewLimit(window=LimitWindow.DAY, amount=Money(1_00), reason="To look good.")
    commands.set_limit(
        session, line_id=case.funded.line_id, limit=limit, by=case.at_work, at=PAID_IN
    )


def wants_money_back(session: Session, case: Case) -> None:
    """Ask themself for money back."""
    commands.give_notice(session, _notice(case), by=case.at_work, at=PAID_IN)


def decides_about_a_notice(session: Session, case: Case) -> None:
    """Let a notice to themself fall."""
    notice = _notice(case)
    commands.give_notice(session, notice, by=case.funded.practitioner, at=PAID_IN)
    wish = DecideClawback(
        clawback_id=notice.clawback_id, end=ClawbackEnd.WITHDRAW, reason="It is nothing."
    )
    commands.decide_clawback(session, wish, by=case.at_work, at=PAID_IN)


@pytest.mark.parametrize(
    "deed",
    [
        opens_a_line,
        changes_the_amount,
        goes_on_with_it_elsewhere,
        sets_a_limit,
        wants_money_back,
        decides_about_a_notice,
    ],
)
def test_nobody_decides_for_the_council_about_their_own_money(
    session: Session, case: Case, deed: Callable[[Session, Case], None]
) -> None:
    with pytest.raises(NotAllowedError, match="A colleague has to do it"):
        deed(session, case)


def test_nobody_lets_themself_past_the_councils_limits(
    session: Session, make: Make, case: Case
) -> None:
    seller = make.provider(name="Kettle Kitchen").works_for
    helper = make.supporter(person=case.funded.person, scopes=[Scope.PAY])
    request_id, _ = ask(session, make, case.funded, seller, by=helper)

    with pytest.raises(NotAllowedError, match="A colleague has to do it"):
        answer(session, request_id, case.at_work)
    with pytest.raises(NotAllowedError, match="A colleague has to do it"):
        commands.end_limit(
            session, limit_id=limit_of(make, case.funded), by=case.at_work, at=PAID_IN
        )
    answer(session, request_id, case.funded.practitioner)


def _notice(case: Case) -> GiveNotice:
    return GiveNotice(
        clawback_id=uuid4(),
        line_id=case.funded.line_id,
        amount=Money(10_00),
        reason="It was too much.",
        evidence="The bank statement of March.",
    )
