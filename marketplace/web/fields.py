"""Form fields of the market. What was typed is always kept, right or wrong."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from wtforms import Field, HiddenField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from marketplace.kernel import days
from marketplace.kernel.clock import local_instant
from marketplace.kernel.days import YEAR_MAX, YEAR_MIN, NoDayError, StrangeYearError, whole
from marketplace.kernel.labels import labels
from marketplace.kernel.money import BadAmountError, Money
from marketplace.web.example_days import near_today

_HALF_DAY = 12
_PENCE_DIGITS_MAX = 12


class TypedField(Field):  # type: ignore[misc]
    """A field whose value is read from one line of text. ``data`` is None if it could not be."""

    widget = TextInput()
    typed: str = ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep what was typed, then read it."""
        self.typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            self.data = self.read(self.typed)
        except (ValueError, BadAmountError) as refusal:
            raise ValueError(str(refusal)) from refusal

    def read(self, typed: str) -> Any:  # noqa: ANN401
        """Read the value from the text, or raise ValueError with the sentence for the person."""
        raise NotImplementedError

    def write(self, value: Any) -> str:  # noqa: ANN401
        """Write a value as a person would type it."""
        return str(value)

    def _value(self) -> str:
        if self.typed or self.raw_data:
            return self.typed
        return "" if self.data is None else self.write(self.data)


class MoneyField(TypedField):
    """Pounds and pence."""

    def read(self, typed: str) -> Money:
        """Read pounds and pence."""
        return Money.parse(typed)

    def write(self, value: Money) -> str:
        """Write the amount without its pound sign, which stands before the box."""
        return str(value).removeprefix("£")


class DayField(TypedField):
    """A day, typed as people write it: 4 3 2026, 4/3/2026, 4 March 2026 or 2026-03-04."""

    def read(self, typed: str) -> date:
        """Read a day that exists."""
        return read_day(typed)

    def write(self, value: date) -> str:
        """Write 4/3/2026."""
        return f"{value.day}/{value.month}/{value.year}"


class TimeField(TypedField):
    """A time of day, typed as people write it: 2pm, 2.30pm, 14:30."""

    def read(self, typed: str) -> tuple[int, int]:
        """Read hours and minutes."""
        return read_time(typed)

    def write(self, value: tuple[int, int]) -> str:
        """Write 14:30."""
        return f"{value[0]}:{value[1]:02}"


class UuidField(HiddenField):  # type: ignore[misc]
    """An id that the form brings along, so that a form sent twice is one deed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        kwargs.setdefault("default", uuid4)
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the id; one that was tampered with is replaced by a new one."""
        try:
            self.data = UUID(valuelist[0]) if valuelist else uuid4()
        except ValueError:
            self.data = uuid4()


class LineField(StringField):  # type: ignore[misc]
    """One line of words, without the characters that no keyboard types."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the words, tidied."""
        self.data = tidy(str(valuelist[0])) if valuelist else ""


class Needed:
    """Refuse an empty field with its own sentence, unless reading it has already refused it."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        if field.errors:
            raise StopValidation
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(near_today(self.sentence))


class NoLonger:
    """Refuse more characters than there is room for."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: object, field: Field) -> None:
        """Check one field."""
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(
                f"Use at most {self.most:,} characters. You have used {length:,}."
            )


def tidy(text: str) -> str:
    """Return text without control characters and stray spaces around it; new lines stay."""
    kept = (
        character
        for character in text.replace("\r\n", "\n")
        if character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip()


def read_day(typed: str) -> date:
    """Read a day as people write it.

    Raises:
        ValueError: with the sentence for the person.
    """
    try:
        return days.read_day(typed)
    except NoDayError:
        raise ValueError(near_today("Enter a day that exists, like {day}.")) from None
    except StrangeYearError:
        raise ValueError(f"Enter a year between {YEAR_MIN} and {YEAR_MAX}.") from None


def read_time(typed: str) -> tuple[int, int]:
    """Read a time of day as people write it, as hours and minutes.

    Raises:
        ValueError: with the sentence for the person.
    """
    text = typed.lower().replace(" ", "").replace(".", ":")
    if text in {"midday", "noon"}:
        return _HALF_DAY, 0
    half = text[-2:] if text.endswith(("am", "pm")) else ""
    hours, _, past = text.removesuffix(half).partition(":")
    try:
        hour, minute = whole(hours), whole(past or "0")
        if half:
            if not 1 <= hour <= _HALF_DAY:
                raise ValueError(typed)
            hour = hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)
        if not (hour < 24 and minute < 60):  # noqa: PLR2004
            raise ValueError(typed)
    except ValueError:
        raise ValueError("Enter a time, like 2pm or 14:30.") from None
    return hour, minute


def instant(on: date, at: tuple[int, int]) -> datetime:
    """Return the UTC instant of a local day and time.

    Raises:
        ValueError: the clocks go forward over it, so there is no such time.
    """
    return local_instant(on, *at)


def pence_shown(sent: str | None) -> Money | None:
    """Return the amount that stood on a page, of its hidden field; None if it was tampered with."""
    digits = sent or ""
    fits = digits.isascii() and digits.isdigit() and len(digits) <= _PENCE_DIGITS_MAX
    return Money(int(digits)) if fits else None


class TickField(SelectMultipleField):  # type: ignore[misc]
    """Several answers to one question, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was ticked."""
        return tuple(self.data or ())


def ticks(text: str, topic: str, hint: str = "") -> TickField:
    """Return a question whose answers are the labels of a topic."""
    return TickField(text, choices=choices(labels(topic).items()), default=(), description=hint)


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and their words as choices of a field."""
    return [SelectChoice(value, words) for value, words in pairs]


def one_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return values and their words as choices of a list that begins with none of them."""
    return choices([("", "Choose"), *pairs])
