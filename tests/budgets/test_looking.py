"""What an engine sees in its own words is what everybody else sees, and a change is noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.budgets import commands, queries
from marketplace.budgets.adapters.books import Look, Seen
from marketplace.budgets.adapters.postgresql import PostgresBooks
from marketplace.budgets.adapters.sqlite import SqliteBooks
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.commands.holding import Deed, decided, write
from marketplace.budgets.commands.holding import look as look_for
from marketplace.budgets.rules import (
    Funder,
    Holder,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Pot,
)
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(days=9)
"""In another day, week and month's half, and the same four weeks."""


def limits(make: Make) -> list[NewLimit]:
    """Return one limit of each kind there is."""
    meals = {"narrowed": Narrowing.CATEGORY, "narrowed_to": ("meals", "company"), "about": "food"}
    return [
        *(make.limit(Money(90_00), window=window) for window in LimitWindow),
        make.limit(Money(80_00), window=LimitWindow.WEEK, kind=LimitKind.ASK),
        replace(make.limit(Money(70_00), window=LimitWindow.MONTH), **meals),  # type: ignore[arg-type]
        replace(make.limit(ZERO), **meals, others=True),  # type: ignore[arg-type]
        NewLimit(window=LimitWindow.FOUR_WEEKS, measure=Measure.COUNT, count_max=9, reason="Nine."),
    ]


def someone(make: Make) -> Funded:
    """Return a person with two lines, many limits, and something spent."""
    funded = make.funded_person(limits=limits(make))
    make.line(
        person=funded.person,
        practitioner=funded.practitioner,
        funder=Funder.SHORT_BREAKS,
        holder=Holder.COUNCIL_MANAGED,
        instalment=Money(40_00),
    )
    make.hold(funded, Money(12_00))
    return funded


def look(session: Session, funded: Funded, at: object = PAID_IN) -> Seen:
    """Look at somebody's wallet in the engine's own words."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    books = SqliteBooks() if sqlite else PostgresBooks()
    when = LATER if at is LATER else PAID_IN
    wish = Look(
        person_id=funded.id,
        order_id=UUID(int=1),
        by_user_id=funded.id,
        day=local_day(when),
        at=when,
    )
    return books.look(session, wish, locked=False)


def without_words(pot: Pot) -> Pot:
    """Return a pot with its numbers alone."""
    wordless = (
        replace(limit, reason="", set_by_name="", about="", asks_name="") for limit in pot.limits
    )
    by_id = tuple(sorted(wordless, key=lambda limit: limit.id))
    may_buy = replace(pot.may_buy, only_words="")
    return replace(pot, label="", next_instalment=None, limits=by_id, may_buy=may_buy)


class TestLook:
    @pytest.mark.parametrize("at", [PAID_IN, LATER])
    def test_sees_what_the_pages_see(self, session: Session, make: Make, at: object) -> None:
        funded = someone(make)

        seen = look(session, funded, at)

        when = LATER if at is LATER else PAID_IN
        pots = queries.pots_of(session, person_id=funded.id, at=when)
        assert [without_words(pot) for pot in seen.pots] == [without_words(pot) for pot in pots]
        assert len(seen.pots[0].limits) == len(limits(make))
        assert seen.authority is not None
        assert (seen.authority.may_pay, seen.has_hold) == (True, False)


class TestWrite:
    def test_of_what_has_changed_since_it_was_seen_is_refused(
        self, session: Session, make: Make
    ) -> None:
        if session.get_bind().dialect.name == "sqlite":
            return  # whoever writes there is alone
        funded = make.funded_person()
        spend = make.spend(Money(30_00), council_id=funded.council_id)
        changes: list[Callable[[], object]] = [
            lambda: make.hold(funded, Money(80_00)),
            lambda: commands.set_limit(
                session,
                line_id=funded.line_id,
                limit=make.limit(Money(90_00)),
                by=funded.practitioner,
                at=PAID_IN,
            ),
            lambda: commands.pay_in(
                session,
                line_id=funded.line_id,
                key=str(uuid4()),
                amount=Money(1),
                why=commands.PayIn.CARD,
                by_user_id=None,
                at=PAID_IN,
            ),
        ]
        for change in changes[::-1]:
            deed = Deed(what="held", key="k", person_id=funded.id, by=funded.person, at=PAID_IN)
            seen = look_for(session, spend, deed, locked=False)
            decision = decided(session, spend, seen, deed)
            assert decision is not None
            change()

            written = write(session, decision[0], seen, deed, requests=[], hold=None)

            assert not written
            assert queries.find_hold(session, order_id=spend.order_id) is None
