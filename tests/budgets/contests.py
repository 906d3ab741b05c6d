"""Who races for what: deeds that cannot all be allowed, and how many of them can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from marketplace.budgets import commands as budgets
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.commands import Credit, PlaceOrder
from tests.budgets.racing import Act
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW

THIRTY = Money(30_00)
RACERS = 8


@dataclass(frozen=True, slots=True)
class Contest:
    """Deeds that all begin at once, and how many of them there is money for."""

    acts: Sequence[Act]
    winners: int


Prepare = Callable[[Make], Contest]
CONTESTS: dict[str, Prepare] = {}


def contest(name: str) -> Callable[[Prepare], Prepare]:
    """Write a contest into the table."""

    def add(prepare: Prepare) -> Prepare:
        assert name not in CONTESTS
        CONTESTS[name] = prepare
        return prepare

    return add


def spending(make: Make, funded: Funded, *, times: int = RACERS) -> list[Act]:
    """Return deeds that each set £30.00 aside for another order."""
    return [
        partial(
            budgets.hold,
            spend=make.spend(THIRTY, council_id=funded.council_id),
            person_id=funded.id,
            by=funded.person,
            at=PAID_IN,
        )
        for _ in range(times)
    ]


@contest("£30.00 of £100.00, held three times")
def _(make: Make) -> Contest:
    return Contest(spending(make, make.funded_person()), winners=3)


@contest("£30.00 of each of three wallets with £100.00, held nine times")
def _(make: Make) -> Contest:
    wallets = [spending(make, make.funded_person(), times=4) for _ in range(3)]
    return Contest([act for acts in zip(*wallets, strict=True) for act in acts], winners=9)


@contest("£30.00 of two lines with £50.00, held three times")
def _(make: Make) -> Contest:
    funded = make.funded_person(to_spend=Money(50_00))
    make.line(person=funded.person, practitioner=funded.practitioner, instalment=Money(50_00))
    return Contest(spending(make, funded), winners=3)


@contest("£30.00 under a limit of £60.00, held twice")
def _(make: Make) -> Contest:
    limits = [make.limit(Money(60_00), window=LimitWindow.FOUR_WEEKS)]
    return Contest(
        spending(make, make.funded_person(to_spend=Money(1000_00), limits=limits)), winners=2
    )


@contest("£30.00 of £100.00 set aside, captured three times")
def _(make: Make) -> Contest:
    return _settling(make, budgets.capture, provider_id=uuid4())


@contest("£30.00 of £100.00 set aside, released three times")
def _(make: Make) -> Contest:
    return _settling(make, budgets.release)


@contest("£100.00 set aside, captured or released, three times in all")
def _(make: Make) -> Contest:
    funded = make.funded_person()
    order_id = make.hold(funded, Money(100_00))
    some = partial(budgets.capture, provider_id=uuid4()), budgets.release
    acts = [
        partial(some[n % 2], order_id=order_id, key=f"{order_id}/{n}", amount=THIRTY, at=PAID_IN)
        for n in range(RACERS)
    ]
    return Contest(acts, winners=3)


@contest("£30.00 of £100.00 captured, refunded three times")
def _(make: Make) -> Contest:
    funded, provider_id = make.funded_person(), uuid4()
    order_id = make.hold(funded, Money(100_00))
    paid = partial(budgets.capture, order_id=order_id, provider_id=provider_id, at=PAID_IN)
    with make.block() as session:
        paid(session, key=f"capture/{order_id}", amount=Money(100_00))
    acts = [
        partial(
            budgets.refund,
            order_id=order_id,
            key=f"refund/{order_id}/{number}",
            amount=THIRTY,
            provider_id=provider_id,
            at=PAID_IN,
        )
        for number in range(RACERS)
    ]
    return Contest(acts, winners=3)


@contest("£30.00 of £100.00, ordered three times")
def _(make: Make) -> Contest:
    funded = make.funded_person()
    providers = [make.provider() for _ in range(5)]
    acts: list[Act] = []
    for provider in providers:
        make.in_basket(funded.person, make.offer(provider=provider))
        wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)
        acts.append(partial(orders.place_order, wish=wish, by=funded.person, at=PAID_IN))
    return Contest(acts, winners=3)


@contest("£10.00 of an invoice of £30.00, credited three times")
def _(make: Make) -> Contest:
    deal = make.accepted()
    invoice_id = make.confirmed(deal)
    wishes = [
        Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=Money(10_00), reason="Too short.")
        for _ in range(RACERS)
    ]
    acts = [partial(orders.credit, wish=wish, by=deal.provider, at=TOMORROW) for wish in wishes]
    return Contest(acts, winners=3)


def _settling(make: Make, command: Callable[..., None], **more: object) -> Contest:
    order_id = make.hold(make.funded_person(), Money(100_00))
    acts = [
        partial(
            command,
            order_id=order_id,
            key=f"{order_id}/{number}",
            amount=THIRTY,
            at=PAID_IN,
            **more,
        )
        for number in range(RACERS)
    ]
    return Contest(acts, winners=3)
