"""What money from one funder, held in one way, may and may not buy: data, read once. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.budgets.rules.words import Funder, Holder

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


ANYTHING = MayBuy(not_for={})


@cache
def may_buy_with(funder: Funder, holder: Holder) -> MayBuy:
    """Return what money of a funder may buy when it is held in one way."""
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
