"""What people type is read as they mean it, and always kept."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.kernel.money import Money
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    TimeField,
    UuidField,
    instant,
    pence_shown,
    read_day,
    read_time,
    tidy,
)


class Everything(Form):  # type: ignore[misc]
    money = MoneyField("Money", validators=[Needed("Enter an amount.")])
    day = DayField("Day")
    time = TimeField("Time")
    line = LineField("Line", validators=[Needed("Enter words."), NoLonger(10)])
    key = UuidField()


def typed(**fields: str) -> Everything:
    form = Everything(MultiDict({"money": "1", "line": "words"} | fields))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("sent", "read"),
    [("1250", Money(12_50)), ("0", Money(0)), *((bad, None) for bad in (None, "", "-1", "1.5"))],
)
def test_an_amount_that_stood_on_a_page_is_read_as_pence(
    sent: str | None, read: Money | None
) -> None:
    assert pence_shown(sent) == read


def test_an_amount_that_no_page_shows_is_none() -> None:
    assert pence_shown("9" * 5_000) is None


class TestMoneyField:
    def test_reads_pounds(self) -> None:
        assert typed(money="£1,234.50").money.data == Money(123450)

    def test_keeps_what_it_cannot_read(self) -> None:
        field = typed(money="about ten").money

        assert field.data is None
        assert field._value() == "about ten"
        assert field.errors == ["Enter an amount in pounds, using the digits 0 to 9, like 12.50."]

    def test_asks_if_it_is_needed(self) -> None:
        assert typed(money=" ").money.errors == ["Enter an amount."]

    def test_writes_what_it_is_given(self) -> None:
        assert Everything(data={"money": Money(1250)}).money._value() == "12.50"


class TestDays:
    @pytest.mark.parametrize(
        "text", ["4 3 2026", "4/3/2026", "04.03.2026", "4 March 2026", "4 mar 2026", "2026-03-04"]
    )
    def test_are_read_as_people_write_them(self, text: str) -> None:
        assert read_day(text) == date(2026, 3, 4)

    @pytest.mark.parametrize("text", ["31 2 2026", "4 3", "4 3 26", "tomorrow", "٤ 3 2026", ""])
    def test_that_do_not_exist_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="Enter a day that exists"):
            read_day(text)

    def test_of_another_age_are_refused(self) -> None:
        with pytest.raises(ValueError, match="between 1900 and 2200"):
            read_day("4 3 1026")

    def test_are_written_back_as_typed_or_in_short(self) -> None:
        assert typed(day="4 Marhc 2026").day._value() == "4 Marhc 2026"
        assert Everything(data={"day": date(2026, 3, 4)}).day._value() == "4/3/2026"


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("2pm", (14, 0)),
            ("2.30 pm", (14, 30)),
            ("14:30", (14, 30)),
            ("12am", (0, 0)),
            ("12pm", (12, 0)),
            ("midday", (12, 0)),
            ("9", (9, 0)),
        ],
    )
    def test_are_read_as_people_write_them(self, text: str, read: tuple[int, int]) -> None:
        assert read_time(text) == read

    @pytest.mark.parametrize("text", ["25:00", "13pm", "0am", "10:60", "soon", ""])
    def test_that_do_not_exist_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="Enter a time"):
            read_time(text)

    def test_are_written_as_a_clock_shows_them(self) -> None:
        assert Everything(data={"time": (9, 5)}).time._value() == "9:05"

    def test_become_the_instant_it_then_is_in_london(self) -> None:
        assert instant(date(2026, 7, 1), (10, 0)) == datetime(2026, 7, 1, 9, tzinfo=UTC)

    def test_in_the_hour_that_is_skipped_are_refused(self) -> None:
        with pytest.raises(ValueError, match="clocks go forward"):
            instant(date(2026, 3, 29), (1, 30))


class TestLines:
    def test_lose_what_no_keyboard_types(self) -> None:
        assert tidy(" Zoë\x00\r\nHill\x1b ") == "Zoë\nHill"

    def test_too_long_are_refused_with_both_numbers(self) -> None:
        assert typed(line="x" * 10_000).line.errors == [
            "Use at most 10 characters. You have used 10,000."
        ]

    def test_of_nothing_but_spaces_are_empty(self) -> None:
        assert typed(line="   ").line.errors == ["Enter words."]


class TestUuidField:
    def test_keeps_the_form_s_own(self) -> None:
        key = UUID(int=7)

        assert typed(key=str(key)).key.data == key

    def test_makes_a_new_one_of_what_was_tampered_with(self) -> None:
        assert isinstance(typed(key="'; DROP TABLE").key.data, UUID)
