"""VAT inside prices adds up to the penny, and numbers that are none are refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.money import ZERO, Money, total
from marketplace.orders.errors import BadVatError
from marketplace.orders.rules import (
    NO_VAT,
    LineVat,
    Treatment,
    ends_on,
    may_renew,
    next_start,
    treatment_of,
    vat_in,
    vat_number,
    vat_of_lines,
    vat_sums,
)

STANDARD = Treatment(LineVat.STANDARD, 20_00)
EXEMPT = Treatment(LineVat.EXEMPT)
TODAY = date(2026, 3, 4)
amounts = st.integers(1, 10_000_000).map(Money)
treatments = st.sampled_from([STANDARD, EXEMPT, NO_VAT, Treatment(LineVat.STANDARD, 17_50)])
lines = st.lists(st.tuples(amounts, treatments), min_size=1, max_size=40)


def test_a_price_of_36_pounds_has_6_pounds_of_vat_in_it_at_20_percent() -> None:
    assert vat_in(Money(36_00), 20_00) == Money(6_00)
    assert vat_in(Money(3), 20_00) == Money(1)  # half a penny goes up
    assert vat_in(Money(2), 20_00) == ZERO


@settings(max_examples=50)
@given(lines)
def test_the_vat_of_lines_is_inside_them_and_adds_up_to_that_of_their_sum(
    lines: list[tuple[Money, Treatment]],
) -> None:
    vats = vat_of_lines(lines)
    assert all(ZERO <= vat <= gross for (gross, _), vat in zip(lines, vats, strict=True))
    sums = vat_sums((gross, vat, each) for (gross, each), vat in zip(lines, vats, strict=True))
    assert total(each.gross for each in sums) == total(gross for gross, _ in lines)
    assert total(each.net + each.vat for each in sums) == total(gross for gross, _ in lines)
    for each in sums:
        assert each.vat == vat_in(each.gross, each.treatment.rate)
        by_rate = each.net.pence * each.treatment.rate / 10_000
        assert abs(by_rate - each.vat.pence) < 1, "as the rules of UBL ask for"


@settings(max_examples=50)
@given(st.lists(amounts, min_size=1, max_size=20))
def test_what_is_credited_in_pieces_is_the_vat_of_the_whole(pieces: list[Money]) -> None:
    back, credited = ZERO, ZERO
    for piece in pieces:
        (vat,) = vat_of_lines([(piece, STANDARD)], {STANDARD: credited})
        assert ZERO <= vat <= piece
        back, credited = back + vat, credited + piece
    assert back == vat_in(credited, STANDARD.rate)


@pytest.mark.parametrize(
    ("registered", "exempt", "welfare", "found"),
    [
        (False, True, True, NO_VAT),
        (True, True, True, EXEMPT),
        (True, True, False, STANDARD),
        (True, False, True, STANDARD),
    ],
)
def test_welfare_is_exempt_only_if_the_seller_is_regulated_or_a_charity(
    *, registered: bool, exempt: bool, welfare: bool, found: Treatment
) -> None:
    said = treatment_of(registered=registered, exempt=exempt, welfare=welfare, on=TODAY)
    assert said == found


@pytest.mark.parametrize(
    "typed", ["GB 123 4567 82", "123456782", "gb123456782", "GB 123 4567 27", "123456782001"]
)
def test_a_number_whose_digits_belong_together_is_taken(typed: str) -> None:
    assert vat_number(typed) in {"123456782", "123456727"}


@pytest.mark.parametrize(
    "typed", ["", "GB 123 4567 83", "12345678", "GB", "١٢٣٤٥٦٧٨٢", "0x1234567"]
)
def test_a_number_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(BadVatError) as refusal:
        vat_number(typed)
    assert refusal.value.field == "number"


def test_one_wrong_digit_is_found_but_where_the_newer_scheme_has_that_number() -> None:
    right = "123456782"
    wrong = {
        right[:place] + str(digit) + right[place + 1 :] for place in range(9) for digit in range(10)
    } - {right}

    assert {typed for typed in wrong if _is_taken(typed)} == {"183456782"}


def _is_taken(typed: str) -> bool:
    try:
        return vat_number(typed) == typed
    except BadVatError:
        return False


def test_an_agreement_holds_for_a_year_and_is_renewed_in_its_last_30_days() -> None:
    assert ends_on(TODAY) == date(2027, 3, 3)
    assert ends_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert not may_renew(date(2027, 3, 3), on=date(2027, 2, 1))
    assert may_renew(date(2027, 3, 3), on=date(2027, 2, 2))
    assert next_start(date(2027, 3, 3), on=date(2027, 2, 2)) == date(2027, 3, 4)
    assert next_start(date(2027, 3, 3), on=date(2027, 5, 1)) == date(2027, 5, 1)
    assert next_start(None, on=TODAY) == TODAY
