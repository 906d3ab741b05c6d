"""What people want to be told about money: each cause once, and nothing when it is off."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import PayIn, RecordPurchase
from marketplace.budgets.queries import AlertRow
from marketplace.budgets.rules.alerts import AlertKind, is_late, is_low, is_unusual, month_before
from marketplace.catalogue import commands as shops
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.rules import PriceBands, Unit
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import Funded

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LOW = AlertRow(AlertKind.LOW, Money(50_00), 0)
UNUSUAL = AlertRow(AlertKind.UNUSUAL, Money(50_00), 3)
PRICES = AlertRow(AlertKind.PRICE_RISE, ZERO, 0)
LATE = AlertRow(AlertKind.INSTALMENT_LATE, ZERO, 3)
MONTHLY = AlertRow(AlertKind.MONTHLY, ZERO, 0)


def told(session: Session, at: datetime) -> list[str]:
    """Look for news, twice at one instant, and return the sentences of all letters so far."""
    for _ in range(2):
        commands.tell_alerts(session, at=at)
    letters = session.scalars(
        select(Letter).where(Letter.template == "money_alert").order_by(Letter.written_at)
    )
    return [" ".join(letter.values["sentences"]) for letter in letters]


def choose(session: Session, by: Actor, *wishes: AlertRow, at: datetime = NOON) -> None:
    """Choose what to be told, and nothing else."""
    commands.choose_alerts(session, wishes, by=by, at=at)


def held(session: Session, make: Make, funded: Funded, amount: Money, *, at: datetime) -> UUID:
    """Set money aside with a provider nobody knows."""
    return make.hold(funded, amount, at=at)


@pytest.fixture
def funded(session: Session, make: Make) -> Funded:
    """Return somebody with £100.00 since the morning."""
    return make.funded_person(name="Maya Singh")


class TestRules:
    @pytest.mark.parametrize(
        ("available", "weeks", "below", "below_weeks", "low"),
        [
            (49_99, None, 50_00, 0, True),
            (50_00, None, 50_00, 0, False),
            (50_00, 1, 0, 2, True),
            (50_00, 2, 0, 2, False),
            (0, None, 0, 2, False),
            (0, 0, 0, 0, False),
        ],
    )
    def test_low(
        self, available: int, weeks: int | None, below: int, below_weeks: int, low: object
    ) -> None:
        found = is_low(Money(available), weeks, below=Money(below), below_weeks=below_weeks)
        assert found is low

    @pytest.mark.parametrize(
        ("amount", "usual", "times", "unusual"),
        [
            (31, [10, 10, 10], 3, True),
            (30, [10, 10, 10], 3, False),
            (31, [10, 10], 3, False),
            (31, [10, 1, 500], 3, True),
            (31, [10, 10, 10], 0, False),
            (31, [0, 0, 10], 3, False),
        ],
    )
    def test_unusual(self, amount: int, usual: Sequence[int], times: int, unusual: object) -> None:
        assert is_unusual(Money(amount), [Money(each) for each in usual], times=times) is unusual

    def test_late_is_more_than_the_days(self) -> None:
        due_on = date(2026, 4, 1)
        assert not is_late(due_on, days=3, today=date(2026, 4, 4))
        assert is_late(due_on, days=3, today=date(2026, 4, 5))

    def test_month_before_january_is_last_years(self) -> None:
        assert month_before(date(2026, 1, 31)) == (date(2025, 12, 1), date(2026, 1, 1))


class TestLow:
    def test_is_told_once_until_there_is_enough_again(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        choose(session, funded.person, LOW)
        assert told(session, NOON) == []
        held(session, make, funded, Money(60_00), at=NOON)

        assert len(told(session, NOON + HOUR)) == 1
        assert "There is £40.00 left to spend." in told(session, NOON + 2 * HOUR)[0]
        assert len(told(session, NOON + 30 * HOUR)) == 1
        commands.pay_in(
            session,
            line_id=funded.line_id,
            key="test/more",
            amount=Money(40_00),
            why=PayIn.CARD,
            by_user_id=None,
            at=NOON + 31 * HOUR,
        )
        assert len(told(session, NOON + 32 * HOUR)) == 1
        held(session, make, funded, Money(70_00), at=NOON + 33 * HOUR)

        assert len(told(session, NOON + 34 * HOUR)) == 2

    def test_is_not_told_when_it_is_off(self, session: Session, make: Make, funded: Funded) -> None:
        choose(session, funded.person, LOW)
        choose(session, funded.person)
        held(session, make, funded, Money(60_00), at=NOON)

        assert told(session, NOON + HOUR) == []


class TestUnusual:
    def test_spend_is_told_once(self, session: Session, make: Make, funded: Funded) -> None:
        for number in range(3):
            held(session, make, funded, Money(5_00), at=NOON + number * HOUR)
        choose(session, funded.person, UNUSUAL, at=NOON + 4 * HOUR)
        held(session, make, funded, Money(16_00), at=NOON + 5 * HOUR)

        assert told(session, NOON + 6 * HOUR) == [
            "£16.00 was spent. This is more than 3 times what is usual."
        ]
        assert len(told(session, NOON + 9 * HOUR)) == 1

    def test_first_time_with_somebody_is_told_above_the_amount(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        choose(session, funded.person, UNUSUAL)
        held(session, make, funded, Money(50_00), at=NOON + HOUR)
        assert told(session, NOON + 2 * HOUR) == []
        session.expire_all()
        more = make.funded_person()
        choose(session, more.person, UNUSUAL)
        held(session, make, more, Money(50_01), at=NOON + HOUR)

        assert told(session, NOON + 4 * HOUR) == [
            "£50.01 was spent. It is the first time with them."
        ]

    def test_what_was_before_the_wish_is_not_told(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        held(session, make, funded, Money(60_00), at=NOON)
        choose(session, funded.person, UNUSUAL, at=NOON + HOUR)

        assert told(session, NOON + 2 * HOUR) == []

    def test_purchase_elsewhere_is_named(self, session: Session, make: Make) -> None:
        funded = make.funded_person()
        for number in range(3):
            held(session, make, funded, Money(1_00), at=NOON + number * HOUR)
        choose(session, funded.person, UNUSUAL, at=NOON + 4 * HOUR)
        wish = RecordPurchase(
            purchase_id=uuid4(), amount=Money(9_00), what="A kettle", paid_on=NOON.date()
        )
        commands.record_purchase(session, wish, by=funded.person, at=NOON + 5 * HOUR)

        assert told(session, NOON + 6 * HOUR)[0].startswith("£9.00 was spent elsewhere (A kettle).")


class TestPriceRise:
    def test_is_told_once_and_a_fall_is_not(self, session: Session, make: Make) -> None:
        provider = make.provider(name="Nadia at Home")
        funded = make.funded_person()
        make.placed(funded=funded, provider=provider)
        choose(session, funded.person, PRICES)
        assert told(session, NOON) == []
        self._costs(session, provider, Money(17_00))

        first = told(session, NOON + HOUR)
        assert len(first) == 1
        assert "Gardening with Nadia at Home costs £17.00 now. It was £15.00." in first[0]
        assert len(told(session, NOON + 3 * HOUR)) == 1
        self._costs(session, provider, Money(16_00))
        assert len(told(session, NOON + 5 * HOUR)) == 1
        self._costs(session, provider, Money(17_00))
        assert len(told(session, NOON + 7 * HOUR)) == 2, "it costs more once again"

    def _costs(self, session: Session, provider: Actor, price: Money) -> None:
        offer = next(
            row
            for row in catalogue.offers_of_provider(
                session,
                provider_id=provider.works_for,
                funded_by=frozenset(),
                on=NOON.date(),
            )
            if row.title == "Gardening"
        )
        wish = WriteOffer(
            offer_id=offer.id,
            title=offer.title,
            category=offer.category,
            unit=Unit.HOUR,
            bands=PriceBands(price),
        )
        shops.change_offer(session, wish, by=provider, at=NOON)


class TestLate:
    def test_instalment_is_told_once_after_the_days(self, session: Session, funded: Funded) -> None:
        choose(session, funded.person, LATE)
        due_at = datetime(2026, 4, 1, 12, tzinfo=NOON.tzinfo)

        assert told(session, due_at + 3 * DAY) == []
        assert told(session, due_at + 4 * DAY) == [
            (
                "£100.00 (Adult social care) was to come on Wednesday 1 April. "
                "It has not come yet. You can ask your council."
            )
        ]
        assert len(told(session, due_at + 5 * DAY)) == 1

    def test_instalment_that_came_is_not_told(self, session: Session, funded: Funded) -> None:
        choose(session, funded.person, LATE)
        due_at = datetime(2026, 4, 1, 12, tzinfo=NOON.tzinfo)
        commands.pay_due_instalments(session, on=due_at.date(), at=due_at)

        assert told(session, due_at + 4 * DAY) == []


class TestMonthly:
    def test_letter_comes_once_when_the_month_is_over(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        held(session, make, funded, Money(30_00), at=NOON)
        choose(session, funded.person, MONTHLY)
        assert told(session, NOON + 2 * DAY) == []
        april = datetime(2026, 4, 1, 6, tzinfo=NOON.tzinfo)

        assert told(session, april) == [
            (
                "In March 2026 £100.00 came in. There was £0.00 to spend before, and £70.00 "
                "afterwards. 2 things happened in all."
            )
        ]
        assert len(told(session, april + 3 * DAY)) == 1


class TestWho:
    def test_a_supporter_is_told_for_themselves_while_they_may_see(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        supporter = make.supporter(person=funded.person, scopes=[Scope.SEE], at=NOON, name="Bo")
        choose(session, supporter, LOW)
        held(session, make, funded, Money(60_00), at=NOON)

        assert len(told(session, NOON + HOUR)) == 1
        letter = session.scalars(select(Letter).where(Letter.template == "money_alert")).one()
        assert letter.subject == "The money is getting low (Maya Singh)"
        assert queries.alerts_of(session, user_id=funded.id, person_id=funded.id) == []

    def test_a_supporter_whose_part_ended_is_told_nothing(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        supporter = make.supporter(
            person=funded.person,
            scopes=[Scope.SEE],
            at=NOON,
            ends_before=NOON.date() + timedelta(days=2),
        )
        choose(session, supporter, LOW)
        held(session, make, funded, Money(60_00), at=NOON + 3 * DAY)

        assert told(session, NOON + 3 * DAY + HOUR) == []

    def test_who_may_not_see_may_not_choose(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        supporter = make.supporter(person=funded.person, scopes=[Scope.PLAN], at=NOON)

        with pytest.raises(NotAllowedError, match="has not asked you to look after their money"):
            choose(session, supporter, LOW)


class TestPage:
    def test_keeps_what_was_chosen(self, make: Make, sign_in: SignInAs) -> None:
        funded = make.funded_person(starts_on=clock.local_day(clock.now()), at=clock.now())
        browser = sign_in(funded.person)
        page = browser.get("budgets.alerts")

        done = browser.follow(browser.submit(page, "Save", low="y", low_amount="40", monthly="y"))

        assert "We will tell you what you chose." in done.text
        amount = done.soup.select_one('input[name="low_amount"]')
        assert amount is not None
        assert amount["value"] == "40.00"
        assert done.soup.select_one('input[name="monthly"][checked]') is not None
        assert done.soup.select_one('input[name="price_rise"][checked]') is None

    @pytest.mark.parametrize(
        ("field", "typed", "sentence"),
        [
            ("low_amount", "", "Enter an amount or a number of weeks."),
            ("low_amount", "-1", "Enter an amount of more than nothing, like 12.50."),
            ("low_weeks", "0", "Enter a number of weeks from 1 to 51."),
            ("low_weeks", "two", "Enter a whole number, like 3."),
            ("unusual_times", "1", "Enter a number from 2 to 20."),
            ("late_days", "61", "Enter a number of days from 1 to 60."),
        ],
    )
    def test_says_what_is_wrong(
        self, make: Make, sign_in: SignInAs, field: str, typed: str, sentence: str
    ) -> None:
        browser = sign_in(make.person())

        page = browser.submit(
            browser.get("budgets.alerts"), "Save", data={"low": "y", field: typed}
        )

        assert sentence in page.errors
