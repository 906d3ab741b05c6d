"""Whether a bank account can exist: the test cases that Pay.UK publishes with the method."""

from pathlib import Path

import pytest

from marketplace.kernel.sort_codes import Tables, Verdict, installed, read_tables, verdict

RIGHT = [
    # Plain sums: MOD10, MOD11, both MOD11 and DBLAL.
    ("089999", "66374958"),
    ("107999", "88837491"),
    ("202959", "63748472"),
    # Exceptions 10 and 11: either line is enough; ab = 09 or 99 with g = 9 leaves the code out.
    ("871427", "46238510"),
    ("872427", "46238510"),
    ("871427", "09123496"),
    ("871427", "99123496"),
    # Exception 3: with c = 6 or 9 the second line is not asked, else it is.
    ("820000", "73688637"),
    ("827999", "73988638"),
    ("827101", "28748352"),
    # Exception 4: the remainder is the last two digits.
    ("134020", "63849203"),
    # Exception 1: 27 more.
    ("118765", "64371389"),
    # Exception 6: a foreign currency, which cannot be checked.
    ("200915", "41011166"),
    # Exception 5: another sort code, and remainders that are digits.
    ("938611", "07806039"),
    ("938600", "42368003"),
    ("938063", "55065200"),
    # Exception 7 leaves the sort code out; 8 puts another in its place.
    ("772798", "99345694"),
    ("086090", "06774744"),
    # Exceptions 2 and 9: a ≠ 0 with and without g = 9, and the second line for another code.
    ("309070", "02355688"),
    ("309070", "12345668"),
    ("309070", "12345677"),
    ("309070", "99345694"),
    # Exceptions 12 and 13: either line is enough.
    ("074456", "12345112"),
    ("070116", "34012583"),
    ("074456", "11104102"),
    # Exception 14: without its last digit.
    ("180002", "00000190"),
]
WRONG = [
    ("938063", "15764273"),  # exception 5: the first line holds, the second does not
    ("938063", "15764264"),  # the other way round
    ("938063", "15763217"),  # the remainder of the first line is 1
    ("118765", "64371388"),  # exception 1
    ("203099", "66831036"),  # MOD11 holds, DBLAL does not
    ("203099", "58716970"),  # the other way round
    ("089999", "66374959"),
    ("107999", "88837493"),
]


@pytest.fixture(scope="module")
def tables() -> Tables:
    found = installed()
    assert found is not None, "the tables are laid down by: make assets"
    return found


@pytest.mark.parametrize(("sort_code", "account_number"), RIGHT)
def test_an_account_of_the_specification_is_right(
    tables: Tables, sort_code: str, account_number: str
) -> None:
    assert verdict(tables, sort_code, account_number) is Verdict.RIGHT


@pytest.mark.parametrize(("sort_code", "account_number"), WRONG)
def test_an_account_of_the_specification_is_wrong(
    tables: Tables, sort_code: str, account_number: str
) -> None:
    assert verdict(tables, sort_code, account_number) is Verdict.WRONG


@pytest.mark.parametrize(
    ("account_number", "expected"),
    [("09747109", Verdict.RIGHT), ("12345678", Verdict.WRONG)],
)
def test_exception_14_asks_for_a_last_digit_that_banks_add(
    tables: Tables, account_number: str, expected: Verdict
) -> None:
    assert verdict(tables, "180002", account_number) is expected


def test_a_bank_without_check_digits_may_have_any_number(tables: Tables) -> None:
    assert verdict(tables, "000000", "12345678") is Verdict.NOT_COVERED


def test_without_tables_nothing_is_said(tmp_path: Path) -> None:
    assert installed(tmp_path) is None
    assert verdict(None, "089999", "66374959") is Verdict.NO_TABLES


def test_half_of_the_tables_is_none(tmp_path: Path) -> None:
    (tmp_path / "valacdos.table").write_text("")

    assert installed(tmp_path) is None


def test_a_line_with_two_rows_and_no_exception_needs_both() -> None:
    weights = "0 0 0 0 0 0 0 0 0 0 0 0 {} {}"
    both = read_tables(
        f"010000 010009 MOD10 {weights.format(0, 1)}\n\n010000 010009 MOD11 {weights.format(1, 0)}",
        "",
    )

    assert verdict(both, "010000", "12345600") is Verdict.RIGHT
    assert verdict(both, "010000", "12345610") is Verdict.WRONG
    assert verdict(both, "010000", "12345601") is Verdict.WRONG
