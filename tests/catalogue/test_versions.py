"""What an offer said before is kept, and can be put back."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import WriteOffer
from marketplace.catalogue.errors import WrongStateError
from marketplace.catalogue.models import OfferVersion
from marketplace.catalogue.rules import OfferState, PriceBands, Unit, bands_of, changes
from marketplace.kernel.ages import Ages
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from tests.conftest import NOON
from tests.factories import Make

DAY = timedelta(days=1)
_CONTENT = {"price": 15_00, "evening": None, "weekend": None, "bank_holiday": 30_00}
LATE_CANCEL = "The share of the price after a late cancellation was 0% and is now 50%."


def wish_for(make: Make, session: Session) -> tuple[WriteOffer, Actor]:
    """Return an offer as it was written, and its owner."""
    owner = make.provider()
    make.category()
    wish = WriteOffer(
        offer_id=make.offer(provider=owner),
        title="Tea together",
        category="company",
        unit=Unit.HOUR,
        bands=PriceBands(Money(15_00)),
        days=("mon",),
    )
    commands.change_offer(session, wish, by=owner, at=NOON)
    return wish, owner


class TestVersions:
    def test_say_who_changed_what_when_newest_first(self, session: Session, make: Make) -> None:
        wish, owner = wish_for(make, session)
        dearer = replace(wish, bands=PriceBands(Money(16_00)), days=("mon", "tue"))

        for _ in range(2):
            commands.change_offer(session, dearer, by=owner, at=NOON + DAY)

        newest, before, first = queries.versions_of(session, offer_id=wish.offer_id, by=owner)
        assert newest.changes == (
            "The price was £15.00 and is now £16.00.",
            "The days were: Monday. They are now: Monday, Tuesday.",
        )
        assert (newest.by_name, newest.at) == (owner.name, NOON + DAY)
        assert [before.number, first.number] == [2, 1]
        assert first.changes == ("It was written.",)

    def test_put_back_are_new_versions(self, session: Session, make: Make) -> None:
        wish, owner = wish_for(make, session)
        other = replace(wish, title="Coffee together", bands=PriceBands(Money(20_00)))
        commands.change_offer(session, other, by=owner, at=NOON + DAY)

        assert commands.put_back(session, offer_id=wish.offer_id, number=2, by=owner, at=NOON)

        offer = queries.kept_offer(session, offer_id=wish.offer_id, by=owner)
        newest = queries.versions_of(session, offer_id=wish.offer_id, by=owner)[0]
        assert (offer.title, offer.public.price) == ("Tea together", Money(15_00))
        assert newest.number == 4
        assert newest.changes[0] == "Put back as it was in version 2."
        assert not commands.put_back(session, offer_id=wish.offer_id, number=4, by=owner, at=NOON)
        rows = queries.versions_of(session, offer_id=wish.offer_id, by=owner)
        assert [row.number for row in rows if row.is_now] == [4, 2]

    def test_know_a_bank_holidays_price_from_when_it_was_said(
        self, session: Session, make: Make
    ) -> None:
        wish, owner = wish_for(make, session)
        dearer = replace(wish, bands=PriceBands(Money(15_00), bank_holiday=Money(30_00)))
        commands.change_offer(session, dearer, by=owner, at=NOON)

        newest = queries.versions_of(session, offer_id=wish.offer_id, by=owner)[0]
        assert newest.changes == ("The price on a bank holiday is now £30.00; there was none.",)
        assert newest.bands.bank_holiday == Money(30_00)
        commands.put_back(session, offer_id=wish.offer_id, number=2, by=owner, at=NOON)
        offer = queries.kept_offer(session, offer_id=wish.offer_id, by=owner)
        assert offer.public == PriceBands(Money(15_00))
        older = {key: value for key, value in _CONTENT.items() if key != "bank_holiday"}
        assert bands_of(older) == PriceBands(Money(15_00))

    def test_leave_what_was_agreed_and_whether_it_is_on_sale(
        self, session: Session, make: Make
    ) -> None:
        wish, owner = wish_for(make, session)
        council_id = make.council()
        make.standing(provider=owner, council_id=council_id)
        make.agreed_price(
            offer_id=wish.offer_id, council_id=council_id, price=Money(13_37), at=NOON
        )
        commands.change_offer(
            session, replace(wish, bands=PriceBands(Money(20_00))), by=owner, at=NOON
        )
        commands.set_offer_state(
            session, offer_id=wish.offer_id, state=OfferState.PAUSED, by=owner, at=NOON
        )

        commands.put_back(session, offer_id=wish.offer_id, number=2, by=owner, at=NOON)

        offer = queries.kept_offer(session, offer_id=wish.offer_id, by=owner)
        assert offer.state is OfferState.PAUSED
        agreed = queries.agreed_prices_of(session, on=NOON.date(), by=owner)
        assert [each.bands.price for each in agreed] == [Money(13_37)]
        said = [each.changes for each in queries.versions_of(session, offer_id=offer.id, by=owner)]
        assert ("It was paused.",) in said

    @pytest.mark.sqlite_only
    def test_begin_with_what_an_older_offer_said(self, session: Session, make: Make) -> None:
        wish, owner = wish_for(make, session)
        session.execute(text("DROP TRIGGER IF EXISTS catalogue_offer_versions_no_delete"))
        session.execute(delete(OfferVersion).where(OfferVersion.offer_id == wish.offer_id))

        commands.change_offer(session, replace(wish, title="Coffee"), by=owner, at=NOON)

        newest, first = queries.versions_of(session, offer_id=wish.offer_id, by=owner)
        assert (first.title, first.by_name) == ("Tea together", "")
        assert newest.title == "Coffee"

    def test_cannot_be_changed_in_the_database(self, session: Session, make: Make) -> None:
        wish, _ = wish_for(make, session)

        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(delete(OfferVersion).where(OfferVersion.offer_id == wish.offer_id))

    def test_are_the_stores_own_and_of_offers_that_go_on(
        self, session: Session, make: Make
    ) -> None:
        wish, owner = wish_for(make, session)
        stranger = make.provider()

        with pytest.raises(NotFoundError):
            queries.versions_of(session, offer_id=wish.offer_id, by=stranger)
        with pytest.raises(NotFoundError):
            commands.put_back(session, offer_id=wish.offer_id, number=1, by=stranger, at=NOON)
        with pytest.raises(NotFoundError):
            commands.put_back(session, offer_id=wish.offer_id, number=99, by=owner, at=NOON)
        commands.set_offer_state(
            session, offer_id=wish.offer_id, state=OfferState.ENDED, by=owner, at=NOON
        )
        with pytest.raises(WrongStateError):
            commands.put_back(session, offer_id=wish.offer_id, number=1, by=owner, at=NOON)


class TestWordsOfChanges:
    BEFORE: ClassVar[dict[str, object]] = {
        "title": "Tea",
        "category": "company",
        "summary": "",
        "about": "a",
        "unit": "hour",
        "price": 15_00,
        "evening": None,
        "weekend": 20_00,
        "included": ["Cake", "Tea"],
        "notice_hours": 24,
        "late_cancel_percent": 0,
        "terms": "",
        "days": [],
        "times": [],
        "youngest": None,
        "oldest": None,
        "places_free": None,
        "state": "draft",
    }

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("title", "Tea 2", "It was called “Tea” and is now called “Tea 2”."),
            ("category", "garden-help", "The kind of support was company and is now garden help."),
            ("summary", "Nice.", "The summary is now Nice.; there was none."),
            ("about", "b", "The description changed."),
            ("unit", "day", "The unit was hour and is now day."),
            ("evening", 17_00, "The price in the evening is now £17.00; there was none."),
            ("weekend", None, "The price at the weekend was £20.00; now there is none."),
            ("included", ["Tea", "Pie"], "Of what is included, new is Pie; gone is Cake."),
            ("included", ["Tea", "Cake"], "What is included stands in another order."),
            ("menu", ["Pie"], "Of what people can choose, new is Pie."),
            ("must_choose", True, "People have to choose now."),
            ("late_cancel_percent", 50, LATE_CANCEL),
            ("days", ["mon"], "The days were: not said. They are now: Monday."),
            ("youngest", 18, "The ages were all and are now 18 and over."),
            ("places_free", 0, "The number of free places is now 0; there was none."),
            ("state", "on_sale", "It was published."),
        ],
    )
    def test_name_what_is_different(self, name: str, value: object, says: str) -> None:
        assert changes(self.BEFORE, {**self.BEFORE, name: value}) == (says,)

    def test_are_none_if_nothing_is(self) -> None:
        assert changes(self.BEFORE, dict(self.BEFORE)) == ()
        assert Ages().words == ""
