"""The day on which a provider stops has come; and stores of which a council says so."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import DecideOnProvider
from marketplace.catalogue.rules import CheckState
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.errors import WrongStateError
from marketplace.orders.rules import OrderState, VisitState
from marketplace.orders.rules.stops import Standing as Where
from marketplace.orders.rules.stops import StopKind
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.orders.stopping import OVER, TODAY, going, money, page, say


class TestStopDay:
    def test_ends_what_nobody_moved_and_gives_its_money_back(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        deal = make.accepted(
            make.placed(
                funded=one.funded,
                provider=one.provider,
                first_at=PAID_IN + timedelta(days=20),
                late_cancel_percent=100,
            )
        )
        stop_id = say(make, one.provider)
        assert commands.end_stopped(session, stop_id=stop_id, at=PAID_IN) == 0

        assert queries.stops_over(session, at=OVER) == [stop_id]
        assert commands.end_stopped(session, stop_id=stop_id, at=OVER) == 2
        assert commands.end_stopped(session, stop_id=stop_id, at=OVER) == 0

        # The Tuesday before the last day was not noted yet: its money waits.
        assert money(session, one.funded) == (Money(470_00), Money(30_00))
        assert make.order(deal, at=OVER).state is OrderState.CANCELLED
        assert make.order(deal, at=OVER).visits[0].state is VisitState.RELEASED
        rows = page(session, stop_id, one.person).items
        assert {item.row.standing for item in rows} == {Where.ENDED}

    def test_tells_whoever_found_nobody_that_it_has_ended(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        stop_id = say(make, one.provider)
        (item,) = page(session, stop_id, one.person).items
        commands.say_nobody(session, item_id=item.row.id, by=one.person, at=PAID_IN)

        commands.end_stopped(session, stop_id=stop_id, at=OVER)

        told = select(Letter.to).where(Letter.subject.endswith("has stopped"))
        assert list(session.scalars(told)) == [make.email_of(one.person)]
        (item,) = page(session, stop_id, one.person).items
        assert item.row.standing is Where.NOBODY

    def test_is_not_taken_back_once_it_has_come(self, session: Session, make: Make) -> None:
        one = going(make)
        stop_id = say(make, one.provider)
        commands.end_stopped(session, stop_id=stop_id, at=OVER)

        with pytest.raises(WrongStateError, match="has gone"):
            commands.withdraw_stop(session, stop_id=stop_id, by=one.provider, at=OVER)

        assert session.query(Letter).filter(Letter.subject.contains("goes on")).count() == 0

    def test_calls_off_what_was_never_accepted(self, session: Session, make: Make) -> None:
        deal = make.placed(first_at=PAID_IN + timedelta(days=20))
        stop_id = say(make, deal.provider)

        commands.end_stopped(session, stop_id=stop_id, at=OVER)

        assert money(session, deal.funded) == (Money(100_00), ZERO)

    def test_takes_in_what_was_ordered_meanwhile(self, session: Session, make: Make) -> None:
        one = going(make)
        stop_id = say(make, one.provider, days=30)
        make.accepted(
            make.placed(
                funded=one.funded, provider=one.provider, first_at=None, late_cancel_percent=0
            )
        )

        assert commands.look_for_more(session, stop_id=stop_id, at=PAID_IN) == 1
        assert commands.look_for_more(session, stop_id=stop_id, at=PAID_IN) == 0


class TestNoticed:
    def test_a_suspended_store_is_one_that_stops_for_that_council(
        self, session: Session, make: Make
    ) -> None:
        one = going(make)
        council_id = one.funded.council_id
        make.standing(provider=one.provider, council_id=council_id)
        assert queries.stops_to_notice(session, at=PAID_IN) == []
        suspend(session, make, one.provider, council_id)

        (noticed,) = queries.stops_to_notice(session, at=PAID_IN)

        assert (noticed.kind, noticed.council_id) == (StopKind.SUSPENDED, council_id)
        assert noticed.last_on == TODAY + timedelta(days=7)
        assert commands.notice_stop(
            session,
            provider_id=noticed.provider_id,
            council_id=noticed.council_id,
            kind=noticed.kind,
            last_on=noticed.last_on,
            reason=noticed.reason,
            at=PAID_IN,
        )
        assert queries.stops_to_notice(session, at=PAID_IN) == []
        rows = queries.stops_of_council(session, council_id=council_id)
        assert [row.provider_name for row in rows] == ["Green Hands"]


def suspend(session: Session, make: Make, store: Actor, council_id: UUID) -> None:
    """Let a council suspend a store."""
    moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
    wish = DecideOnProvider(
        provider_id=store.works_for, state=CheckState.SUSPENDED, reason="Insurance has run out."
    )
    catalogue.decide_on_provider(session, wish, by=moderator, at=PAID_IN)
