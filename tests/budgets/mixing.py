"""Everything that moves money, at random, on a few wallets, by many at once."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from uuid import UUID, uuid4, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.budgets import commands as budgets
from marketplace.budgets.commands import NewLimit, PayIn
from marketplace.budgets.commands.taking_out import TakeOut, take_out
from marketplace.budgets.rules import LimitWindow, Spend
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.budgets.racing import Act, connect, went_well
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.forks import Say

ORDERS_A_SECOND = 3
ORDERS_AT_ONCE = 3
DEEDS_AT_LEAST = 20
"""So many each one does, however busy the machine is: with sixteen of them each kind is among."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet that many fight over."""

    person: Actor
    line_id: UUID
    practitioner: Actor
    spend: Spend

    def one_of(self, orders: range, chance: random.Random) -> Spend:
        """Return the same spend for the same order, whoever asks."""
        number = chance.choice(orders)
        pence = Money(10_00 + 3_37 * (number % 11))
        parts = (replace(self.spend.parts[0], amount=pence),)
        return replace(self.spend, order_id=uuid5(self.line_id, str(number)), parts=parts)


@dataclass(frozen=True, slots=True)
class Mix:
    """Deeds at random on a few wallets, all with one provider, until the time is up."""

    wallets: Sequence[Wallet]
    provider_id: UUID
    seconds: float
    began: float = field(default_factory=time.monotonic)

    def stir(self, seed: int) -> Counter[str]:
        """Do deeds at random; return how many of each kind were allowed and refused."""
        chance = random.Random(seed)
        until = time.monotonic() + self.seconds
        done: Counter[str] = Counter()
        deeds = (
            self._hold,
            self._more,
            self._capture,
            self._release,
            self._refund,
            self._limit,
            self._instalment,
            self._pay_in,
            self._take_out,
        )
        weights = (6, 2, 4, 3, 3, 1, 1, 1, 1)
        while time.monotonic() < until or done.total() < DEEDS_AT_LEAST:
            (deed,) = chance.choices(deeds, weights)
            name = deed.__name__.strip("_")
            done[f"{name} {'done' if went_well(deed(chance)) else 'refused'}"] += 1
        return done

    def _orders(self) -> range:
        newest = ORDERS_AT_ONCE + int((time.monotonic() - self.began) * ORDERS_A_SECOND)
        return range(newest - ORDERS_AT_ONCE, newest)

    def _hold(self, chance: random.Random) -> Act:
        wallet = chance.choice(self.wallets)
        return partial(
            budgets.hold,
            spend=wallet.one_of(self._orders(), chance),
            person_id=wallet.person.buys_for,
            by=wallet.person,
            at=PAID_IN,
        )

    def _capture(self, chance: random.Random) -> Act:
        return partial(self._settle(budgets.capture, chance), provider_id=self.provider_id)

    def _release(self, chance: random.Random) -> Act:
        return self._settle(budgets.release, chance)

    def _refund(self, chance: random.Random) -> Act:
        return partial(self._settle(budgets.refund, chance), provider_id=self.provider_id)

    def _limit(self, chance: random.Random) -> Act:
        wallet = chance.choice(self.wallets)
        window = chance.choice([LimitWindow.DAY, LimitWindow.WEEK, LimitWindow.YEAR])
        limit = NewLimit(window=window, amount=Money(chance.randint(80_00, 400_00)), reason="So.")
        return partial(_set_then_end, wallet=wallet, limit=limit)

    def _more(self, chance: random.Random) -> Act:
        wallet = chance.choice(self.wallets)
        spend = wallet.one_of(self._orders(), chance)
        return partial(
            budgets.hold_more,
            order_id=spend.order_id,
            key=str(uuid4()),
            parts=[replace(spend.parts[0], amount=Money(chance.randint(1, 5_00)))],
            by=wallet.person,
            at=PAID_IN,
        )

    def _pay_in(self, chance: random.Random) -> Act:
        line_id, amount = chance.choice(self.wallets).line_id, Money(chance.randint(1, 20_00))
        return partial(
            budgets.pay_in,
            line_id=line_id,
            key=str(uuid4()),
            amount=amount,
            why=PayIn.CARD,
            by_user_id=None,
            at=PAID_IN,
        )

    def _take_out(self, chance: random.Random) -> Act:
        line_id, amount = chance.choice(self.wallets).line_id, Money(chance.randint(1, 15_00))
        return partial(
            take_out,
            line_id=line_id,
            key=str(uuid4()),
            amount=amount,
            why=TakeOut.CARD_REFUND,
            by_user_id=None,
            at=PAID_IN,
        )

    def _instalment(self, chance: random.Random) -> Act:
        at = PAID_IN + timedelta(weeks=self._orders().start + chance.randint(1, 40))
        return partial(budgets.pay_due_instalments, on=local_day(at), at=at)

    def _settle(self, command: Callable[..., None], chance: random.Random) -> Callable[..., object]:
        spend = chance.choice(self.wallets).one_of(self._orders(), chance)
        amount = Money(chance.randint(1, 9_00))
        return partial(
            command, order_id=spend.order_id, key=str(uuid4()), amount=amount, at=PAID_IN
        )


def mix(make: Make, *, seconds: float) -> Mix:
    """Make three wallets of two lines each, and one provider."""
    return Mix([_wallet(make) for _ in range(3)], uuid4(), seconds)


def in_threads(mix: Mix, seed: int, *, threads: int) -> Counter[str]:
    """Stir in many threads of one process."""
    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(mix.stir, range(seed, seed + threads)))
    return sum(done, Counter())


def stirring(say: Say, barrier: Barrier, *, url: str, mix: Mix, seed: int) -> None:
    """Stir in two threads of a process of its own, and say what was done."""
    connect(url, barrier)
    done = in_threads(mix, seed, threads=2)
    say("\n".join(f"{name}:{count}" for name, count in done.items()).encode())


def _wallet(make: Make) -> Wallet:
    funded = make.funded_person(to_spend=Money(60_00))
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(60_00))
    spend = make.spend(Money(1), council_id=funded.council_id)
    return Wallet(funded.person, funded.line_id, funded.practitioner, spend)


def _set_then_end(session: Session, *, wallet: Wallet, limit: NewLimit) -> None:
    by = wallet.practitioner
    limit_id = budgets.set_limit(session, line_id=wallet.line_id, limit=limit, by=by, at=PAID_IN)
    if limit.amount.pence % 2:
        budgets.end_limit(session, limit_id=limit_id, by=by, at=PAID_IN)
