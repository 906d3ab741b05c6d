"""However many move at once, an account never goes below nothing."""

from itertools import count
from uuid import uuid4

from marketplace.database import reading, transaction
from marketplace.kernel.money import Money
from marketplace.wallet import commands, queries
from marketplace.wallet.errors import InsufficientFundsError
from marketplace.wallet.rules import AccountKind
from tests.budgets.racing import at_once
from tests.conftest import NOON
from tests.wallet.conftest import Purse


def test_twelve_threads_take_thirty_of_a_hundred_three_times(purse: Purse) -> None:
    numbers = count()

    def take() -> bool:
        try:
            with transaction() as session:
                movement = purse.set_aside(Money(30_00), key=f"k{next(numbers)}")
                commands.move(session, movement, at=NOON)
        except InsufficientFundsError:
            return False
        return True

    assert at_once(take, threads=12) == 3

    with reading() as session:
        assert queries.balance(session, account_id=purse.available) == Money(10_00)
        assert queries.problems(session) == []


def test_one_account_opened_eight_times_at_once_is_one_account(purse: Purse) -> None:
    owner_id, opened = uuid4(), set()

    def open_it() -> bool:
        with transaction() as session:
            opened.add(
                commands.open_account(
                    session,
                    owner_id=owner_id,
                    kind=AccountKind.EARNED,
                    council_id=purse.council_id,
                )
            )
        return True

    assert at_once(open_it, threads=8) == 8
    assert len(opened) == 1


def test_one_deed_done_eight_times_at_once_is_one_transfer(purse: Purse) -> None:
    transfers = set()

    def take() -> bool:
        with transaction() as session:
            movement = purse.set_aside(Money(30_00), key="once")
            transfers.add(commands.move(session, movement, at=NOON))
        return True

    assert at_once(take, threads=8) == 8

    assert len(transfers) == 1
    with reading() as session:
        assert queries.balance(session, account_id=purse.available) == Money(70_00)
