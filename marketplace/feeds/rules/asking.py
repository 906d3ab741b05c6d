"""What a reader of the feed asks for, and which services answer it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from marketplace.feeds.errors import BadQuestionError
from marketplace.feeds.rules.identity import taxonomy_id
from marketplace.feeds.rules.published import CATEGORIES, FOR_WHOM, KINDS, Key

PER_PAGE, PER_PAGE_MAX = 50, 500
PAGE_MAX = 1_000_000_000
PROXIMITY_MAX = 2_000_000
TYPED_MAX = 1_000
_NOTHING = frozenset({UUID(int=0)})
_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = {
    **{name: name for name in _DAYS},
    **{name[:2]: name for name in _DAYS},
    **dict(zip(_NAMES, _DAYS, strict=True)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that the profile lets a reader ask for. All of it holds together."""

    page: int = 1
    per_page: int = PER_PAGE
    words: tuple[str, ...] = ()
    term_ids: frozenset[UUID] = frozenset()
    taxonomy: str | None = None
    organisation_id: UUID | None = None
    modified_after: datetime | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    starts: time | None = None
    ends: time | None = None
    day: str = ""
    postcode: str = ""
    proximity: int | None = None
    full: bool = False
    minimal: bool = False
    lines: bool = False
    """As newline-delimited JSON, all of it, without pages."""


def read_question(asked: Mapping[str, str]) -> Question:
    """Read the parameters of a feed; those it does not know are passed over.

    Raises:
        BadQuestionError: one of them cannot be read; the sentence names it.
    """
    typed = {name: value.replace("\0", "").strip() for name, value in asked.items()}
    for name, value in typed.items():
        if len(value) > TYPED_MAX:
            raise BadQuestionError(f"{name[:40]} is too long: use at most 1,000 characters.")
    if typed.get("proximity") and not typed.get("postcode"):
        raise BadQuestionError("proximity needs a postcode to be counted from.")
    return Question(
        page=_page(typed.get("page", "")),
        per_page=_per_page(typed.get("per_page", "")),
        words=tuple(typed.get("search", "").casefold().split()),
        term_ids=_term_ids(typed.get("taxonomy_term_id", "")),
        taxonomy=_taxonomy(typed.get("taxonomy_id", "")),
        organisation_id=_organisation_id(typed.get("organization_id", "")),
        modified_after=_modified_after(typed.get("modified_after", "")),
        minimum_age=_age("minimum_age", typed),
        maximum_age=_age("maximum_age", typed),
        starts=_time("start_time", typed),
        ends=_time("end_time", typed),
        day=_day(typed.get("day", "")),
        postcode=typed.get("postcode", ""),
        proximity=_proximity(typed.get("proximity", "")),
        full=_yes("full", typed) or _yes("full_service", typed),
        minimal=_yes("minimal", typed),
        lines=_lines(typed.get("format", "")),
    )


def answers(key: Key, question: Question, centre: tuple[int, int] | None) -> bool:
    """Tell whether a service is one that is asked for; ``centre`` is where the postcode is."""
    return (
        _is_tagged(key, question)
        and _is_when(key, question)
        and (centre is None or _is_near(key, question, centre))
        and question.organisation_id in {None, key.organisation_id}
        and (question.modified_after is None or key.changed_at >= question.modified_after)
        and _is_of_age(key, question)
        and _says(key, question.words)
    )


def _is_tagged(key: Key, question: Question) -> bool:
    if question.term_ids and not question.term_ids & key.term_ids:
        return False
    if question.taxonomy is None:
        return True
    tags = {CATEGORIES: key.categories, FOR_WHOM: key.for_whom, KINDS: (key.kind.value,)}
    return bool(tags.get(question.taxonomy))


def _is_of_age(key: Key, question: Question) -> bool:
    """Tell whether its limits are such: no youngest age is nought, no oldest one is no end."""
    youngest, oldest = key.ages.youngest or 0, key.ages.oldest
    if question.minimum_age is not None and youngest < question.minimum_age:
        return False
    return question.maximum_age is None or (oldest is not None and oldest <= question.maximum_age)


def _is_when(key: Key, question: Question) -> bool:
    if question.day and question.day not in key.days:
        return False
    if question.starts and (key.opens is None or key.opens < question.starts):
        return False
    return not (question.ends and (key.closes is None or key.closes > question.ends))


def _is_near(key: Key, question: Question, centre: tuple[int, int]) -> bool:
    if question.proximity is None and key.reach_metres is None:
        return True  # it says nothing of an area, so the postcode rules nothing out
    if key.grid is None:
        return False
    east, north = key.grid[0] - centre[0], key.grid[1] - centre[1]
    apart = east * east + north * north
    limits = [limit for limit in (question.proximity, key.reach_metres) if limit is not None]
    # Within so many metres of it counts, and so does being where they travel to.
    return apart <= max(limits) ** 2 if question.proximity is None else apart <= limits[0] ** 2


def _says(key: Key, words: tuple[str, ...]) -> bool:
    if not words:
        return True
    said = key.words.casefold()
    return all(word in said for word in words)


def _page(typed: str) -> int:
    if not typed:
        return 1
    number = _whole("page", typed)
    if not 1 <= number <= PAGE_MAX:
        raise BadQuestionError("page counts from 1.")
    return number


def _per_page(typed: str) -> int:
    if not typed:
        return PER_PAGE
    return min(max(1, _whole("per_page", typed)), PER_PAGE_MAX)


def _whole(name: str, typed: str) -> int:
    digits = typed.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise BadQuestionError(f"{name} must be a whole number.")
    return int(digits[:12]) * (-1 if typed.startswith("-") else 1)


def _term_ids(typed: str) -> frozenset[UUID]:
    if not typed:
        return frozenset()
    # An id that is none of ours finds nothing, as one of ours that tags nothing does.
    return frozenset(found for each in typed.split(",") if (found := _uuid(each))) or _NOTHING


def _taxonomy(typed: str) -> str | None:
    if not typed:
        return None
    ours = {taxonomy_id(name): name for name in (CATEGORIES, FOR_WHOM, KINDS)}
    wanted = _uuid(typed)
    return ours.get(wanted, "unknown") if wanted else "unknown"


def _organisation_id(typed: str) -> UUID | None:
    if not typed:
        return None
    return _uuid(typed) or UUID(int=0)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed.strip())
    except ValueError:
        return None


def _modified_after(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        # A plus sign in an address that was not quoted arrives as a space.
        at = datetime.fromisoformat(typed.replace(" ", "+") if "T" in typed else typed)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadQuestionError(
            "modified_after must be a day or an instant, like 2026-03-04 or 2026-03-04T12:00:00Z."
        ) from None


def _age(name: str, typed: Mapping[str, str]) -> float | None:
    text = typed.get(name, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 150:  # noqa: PLR2004 - nobody is older; NaN is not either
        raise BadQuestionError(f"{name} must be an age in years.")
    return number


def _time(name: str, typed: Mapping[str, str]) -> time | None:
    text = typed.get(name, "")
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise BadQuestionError(f"{name} must be a time of day, like 10:30.") from None


def _day(typed: str) -> str:
    if not typed:
        return ""
    if typed.casefold() not in _DAY:
        raise BadQuestionError("day must be a day of the week, like MO or Monday.")
    return _DAY[typed.casefold()]


def _proximity(typed: str) -> int | None:
    if not typed:
        return None
    try:
        number = float(typed)
    except ValueError:
        number = -1.0
    if not 0 <= number <= PROXIMITY_MAX:
        raise BadQuestionError("proximity must be a number of metres from 0 to 2,000,000.")
    return round(number)


def _yes(name: str, typed: Mapping[str, str]) -> bool:
    text = typed.get(name, "").casefold()
    if text not in _YES | _NO:
        raise BadQuestionError(f"{name} must be true or false.")
    return text in _YES


def _lines(typed: str) -> bool:
    if typed.casefold() not in {"", "json", "ndjson"}:
        raise BadQuestionError("format must be json or ndjson.")
    return typed.casefold() == "ndjson"
