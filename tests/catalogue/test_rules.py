"""Prices, words and states."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.errors import BadBankDetailsError, BadWordsError, WrongStateError
from marketplace.catalogue.rules import (
    BankDetails,
    CheckState,
    OfferState,
    PriceBands,
    Unit,
    bank_details,
    checked_text,
    first_slug,
    is_out_of_date,
    is_too_old_to_find,
    next_offer_state,
    per_unit,
    provider_name,
    shows_in_portal,
    unit_words,
)
from marketplace.catalogue.rules.register import key_of_words
from marketplace.kernel.clock import LONDON
from marketplace.kernel.money import Money
from tests.conftest import NOON

DAY, EVENING, WEEKEND = Money(10_00), Money(12_00), Money(14_00)
WEDNESDAY = datetime(2026, 3, 4, tzinfo=LONDON)
SATURDAY = datetime(2026, 3, 7, tzinfo=LONDON)


class TestPriceBands:
    @pytest.mark.parametrize(
        ("local", "expected"),
        [
            (None, DAY),
            (WEDNESDAY.replace(hour=17, minute=59), DAY),
            (WEDNESDAY.replace(hour=18), EVENING),
            (SATURDAY.replace(hour=9), WEEKEND),
            (SATURDAY.replace(hour=20), WEEKEND),
            (SATURDAY + timedelta(days=1), WEEKEND),
            (SATURDAY + timedelta(days=2), DAY),
        ],
    )
    def test_weekend_comes_before_evening(self, local: datetime | None, expected: Money) -> None:
        assert PriceBands(DAY, EVENING, WEEKEND).at(local) == expected

    @given(st.datetimes())
    def test_one_price_holds_at_every_time(self, local: datetime) -> None:
        assert PriceBands(DAY).at(local) == DAY

    def test_an_evening_at_the_weekend_costs_the_evening_price_if_no_weekend_price_is_set(
        self,
    ) -> None:
        assert PriceBands(DAY, EVENING).at(SATURDAY.replace(hour=19)) == EVENING

    @pytest.mark.parametrize("hour", [9, 20])
    def test_a_bank_holiday_comes_before_all(self, hour: int) -> None:
        bands = PriceBands(DAY, EVENING, WEEKEND, Money(30_00))
        christmas, boxing_day = (
            datetime(2026, 12, 25, hour, tzinfo=LONDON),
            datetime(2026, 12, 28, hour, tzinfo=LONDON),
        )
        on_saturday = datetime(2027, 12, 25, hour, tzinfo=LONDON)  # kept on the Monday after

        assert [bands.at(christmas), bands.at(boxing_day)] == [Money(30_00)] * 2
        assert bands.at(on_saturday) == WEEKEND
        assert PriceBands(DAY, EVENING).at(christmas) == (EVENING if hour == 20 else DAY)


class TestUnits:
    def test_are_written_as_people_say_them(self) -> None:
        assert unit_words(Unit.HOUR, 1) == "1 hour"
        assert unit_words(Unit.NIGHT, 3) == "3 nights"
        assert (per_unit(Unit.HOUR), per_unit(Unit.ITEM), per_unit(Unit.MILE)) == (
            "an hour",
            "an item",
            "a mile",
        )


class TestWords:
    def test_name_loses_stray_spaces(self) -> None:
        assert provider_name("  Rosie \n Bell ") == "Rosie Bell"

    @pytest.mark.parametrize("typed", ["", "   ", "\x00\x07"])
    def test_name_is_needed(self, typed: str) -> None:
        with pytest.raises(BadWordsError, match="Enter a name"):
            provider_name(typed)

    def test_two_hundred_characters_are_a_name_and_one_more_is_not(self) -> None:
        assert provider_name("x" * 200) == "x" * 200
        with pytest.raises(BadWordsError, match="201 characters"):
            provider_name("x" * 201)

    def test_text_keeps_its_lines(self) -> None:
        assert checked_text(" one\ntwo ", what="text") == "one\ntwo"

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Rosie's Gardens", "rosies-gardens"),
            ("Tea & Toast", "tea-and-toast"),
            ("Café Zoë", "cafe-zoe"),
            ("東京", "store"),
            ("x" * 200, "x" * 60),
        ],
    )
    def test_address_is_made_of_the_name(self, name: str, slug: str) -> None:
        assert first_slug(name) == slug

    @given(st.text())
    def test_address_is_always_a_good_one(self, name: str) -> None:
        slug = first_slug(name)
        assert slug
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert slug == slug.strip("-")


class TestBankDetails:
    def test_are_read_however_they_are_spaced(self) -> None:
        assert bank_details("01-02 03", "1234 5678", " Rosie  Bell ") == BankDetails(
            "010203", "12345678", "Rosie Bell"
        )

    @pytest.mark.parametrize(
        ("code", "number", "name", "sentence"),
        [
            ("01020", "12345678", "Rosie", "sort code has 6 digits"),
            ("0102033", "12345678", "Rosie", "sort code has 6 digits"),
            ("01020a", "12345678", "Rosie", "sort code has 6 digits"),
            ("٠١٠٢٠٣", "12345678", "Rosie", "sort code has 6 digits"),
            ("010203", "1234567", "Rosie", "account number has 8 digits"),
            ("010203", "12345678", " ", "name on the account"),
            ("010203", "12345678", "x" * 201, "name on the account"),
        ],
    )
    def test_of_another_shape_are_refused(
        self, code: str, number: str, name: str, sentence: str
    ) -> None:
        with pytest.raises(BadBankDetailsError, match=sentence):
            bank_details(code, number, name)


class TestStates:
    def test_an_offer_is_published_paused_published_and_ended(self) -> None:
        now = OfferState.DRAFT
        for wanted in (
            OfferState.ON_SALE,
            OfferState.PAUSED,
            OfferState.ON_SALE,
            OfferState.ENDED,
            OfferState.ENDED,
        ):
            now = next_offer_state(now, wanted)

        assert now is OfferState.ENDED

    def test_an_ended_offer_stays_ended(self) -> None:
        with pytest.raises(WrongStateError, match="has ended"):
            next_offer_state(OfferState.ENDED, OfferState.ON_SALE)

    def test_a_draft_cannot_be_paused(self) -> None:
        with pytest.raises(WrongStateError, match="Publish this offer first"):
            next_offer_state(OfferState.DRAFT, OfferState.PAUSED)

    @pytest.mark.parametrize(
        ("state", "opens_unchecked", "shown"),
        [
            (CheckState.APPLIED, True, True),
            (CheckState.APPLIED, False, False),
            (CheckState.CHECKED, False, True),
            (CheckState.SUSPENDED, True, False),
            (CheckState.REJECTED, True, False),
        ],
    )
    def test_a_portal_shows_what_its_council_lets_it(
        self, state: CheckState, *, opens_unchecked: bool, shown: bool
    ) -> None:
        assert shows_in_portal(state, opens_unchecked=opens_unchecked) is shown

    def test_half_a_year_is_out_of_date_and_a_year_is_too_old(self) -> None:
        assert not is_out_of_date(NOON - timedelta(weeks=26), at=NOON)
        assert is_out_of_date(NOON - timedelta(weeks=26, seconds=1), at=NOON)
        assert not is_too_old_to_find(NOON - timedelta(weeks=52), at=NOON)
        assert is_too_old_to_find(NOON - timedelta(weeks=52, seconds=1), at=NOON)


def test_a_key_of_words_minds_neither_case_nor_spaces() -> None:
    assert key_of_words("Age NI ", "BT9 7AS") == key_of_words("age  ni", "bt9 7as")
    assert key_of_words("Age NI", "BT9 7AS") != key_of_words("Age NIB", "T9 7AS")
