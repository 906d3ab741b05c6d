"""What money from one funder may buy, who may hold it, how it comes: data, read once. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.budgets.rules.words import Calendar, Funder, Holder

_FILE = Path(__file__).parent.parent.parent.parent / "seed" / "funders.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class MayBuy:
    """What a line's money may buy: everything, but for what its funder's rules leave out."""

    not_for: Mapping[str, str]
    """Categories it may not buy, each with the sentence that says so."""
    only_for: frozenset[str] | None = None
    """The only categories it is for, if its money is ring-fenced."""
    only_words: str = ""
    from_council: bool = True
    """May it buy from the council itself?"""
    council_words: str = ""

    def against(self, category: str, *, from_council: bool) -> str:
        """Return the rule against buying something, as a sentence; "" if there is none."""
        if from_council and not self.from_council:
            return self.council_words
        if category in self.not_for:
            return self.not_for[category]
        if self.only_for is not None and category not in self.only_for:
            return self.only_words
        return ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What this money may and may not buy, in plain words."""
        first = self.only_words or "It may buy anything that is lawful and helps you."
        council = (
            "It may buy the council's own services." if self.from_council else self.council_words
        )
        return tuple(each for each in (first, *self.not_for.values(), council) if each)


ANYTHING = MayBuy(not_for={})


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderRules:
    """What goes for all money of one funder."""

    may_hold: tuple[Holder, ...]
    calendar: Calendar
    """How it usually comes."""
    carries_forward: bool
    left_over: str
    """What becomes of what is not spent, in a sentence."""


@cache
def funder_rules(funder: Funder) -> FunderRules:
    """Return who may hold a funder's money, how it comes, and what becomes of what is left."""
    said = _rules()["funder"][funder]
    return FunderRules(
        may_hold=tuple(Holder(name) for name in said["may_hold"]),
        calendar=Calendar(said["calendar"]),
        carries_forward=said["carries_forward"],
        left_over=said["left_over"],
    )


def may_buy_with(
    funder: Funder, holder: Holder, *, only_for: Sequence[str] = (), only_words: str = ""
) -> MayBuy:
    """Return what money of a funder may buy when it is held in one way.

    ``only_for`` is the line's own ring fence, within that of its funder.
    """
    rules = _may_buy_with(funder, holder)
    if not only_for:
        return rules
    fence = frozenset(only_for)
    return replace(
        rules,
        only_for=fence if rules.only_for is None else fence & rules.only_for,
        only_words=only_words,
    )


@cache
def _may_buy_with(funder: Funder, holder: Holder) -> MayBuy:
    rules = _rules()
    of_funder, of_holder = rules["funder"].get(funder, {}), rules["holder"].get(holder, {})
    if funder.is_private:  # what somebody buys with their own money is their own affair
        of_holder = {}
    only = of_funder.get("only_for")
    allowed = frozenset(of_funder.get("also_for", ()))
    not_for = {**of_holder.get("not_for", {}), **of_funder.get("not_for", {})}
    return MayBuy(
        not_for={category: why for category, why in not_for.items() if category not in allowed},
        only_for=None if only is None else frozenset(only),
        only_words=of_funder.get("only_words", ""),
        from_council=of_holder.get("from_council", True),
        council_words=of_holder.get("council_words", ""),
    )


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
