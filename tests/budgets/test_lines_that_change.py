"""What becomes of a line's limits, calendar and shares in pools when it changes hands."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import (
    ChangeLine,
    NewHolder,
    OfferLine,
    Share,
    TakeFromPool,
    TakeOver,
)
from marketplace.budgets.errors import BadLineError, SpendRefusedError
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import (
    Funder,
    Holder,
    LimitWindow,
    RequestState,
    Spend,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from marketplace.wallet.models import Account, Entry
from tests.budgets.asking import FORTY, answer, ask, state_of
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

WHY = "They move house."
LATER = datetime(2026, 3, 21, 9, tzinfo=UTC)


def books_fit(session: Session) -> None:
    """Assert that lines, pools and ledger fit, and that no council's money is with another."""
    assert queries.problems(session) == []
    assert ledger.problems(session) == []
    of_council = (
        select(func.sum(Entry.amount))
        .join(Account, Account.id == Entry.account_id)
        .group_by(Account.council_id)
    )
    assert set(session.scalars(of_council)) <= {Money(0)}


def change_of(funded: Funded) -> ChangeLine:
    """Return a change of somebody's line."""
    return ChangeLine.new(funded.line_id, WHY)


def handed_over(session: Session, funded: Funded, other: Actor) -> UUID:
    """Let another council go on with somebody's line, and return the new one."""
    wish = OfferLine(
        handover_id=uuid4(), line_id=funded.line_id, to_council_id=other.works_for, reason=WHY
    )
    commands.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)
    taken = TakeOver(handover_id=wish.handover_id, yearly=Money(1_300_00))
    return commands.take_over(session, taken, by=other, at=PAID_IN)


@pytest.fixture
def other(make: Make) -> Actor:
    """Return a practitioner of another council."""
    return make.practitioner(name="Owen Reed")


class TestSharesInPools:
    def test_are_of_the_funder_that_their_line_is_of(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        health = Funder.PERSONAL_HEALTH_BUDGET

        commands.change_funder(
            session, change_of(maya), funder=health, by=maya.practitioner, at=PAID_IN
        )

        [share] = queries.pool_shares_of(session, person_id=maya.id)
        assert session.get_one(FundingLine, share.line_id).funder is health
        books_fit(session)

    def test_pay_for_nothing_after_the_last_day_of_their_lines(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()
        for member in pooled.members:
            commands.change_end(
                session,
                change_of(member),
                ends_before=LATER.date(),
                by=member.practitioner,
                at=PAID_IN,
            )

        with pytest.raises(SpendRefusedError, match="nothing in the pool can be used"):
            make.pool_hold(pooled, Money(30_00), at=LATER)

    def test_keep_the_limits_of_a_line_that_was_handed_over(
        self, session: Session, make: Make, other: Actor
    ) -> None:
        limits = [make.limit(Money(30_00), window=LimitWindow.WEEK)]
        maya = make.funded_person(name="Maya Singh", limits=limits)
        sam = make.funded_person(name="Sam Hill", council_id=maya.council_id)
        pooled = make.pool(members=[maya, sam])
        handed_over(session, maya, other)

        with pytest.raises(SpendRefusedError, match="A spending limit"):
            make.pool_hold(pooled, Money(60_00), member=1)
        make.pool_hold(pooled, Money(30_00))
        books_fit(session)

    def test_go_home_to_the_council_that_goes_on_and_from_the_one_that_gave_them(
        self, session: Session, make: Make, other: Actor
    ) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        new = handed_over(session, maya, other)
        [share] = queries.pool_shares_of(session, person_id=maya.id)
        wish = TakeFromPool(
            withdrawal_id=uuid4(),
            pool_id=pooled.pool_id,
            share_id=share.line_id,
            amount=Money(10_00),
        )

        for _ in range(2):
            commands.take_from_pool(session, wish, by=maya.person, at=PAID_IN)

        line = queries.line(session, line_id=new, person_id=maya.id, at=PAID_IN)
        assert line.available == Money(50_00)
        books_fit(session)

    def test_have_no_limits_of_their_own(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        [share] = queries.pool_shares_of(session, person_id=maya.id)

        for by in (maya.person, maya.practitioner):
            with pytest.raises(NotFoundError):
                commands.set_limit(
                    session, line_id=share.line_id, limit=make.limit(), by=by, at=PAID_IN
                )

    def test_come_back_before_their_line_is_closed(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        maya = pooled.members[0]
        into = make.line(person=maya.person, practitioner=maya.practitioner)

        with pytest.raises(BadLineError, match=r"in a pool\. Ask them to take it out first"):
            commands.close_line(
                session, change_of(maya), into_id=into, by=maya.practitioner, at=PAID_IN
            )


def test_what_is_left_goes_on_to_no_line_that_has_ended(session: Session, make: Make) -> None:
    funded = make.funded_person()
    over = make.line(
        person=funded.person, practitioner=funded.practitioner, ends_before=LATER.date()
    )

    with pytest.raises(BadLineError, match="That line has ended"):
        commands.close_line(
            session, change_of(funded), into_id=over, by=funded.practitioner, at=LATER
        )


class TestWhatWasAsked:
    def test_needs_no_answer_once_its_line_was_handed_over(
        self, session: Session, make: Make, other: Actor
    ) -> None:
        funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])
        seller = make.provider(name="Kettle Kitchen").works_for
        request_id, _ = ask(session, make, funded, seller)

        handed_over(session, funded, other)

        assert queries.requests_to_answer(session, by=funded.practitioner) == []
        assert state_of(session, request_id, funded.person) is RequestState.WITHDRAWN

    def test_and_agreed_counts_with_the_council_that_goes_on_once(
        self, session: Session, make: Make, other: Actor
    ) -> None:
        funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])
        seller = make.provider(name="Kettle Kitchen").works_for
        request_id, _ = ask(session, make, funded, seller)
        answer(session, request_id, funded.practitioner)
        handed_over(session, funded, other)

        def buys() -> None:
            spend = Spend.of(
                FORTY,
                order_id=uuid4(),
                council_id=other.works_for,
                category="meals",
                provider_id=seller,
            )
            commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)

        buys()
        with pytest.raises(SpendRefusedError, match=r"Your limit of £30\.00"):
            buys()
        books_fit(session)


class TestInstalmentsOfALineThatCarriesOn:
    def test_are_not_paid_again_for_a_day_on_which_the_whole_line_was(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        trust = Share(percent=50, new=NewHolder(holder=Holder.TRUST, name="A trust"))
        [part] = commands.split_line(
            session,
            change_of(funded),
            percent=50,
            others=[trust],
            by=funded.practitioner,
            at=PAID_IN,
        )

        for ends_before in (date(2026, 3, 20), None):
            commands.change_end(
                session,
                ChangeLine.new(part, WHY),
                ends_before=ends_before,
                by=funded.practitioner,
                at=PAID_IN,
            )

        assert session.get_one(FundingLine, part).next_due_on == date(2026, 4, 1)


class TestOwnMoney:
    def test_is_not_for_the_council_to_end_split_or_give_to_somebody_else(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        own = commands.own_line(
            session, person_id=funded.id, council_id=funded.council_id, by_user_id=None, at=PAID_IN
        )
        trust, by = NewHolder(holder=Holder.TRUST, name="A trust"), funded.practitioner

        def change() -> ChangeLine:
            return ChangeLine.new(own, WHY)

        with pytest.raises(BadLineError, match="the person's own money"):
            commands.change_end(session, change(), ends_before=LATER.date(), by=by, at=PAID_IN)
        with pytest.raises(BadLineError, match="the person's own money"):
            commands.change_holder(session, change(), new=trust, by=by, at=PAID_IN)
        others = [Share(percent=50, new=trust)]
        with pytest.raises(BadLineError, match="the person's own money"):
            commands.split_line(session, change(), percent=50, others=others, by=by, at=PAID_IN)

    def test_has_no_buttons_for_it_on_the_councils_page(
        self, make: Make, sign_in: SignInAs
    ) -> None:
        funded = make.funded_person()
        with make.block() as block:
            own = commands.own_line(
                block,
                person_id=funded.id,
                council_id=funded.council_id,
                by_user_id=None,
                at=PAID_IN,
            )

        page = sign_in(funded.practitioner).get(
            "budgets.line_of_person", person_id=funded.id, line_id=own
        )

        assert "own money. They alone decide about it." in page.text
        assert "Last day" not in page.text
