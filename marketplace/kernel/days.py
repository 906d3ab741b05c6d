"""Days as people write them: 4 3 2026, 4/3/2026, 4 March 2026 or 2026-03-04."""

from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_DIGITS_OF_YEAR = 4
YEAR_MIN, YEAR_MAX = 1900, 2200


class NoDayError(ValueError):
    """What was written is no day that exists."""


class StrangeYearError(ValueError):
    """What was written is a day of another age, and so most likely a slip."""


def read_day(typed: str) -> date:
    """Read a day as people write it.

    Raises:
        NoDayError: there is no such day.
        StrangeYearError: it is of another age.
    """
    parts = typed.lower().replace("/", " ").replace("-", " ").replace(".", " ").split()
    try:
        first, month, last = parts
        number = _MONTHS.get(month) or whole(month)
        year, on = (first, last) if len(first) == _DIGITS_OF_YEAR else (last, first)
        if len(year) != _DIGITS_OF_YEAR:
            raise ValueError(typed)
        read = date(whole(year), number, whole(on))
    except ValueError:
        raise NoDayError(typed) from None
    if not YEAR_MIN <= read.year <= YEAR_MAX:
        raise StrangeYearError(typed)
    return read


def whole(typed: str) -> int:
    """Read a whole number of plain digits.

    Raises:
        ValueError: it is none.
    """
    if not (typed.isascii() and typed.isdigit()):
        raise ValueError(typed)
    return int(typed)
