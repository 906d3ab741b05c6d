"""Whole pence: read as people type them, written as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import PENCE_MAX, BadAmountError, Money, percent_of, total

amounts = st.integers(min_value=0, max_value=PENCE_MAX).map(Money)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("12", 12_00),
        ("12.50", 12_50),
        (" £12.50 ", 12_50),
        ("£ 7", 7_00),
        ("12,000", 12_000_00),
        ("1,234,567.89", 1_234_567_89),
        ("0.05", 5),
        ("0", 0),
    ],
)
def test_reads_what_people_type(typed: str, pence: int) -> None:
    assert Money.parse(typed) == Money(pence)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("£12.5", "two digits"),
        ("12.", "two digits"),
        ("12.505", "two digits"),
        ("-3", "more than nothing"),
        ("\N{MINUS SIGN}3", "more than nothing"),
        ("1e9", "digits 0 to 9"),
        ("٣", "digits 0 to 9"),
        ("12,00", "digits 0 to 9"),
        ("1,2345", "digits 0 to 9"),
        ("twelve", "digits 0 to 9"),
        ("", "digits 0 to 9"),
        ("12 50", "digits 0 to 9"),
        ("99999999", "no more than £10,000,000.00"),
        ("999999999999", "no more than £10,000,000.00"),
        ("99,999,999,999", "no more than £10,000,000.00"),
        ("9" * 5000, "no more than £10,000,000.00"),
        ("0000000001", "digits 0 to 9"),
        ("1,,,,,,,,,2", "digits 0 to 9"),
    ],
)
def test_refuses_the_rest_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(BadAmountError, match=sentence):
        Money.parse(typed)


@given(amounts)
def test_what_is_written_can_be_read_back(amount: Money) -> None:
    assert Money.parse(str(amount)) == amount


@given(st.lists(amounts, max_size=5))
def test_a_total_is_the_sum_of_its_pence(parts: list[Money]) -> None:
    assert total(parts).pence == sum(part.pence for part in parts)


@pytest.mark.parametrize(("pence", "words"), [(0, "£0.00"), (-123_45, "-£123.45"), (5, "£0.05")])
def test_writes_amounts_as_people_do(pence: int, words: str) -> None:
    assert str(Money(pence)) == words


def test_a_share_is_rounded_down_for_the_one_who_pays() -> None:
    assert percent_of(Money(9_99), 50) == Money(4_99)
