"""Accounts to move money between."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from marketplace.kernel.money import Money
from marketplace.wallet import commands
from marketplace.wallet.rules import AccountKind, Leg, Movement
from tests.factories import Make
from tests.factories.people import LONG_AGO


@dataclass(frozen=True, slots=True)
class Purse:
    """A line's accounts and the council's that fills them."""

    council_id: UUID
    line_id: UUID
    funder: UUID
    available: UUID
    held: UUID

    def pay_in(self, amount: Money, *, key: str = "in") -> Movement:
        """Say that money comes in."""
        legs = [Leg(self.funder, -amount), Leg(self.available, amount)]
        return Movement(key, "instalment", legs)

    def set_aside(self, amount: Money, *, key: str) -> Movement:
        """Say that money is set aside."""
        return Movement(key, "hold", [Leg(self.available, -amount), Leg(self.held, amount)])


@pytest.fixture
def purse(make: Make) -> Purse:
    """Return accounts with £100.00 to spend."""
    council_id, line_id = make.council(), uuid4()
    with make.block() as session:
        opened = [
            commands.open_account(session, owner_id=owner, kind=kind, council_id=council_id)
            for owner, kind in (
                (council_id, AccountKind.FUNDER),
                (line_id, AccountKind.AVAILABLE),
                (line_id, AccountKind.HELD),
            )
        ]
        purse = Purse(council_id, line_id, *opened)
        commands.move(session, purse.pay_in(Money(100_00)), at=LONG_AGO)
    return purse
