"""Money that comes in, for the small market: a link, payments by card, statements."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.access.rules import Actor
from tests.factories import Make
from tests.factories.money import Funded

_HEAD = "Date,Amount,Reference\n"


def add_money_in(
    make: Make, officer: Actor, funded: Funded, *, now: datetime
) -> Mapping[str, list[str]]:
    """Make one of everything that pages of money in show; say for whom which pages are."""
    make.bank_account(by=officer, at=now)
    _, token = make.family_link(funded, at=now)
    own = f"/wallet/top-ups/{make.top_up(funded, at=now)}"
    regular = f"/wallet/regular/{make.regular(funded, at=now, kept=False)}"
    declined = f"/wallet/top-ups/{make.declined(funded, at=now)}"
    for lost in (False, True):
        make.card_dispute(funded, at=now, lost=lost)
    given = [f"/give/{token}", f"/give/{token}/{make.gift(token, at=now)}"]
    day = (now - timedelta(days=2)).strftime("%Y-%m-%d")
    right = make.pay_reference(funded, at=now)
    posted = f"{day},20.00,{right}\n{day},12.00,0{right[1:]}\n9,1.00,?\n"
    make.statement(f"{_HEAD}{posted}".encode(), by=officer, at=now, taken_in=True)
    make.statement(f"{_HEAD}{day},4.00,COUNCIL TAX\n".encode(), by=officer, at=now)
    unknown = make.statement(f"Wann,Wieviel,Was\n{day},3.00,?\n".encode(), by=officer, at=now)
    return {
        "person": ["/wallet/top-up", own, "/wallet/regular", regular, declined],
        "supporter": ["/wallet/top-up", own, "/wallet/regular", regular],
        "stranger": given,
        "provider": ["/my-store/stripe", "/my-store/kept-money"],
        "officer": [f"/payments/statements/{unknown}/columns"],
    }
