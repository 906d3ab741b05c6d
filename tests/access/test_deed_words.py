"""Every deed in a person's life has words of its own in "Who did what"."""

import re

from marketplace.access.rules import deed_words
from tests.house.tree import PACKAGE

ABOUT_ORGANISATIONS = ("catalogue", "community", "councils", "payments")
"""Rooms whose deeds stand in the trails of stores and councils, which no person reads."""
OF_ORGANISATIONS = frozenset({"role-given", "role-ended"})
A_DEED = re.compile(
    r"(?:what=|what = |_?record(?:_deed|_of_circle)?\(\s*session,\s*(?:\w+,\s*)?)"
    r'"([a-z]+(?:-[a-z]+)+)"(?: if [^"\n]*? else "([a-z-]+)")?'
)


def test_every_deed_is_said_in_words() -> None:
    deeds = {
        deed
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in ABOUT_ORGANISATIONS
        for found in A_DEED.findall(path.read_text(encoding="utf-8"))
        for deed in found
        if deed
    }

    assert {"order-approved", "supporter-ended", "limit-set", "money-held"} <= deeds
    silent = {deed for deed in deeds if "did this:" in deed_words(deed, who="", for_whom="")}
    assert silent <= OF_ORGANISATIONS
