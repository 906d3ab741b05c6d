"""What may be asked of the public interface: one declaration that reads and that describes it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from marketplace.search.errors import BadParameterError

MANY_MAX = 50
_WHOLE = re.compile(r"-?[0-9]{1,10}")
_NAMED_MAX = 40

Value = str | int | tuple[str, ...]
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing that can be asked for by name: words, a whole number, or one or more of a list."""

    name: str
    about: str
    example: str | int | None = None
    longest: int = 0
    """For words: how many characters there may be."""
    least: int = 0
    most: int = 0
    """For a whole number: between which bounds it lies; no number without ``most``."""
    choices: tuple[str, ...] = ()
    """For one of a list: the list."""
    choices_of: str = ""
    """For one of a list that the market itself keeps: ``category`` or ``council``."""
    many: bool = False
    unless_said: str | int | None = None

    @property
    def schema(self) -> dict[str, object]:
        """Return what JSON Schema says of it."""
        if self.most:
            one: dict[str, object] = {
                "type": "integer",
                "minimum": self.least,
                "maximum": self.most,
            }
        elif self.choices or self.choices_of:
            one = {"type": "string", "enum": list(self.choices)}
        else:
            one = {"type": "string", "maxLength": self.longest}
        if self.many:
            return {"type": "array", "items": one, "maxItems": MANY_MAX}
        return one if self.unless_said is None else {**one, "default": self.unless_said}

    def among(self, kept: Mapping[str, Iterable[str]]) -> "Parameter":
        """Return it with the values that the market keeps now."""
        if not self.choices_of:
            return self
        return replace(self, choices=tuple(kept[self.choices_of]))

    def read(self, typed: Sequence[str]) -> Value | None:
        """Return what was typed, or None if nothing was.

        Raises:
            BadParameterError: names the parameter, and says what it may be.
        """
        if not typed:
            return self.unless_said
        if self.many:
            if len(typed) > MANY_MAX:
                raise BadParameterError(self.name, f"Give {self.name} at most {MANY_MAX} times.")
            return tuple(str(self._one(each)) for each in typed)
        if len(typed) > 1:
            raise BadParameterError(self.name, f"Give {self.name} once only.")
        return self._one(typed[0])

    def _one(self, typed: str) -> str | int:
        if self.most:
            return self._number(typed)
        if self.choices or self.choices_of:
            if typed not in self.choices:
                raise BadParameterError(self.name, f"{self.name} must be {_or(self.choices)}.")
            return typed
        if len(typed) > self.longest:
            raise BadParameterError(
                self.name, f"{self.name} may have at most {self.longest} characters."
            )
        return _readable(typed)

    def _number(self, typed: str) -> int:
        number = int(typed) if _WHOLE.fullmatch(typed) else None
        if number is None or not self.least <= number <= self.most:
            raise BadParameterError(
                self.name,
                f"{self.name} must be a whole number from {self.least} to {self.most}.",
            )
        return number


def read_values(parameters: Sequence[Parameter], typed: Mapping[str, Sequence[str]]) -> Values:
    """Return what was asked for by name; what was not asked for is left out.

    Raises:
        BadParameterError: names the first that is unknown, or that cannot be read.
    """
    known = [parameter.name for parameter in parameters]
    for name in typed:
        if name not in known:
            shown = _readable(name)[:_NAMED_MAX]
            instead = f"You can use {_or(known, 'and')}." if known else "There are none here."
            raise BadParameterError(shown, f"There is no parameter “{shown}”. {instead}")
    read = {each.name: each.read(typed.get(each.name, ())) for each in parameters}
    return {name: value for name, value in read.items() if value is not None}


def _readable(typed: str) -> str:
    """Return text on one line, without what nobody can type or see."""
    kept = (" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in typed)
    return " ".join("".join(kept).split())


def _or(values: Collection[str], word: str = "or") -> str:
    some = list(values)
    if not some:
        return "left out: there is nothing to choose from yet"
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} {word} {some[-1]}"
