"""Values of a feed: read if they can be, left out with a line that says why if not. Pure.

A feed is somebody else's: its texts may hold scripts, its numbers may be none, its days may lie in
the year 9999. Nothing of that may reach a page, and one bad value is no reason to lose the rest.
"""

import html
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import nh3

from marketplace.feeds.rules.said import Remark
from marketplace.feeds.rules.shaping import email_address, web_address
from marketplace.kernel.clock import local_day
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.rules import Point, from_latitude, parse_postcode

LINE_MAX, TEXT_MAX, KEY_MAX = 300, 4000, 200
YEARS = range(1970, 2101)
PENCE_MAX = 10_000_000
_POUNDS_SAID_MAX = 1e12
_SOUTH, _NORTH, _WEST, _EAST = 49.0, 61.5, -9.0, 2.5
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")
"""Characters that turn text round or cannot be seen."""
_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/div|/h[1-6])\s*/?\s*>", re.IGNORECASE)
_SCRIPT = re.compile(
    r"<\s*(?:script|style|iframe|object|embed)|javascript:|<[^>]*\bon\w+\s*=", re.IGNORECASE
)
_SCRIPTS = re.compile(r"<\s*(script|style)\b.*?(?:</\s*\1\s*>|$)", re.IGNORECASE | re.DOTALL)
"""Whole scripts, even where a mark before them makes a reader take their beginning for nothing."""
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)


@dataclass(slots=True)
class Cleaner:
    """Reads the values of one thing in a feed and notes what it had to leave out."""

    where: str
    remarks: list[Remark] = field(default_factory=list)

    def call(self, where: str) -> None:
        """Call the thing by its name from now on, and in what has been noted of it."""
        self.where = where
        self.remarks = [Remark(where, each.why) for each in self.remarks]

    def note(self, why: str) -> None:
        """Note something that was refused or cleaned."""
        self.remarks.append(Remark(self.where, why))

    def text(self, raw: Mapping[str, Any], name: str, *, longest: int = TEXT_MAX) -> str:
        """Return a text without markup, scripts and characters nobody can see."""
        value = raw.get(name)
        if value is None or value == "":
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.note(f"{name} is not a text and was left out.")
            return ""
        typed = str(value)
        if _SCRIPT.search(typed):
            self.note(f"{name} held a script or something like it, which was taken out.")
        elif _MARKUP.search(typed):
            self.note(f"{name} held HTML, of which the words were kept.")
        if any(each in _HIDDEN or (each < " " and each not in "\r\n\t") for each in typed):
            self.note(f"{name} held characters that nobody can see, which were taken out.")
        found = plain_text(typed)
        if len(found) > longest:
            self.note(f"{name} has {len(found):,} characters; the first {longest:,} were kept.")
            found = found[: longest - 1].rstrip() + "…"
        return found

    def line(self, raw: Mapping[str, Any], name: str, *, longest: int = LINE_MAX) -> str:
        """Return a text of one line."""
        return " ".join(self.text(raw, name, longest=longest).split())

    def key(self, raw: Mapping[str, Any], name: str = "id") -> str:
        """Return an id; empty if there is none that can be used."""
        value = raw.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        found = str(value).strip()
        return found if len(found) <= KEY_MAX and found.isprintable() else ""

    def number(self, raw: Mapping[str, Any], name: str) -> float | None:
        """Return a number that is one."""
        value = raw.get(name)
        if value is None or value == "":
            return None
        try:
            found = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            found = math.nan
        if not math.isfinite(found):
            self.note(f"{name} is no number and was left out.")
            return None
        return found

    def pence(self, raw: Mapping[str, Any], name: str) -> int | None:
        """Return an amount of pounds in pence."""
        pounds = self.number(raw, name)
        if pounds is None:
            return None
        if not 0 <= pounds * 100 <= PENCE_MAX:
            said = f"£{pounds:,.2f}" if abs(pounds) < _POUNDS_SAID_MAX else "far too much"
            self.note(f"{name} is {said}, which is no price, and was left out.")
            return None
        return round(pounds * 100)

    def day(self, raw: Mapping[str, Any], name: str) -> date | None:
        """Return a day of our time."""
        value = raw.get(name)
        if value is None or value == "":
            return None
        try:
            found = _day_here(str(value).strip())
        except ValueError:
            self.note(f"{name} is no day and was left out.")
            return None
        if found.year not in YEARS:
            self.note(f"{name} is in the year {found.year}, which cannot be meant.")
            return None
        return found

    def moment(self, raw: Mapping[str, Any], name: str) -> datetime | None:
        """Return an instant; who says no time zone means UTC."""
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip():
            return None
        try:
            found = datetime.fromisoformat(value.strip())
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            self.note(f"{name} is no instant and was left out.")
            return None
        return found if found.year in YEARS else None

    def clock(self, raw: Mapping[str, Any], name: str) -> time | None:
        """Return a time of day, whatever seconds and zone are written after it."""
        value = raw.get(name)
        if value is None or value == "":
            return None
        found = re.match(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)", str(value).strip())
        if found is None:
            self.note(f"{name} is no time of day and was left out.")
            return None
        return time(int(found[1]), int(found[2]))

    def postcode(self, raw: Mapping[str, Any], name: str) -> str:
        """Return a postcode as it is printed on a letter."""
        typed = self.line(raw, name)
        if not typed:
            return ""
        try:
            return str(parse_postcode(typed))
        except PlaceNotFoundError:
            self.note(f"{name} “{typed[:20]}” is not written like a postcode and was left out.")
            return ""

    def point(self, raw: Mapping[str, Any]) -> Point | None:
        """Return a place on the grid, if it lies in the United Kingdom."""
        latitude, longitude = self.number(raw, "latitude"), self.number(raw, "longitude")
        if latitude is None or longitude is None:
            return None
        if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
            self.note(f"it lies at {latitude:g}, {longitude:g}, outside the UK: left out.")
            return None
        return from_latitude(latitude, longitude)

    def link(self, raw: Mapping[str, Any], name: str) -> str:
        """Return a web address."""
        typed = self.line(raw, name, longest=500)
        found = web_address(typed)
        if typed and not found:
            self.note(f"{name} is no web address and was left out.")
        return found

    def email(self, raw: Mapping[str, Any], name: str) -> str:
        """Return an e-mail address."""
        typed = self.line(raw, name)
        found = email_address(typed)
        if typed and not found:
            self.note(f"{name} is no e-mail address and was left out.")
        return found

    def parts(self, raw: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
        """Give what is nested under the first of some names that is there."""
        for name in names:
            value = raw.get(name)
            if value is None:
                continue
            inside = value if isinstance(value, list) else [value]
            for each in inside:
                if isinstance(each, Mapping):
                    yield each
                else:
                    self.note(f"{name} holds something that is no record; it was left out.")
            return


def _day_here(typed: str) -> date:
    """Return the day that somebody wrote, or on which an instant with a zone is in London.

    Many programs write a day as its midnight in UTC: in summer that is an hour of the day before.
    """
    written = date.fromisoformat(typed[:10])
    try:
        at = datetime.fromisoformat(typed)
        return local_day(at) if at.tzinfo is not None else written
    except (ValueError, OverflowError):
        return written


def plain_text(typed: str) -> str:
    """Return the words of a text: no markup, no scripts, no characters that cannot be seen."""
    text = typed
    if "<" in text or "&" in text:
        text = _BREAKS.sub("\n", _SCRIPTS.sub("", text))
        # Taken apart twice: what was escaped twice may be markup once it is read.
        for _ in range(2):
            text = html.unescape(
                nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
            )
        text = re.sub(r"<[^>]*>", "", text)
    shown = (
        each
        for each in unicodedata.normalize("NFC", text)
        if (each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs", "Co"})
        and each not in _HIDDEN
    )
    lines = (" ".join(line.split()) for line in "".join(shown).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
