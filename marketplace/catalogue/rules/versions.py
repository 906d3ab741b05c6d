"""What became different from one version of an offer to the next, in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marketplace.catalogue.rules.prices import PriceBands
from marketplace.catalogue.rules.sale_days import sale_day
from marketplace.kernel.ages import Ages
from marketplace.kernel.labels import label
from marketplace.kernel.money import Money

Content = Mapping[str, Any]
"""What an offer said and cost, as plain values."""

_LONG = {"about": "description", "terms": "terms"}
_PRICES = {
    "price": "price",
    "evening": "price in the evening",
    "weekend": "price at the weekend",
    "bank_holiday": "price on a bank holiday",
}
_SALE_DAYS = {"on_sale_from": "first day on sale", "on_sale_until": "last day on sale"}
_LISTS = {"days": "days", "times": "times"}


def changes(before: Content, after: Content) -> tuple[str, ...]:
    """Return a sentence for each thing that is different, in the order people look for them."""
    found = [_name(before, after), _kind(before, after)]
    found += [_price(words, before.get(name), after.get(name)) for name, words in _PRICES.items()]
    found.append(_plain("unit", before["unit"], after["unit"]))
    found.append(_plain("summary", before["summary"], after["summary"]))
    found += [
        f"The {words} changed." if before[name] != after[name] else ""
        for name, words in _LONG.items()
    ]
    found.append(_parts("what is included", before["included"], after["included"]))
    found.append(_parts("what people can choose", before.get("menu", ()), after.get("menu", ())))
    found.append(_must_choose(before, after))
    found += [_listed(words, topic, before[topic], after[topic]) for topic, words in _LISTS.items()]
    found.append(_ages(before, after))
    found.append(_plain("number of free places", before["places_free"], after["places_free"]))
    found.append(_plain("notice in hours", before["notice_hours"], after["notice_hours"]))
    found.append(
        _plain(
            "share of the price after a late cancellation",
            _percent(before["late_cancel_percent"]),
            _percent(after["late_cancel_percent"]),
        )
    )
    found += [
        _plain(words, _sale_day(before.get(name)), _sale_day(after.get(name)))
        for name, words in _SALE_DAYS.items()
    ]
    # What is taken off sale until its first day comes was not paused by anybody.
    state, ready = _state(before, after), _ready(before, after)
    found.append(ready if after.get("ready") else state or ready)
    return tuple(sentence for sentence in found if sentence)


def said(content: Content) -> Content:
    """Return what of a version can be put back: not whether it was on sale, or on which days."""
    apart = {"state", "ready", *_SALE_DAYS}
    return {name: value for name, value in content.items() if name not in apart and value}


def bands_of(content: Content) -> PriceBands:
    """Return what a version cost; a dearer time that was not known then has no price of its own."""
    pence = (content.get(name) for name in _PRICES)
    price, *dearer = (None if each is None else Money(each) for each in pence)
    assert price is not None, "each version has a price"
    return PriceBands(price, *dearer)


def _name(before: Content, after: Content) -> str:
    if before["title"] == after["title"]:
        return ""
    return f"It was called “{before['title']}” and is now called “{after['title']}”."


def _kind(before: Content, after: Content) -> str:
    if before["category"] == after["category"]:
        return ""
    was, now = (str(each["category"]).replace("-", " ") for each in (before, after))
    return f"The kind of support was {was} and is now {now}."


def _price(words: str, before: int | None, after: int | None) -> str:
    if before == after:
        return ""
    if before is None:
        return f"The {words} is now {Money(after or 0)}; there was none."
    if after is None:
        return f"The {words} was {Money(before)}; now there is none."
    return f"The {words} was {Money(before)} and is now {Money(after)}."


def _plain(words: str, before: object, after: object) -> str:
    if before == after:
        return ""
    if before in {None, ""}:
        return f"The {words} is now {after}; there was none."
    if after in {None, ""}:
        return f"The {words} was {before}; now there is none."
    return f"The {words} was {before} and is now {after}."


def _percent(share: int) -> str:
    return f"{share}%"


def _parts(words: str, before: Sequence[str], after: Sequence[str]) -> str:
    new = [line for line in after if line not in before]
    gone = [line for line in before if line not in after]
    parts = [f"new is {', '.join(new)}"] if new else []
    parts += [f"gone is {', '.join(gone)}"] if gone else []
    if not parts:
        return f"W{words[1:]} stands in another order." if list(before) != list(after) else ""
    return f"Of {words}, {'; '.join(parts)}."


def _must_choose(before: Content, after: Content) -> str:
    now = bool(after.get("must_choose"))
    if bool(before.get("must_choose")) is now:
        return ""
    return "People have to choose now." if now else "People do not have to choose any more."


def _listed(words: str, topic: str, before: Sequence[str], after: Sequence[str]) -> str:
    if list(before) == list(after):
        return ""
    was, now = (_all(topic, each) for each in (before, after))
    return f"The {words} were: {was}. They are now: {now}."


def _all(topic: str, slugs: Sequence[str]) -> str:
    return ", ".join(label(topic, slug) for slug in slugs) or "not said"


def _ages(before: Content, after: Content) -> str:
    was, now = (Ages(each["youngest"], each["oldest"]).words for each in (before, after))
    return "" if was == now else f"The ages were {was or 'all'} and are now {now or 'all'}."


def _sale_day(day: str | None) -> str:
    return sale_day(date.fromisoformat(day)) if day else ""


def _ready(before: Content, after: Content) -> str:
    now = bool(after.get("ready"))
    if bool(before.get("ready")) is now:
        return ""
    return "It waits for its first day." if now else "It does not wait for its first day any more."


def _state(before: Content, after: Content) -> str:
    if before["state"] == after["state"]:
        return ""
    return {
        "on_sale": "It was published.",
        "paused": "It was paused.",
        "ended": "It was ended.",
    }.get(str(after["state"]), "")
