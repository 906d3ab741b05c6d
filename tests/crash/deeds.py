"""Every deed that moves money or says what may be moved: one row each.

A deed is prepared through the commands of the market, and is then a function of a session alone:
so that any process can do it, be killed in the middle of it, and do it again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

from marketplace.budgets import commands as budgets
from marketplace.budgets.commands import OpenLine, PayIn, TakeOut, Terms
from marketplace.budgets.rules import Funder, Holder, LimitWindow, Part
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.commands import Credit, NoteDelivery, PlaceOrder, Sent
from marketplace.orders.rules import NoteKind
from marketplace.payments import commands as payments
from tests.crash.dying import Act
from tests.crash.table import deed
from tests.factories import Make
from tests.factories.money import PAID_IN, STARTS_ON, Funded
from tests.factories.orders import TOMORROW
from tests.factories.payments import PAY_DAY

FIVE_WINDOWS = (
    LimitWindow.ORDER,
    LimitWindow.DAY,
    LimitWindow.WEEK,
    LimitWindow.MONTH,
    LimitWindow.YEAR,
)


def limited(make: Make) -> Funded:
    """Make somebody with three lines of £100.00, the first two with five limits each."""
    limits = [make.limit(Money(150_00), window=window) for window in FIVE_WINDOWS]
    funded = make.funded_person(limits=limits)
    again = [replace(limit, limit_id=uuid4()) for limit in limits]
    for more in (again, ()):
        make.line(person=funded.person, practitioner=funded.practitioner, limits=more)
    return funded


@deed("open a line")
def _(make: Make) -> Act:
    wish = OpenLine(
        line_id=uuid4(),
        person_id=make.person().buys_for,
        funder=Funder.ADULT_SOCIAL_CARE,
        yearly=Money(1300_00),
        holder=Holder.DIRECT_PAYMENT,
        starts_on=STARTS_ON,
        outcomes=("I see my friends.",),
        limits=(make.limit(), make.limit(window=LimitWindow.WEEK)),
    )
    return partial(budgets.open_line, wish=wish, by=make.practitioner(), at=PAID_IN)


@deed("pay instalments")
def _(make: Make) -> Act:
    for _ in range(3):
        make.funded_person()
    later = PAY_DAY.replace(month=5)
    return partial(budgets.pay_due_instalments, on=local_day(later), at=later)


@deed("set a limit")
def _(make: Make) -> Act:
    funded = make.funded_person()
    make.hold(funded, Money(20_00))
    return partial(
        budgets.set_limit,
        line_id=funded.line_id,
        limit=make.limit(window=LimitWindow.WEEK),
        by=funded.practitioner,
        at=PAID_IN,
    )


@deed("end a limit")
def _(make: Make) -> Act:
    limit = make.limit(window=LimitWindow.WEEK)
    funded = make.funded_person(limits=[limit])
    return partial(budgets.end_limit, limit_id=limit.limit_id, by=funded.practitioner, at=PAID_IN)


@deed("hold")
def _(make: Make) -> Act:
    funded = limited(make)
    spend = make.spend(Money(250_00), council_id=funded.council_id)
    return partial(budgets.hold, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)


@deed("hold, refused")
def _(make: Make) -> Act:
    funded = limited(make)
    spend = make.spend(Money(300_01), council_id=funded.council_id)
    return partial(budgets.hold, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)


@deed("hold more")
def _(make: Make) -> Act:
    funded = limited(make)
    order_id = make.hold(funded, Money(100_00))
    parts = (Part("company", None, Money(70_00)), Part("getting-around", None, Money(50_00)))
    return partial(
        budgets.hold_more,
        order_id=order_id,
        key=f"more/{order_id}",
        parts=parts,
        by=funded.person,
        at=PAID_IN,
    )


@deed("hold the next four weeks")
def _(make: Make) -> Act:
    funded = limited(make)
    spend = make.spend(Money(60_00), council_id=funded.council_id)
    first, then = PAID_IN.date() + timedelta(weeks=4), PAID_IN.date() + timedelta(weeks=8)
    terms = Terms(agreed=Money(60_00), covers_until=first)
    with make.block() as session:
        budgets.hold(
            session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN, terms=terms
        )
    return partial(
        budgets.roll_hold,
        order_id=spend.order_id,
        parts=spend.parts,
        covers_until=then,
        by=None,
        at=PAID_IN,
    )


@deed("pay in by card")
def _(make: Make) -> Act:
    funded = make.funded_person()
    return partial(
        budgets.pay_in,
        line_id=funded.line_id,
        key=f"card/{funded.line_id}",
        amount=Money(25_00),
        why=PayIn.CARD,
        by_user_id=None,
        at=PAID_IN,
    )


@deed("open a line of one's own money")
def _(make: Make) -> Act:
    funded = make.funded_person()
    council_id = funded.council_id
    return partial(
        budgets.own_line, person_id=funded.id, council_id=council_id, by_user_id=None, at=PAID_IN
    )


@deed("take money out")
def _(make: Make) -> Act:
    funded = make.funded_person()
    return partial(
        budgets.take_out,
        line_id=funded.line_id,
        key=f"out/{funded.line_id}",
        amount=Money(25_00),
        why=TakeOut.CARD_REFUND,
        by_user_id=None,
        at=PAID_IN,
    )


@deed("capture all")
def _(make: Make) -> Act:
    return _settle(make, budgets.capture, Money(250_00), provider_id=uuid4())


@deed("capture a part")
def _(make: Make) -> Act:
    return _settle(make, budgets.capture, Money(120_00), provider_id=uuid4())


@deed("capture more than was set aside")
def _(make: Make) -> Act:
    funded = limited(make)
    spend = make.spend(Money(100_00), council_id=funded.council_id)
    terms = Terms(tolerance=Money(10_00))
    with make.block() as session:
        budgets.hold(
            session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN, terms=terms
        )
    return partial(
        budgets.capture,
        order_id=spend.order_id,
        key=f"capture/{spend.order_id}",
        amount=Money(108_00),
        provider_id=spend.provider_id,
        at=PAID_IN,
    )


@deed("release")
def _(make: Make) -> Act:
    return _settle(make, budgets.release, Money(180_00))


@deed("refund")
def _(make: Make) -> Act:
    funded, provider_id = limited(make), uuid4()
    order_id = make.hold(funded, Money(250_00))
    with make.block() as session:
        budgets.capture(
            session,
            order_id=order_id,
            key=f"before/{order_id}",
            amount=Money(240_00),
            provider_id=provider_id,
            at=PAID_IN,
        )
    return partial(
        budgets.refund,
        order_id=order_id,
        key=f"refund/{order_id}",
        amount=Money(170_00),
        provider_id=provider_id,
        at=PAID_IN,
    )


def _settle(make: Make, command: Callable[..., None], amount: Money, **more: object) -> Act:
    order_id = make.hold(limited(make), Money(250_00))
    key = f"settle/{order_id}"
    return partial(command, order_id=order_id, key=key, amount=amount, at=PAID_IN, **more)


@deed("place an order")
def _(make: Make) -> Act:
    funded, provider = limited(make), make.provider()
    offer_id = make.offer(provider=provider)
    make.in_basket(funded.person, offer_id, visits=3)
    wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)
    return partial(orders.place_order, wish=wish, by=funded.person, at=PAID_IN)


@deed("cancel an order")
def _(make: Make) -> Act:
    deal = make.placed()
    return partial(orders.cancel_order, order_id=deal.order_id, by=deal.person, at=PAID_IN)


@deed("confirm visits")
def _(make: Make) -> Act:
    deal = make.accepted(visits=2)
    visits = [make.noted(deal, visit=1)]
    return partial(
        orders.confirm_visits,
        order_id=deal.order_id,
        visit_ids=visits,
        by=deal.person,
        at=TOMORROW,
    )


@deed("put right that a visit was missed")
def _(make: Make) -> Act:
    deal = make.accepted(funded=limited(make))
    visit_id = make.noted(deal, note=NoteKind.MISSED)
    wish = NoteDelivery(visit_id=visit_id, note_kind=NoteKind.FULL, sent=Sent(uuid4()))
    return partial(orders.correct_note, wish=wish, by=deal.provider, at=TOMORROW)


@deed("take back that a visit was missed")
def _(make: Make) -> Act:
    deal = make.accepted(funded=limited(make))
    visit_id = make.noted(deal, note=NoteKind.MISSED)
    return partial(orders.undo_note, visit_id=visit_id, by=deal.provider, at=TOMORROW)


@deed("give credit")
def _(make: Make) -> Act:
    deal = make.accepted()
    invoice_id = make.confirmed(deal)
    wish = Credit(credit_id=uuid4(), invoice_id=invoice_id, amount=Money(5_00), reason="Too short.")
    return partial(orders.credit, wish=wish, by=deal.provider, at=TOMORROW)


@deed("pay a payment run")
def _(make: Make) -> Act:
    deal = make.accepted()
    make.confirmed(deal)
    officer = make.officer(council_id=deal.funded.council_id)
    run_id = make.sent_run(by=officer)
    return partial(
        payments.mark_paid, run_id=run_id, paid_on=local_day(PAY_DAY), by=officer, at=PAY_DAY
    )
