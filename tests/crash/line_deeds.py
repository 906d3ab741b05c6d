"""The deeds that move money between lines, pools, holders and councils: more rows of the table."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from marketplace.access.rules import Role
from marketplace.budgets import commands as budgets
from marketplace.budgets.commands import (
    AnswerRequest,
    AskOnce,
    ChangeLine,
    DecideClawback,
    GiveNotice,
    NewHolder,
    OfferLine,
    PutIntoPool,
    RecordPurchase,
    TakeFromPool,
    TakeOver,
)
from marketplace.budgets.commands import Share as Percent
from marketplace.budgets.rules import ClawbackEnd, Holder, LimitWindow, Spend
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO, Money
from tests.crash.dying import Act
from tests.crash.table import deed
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

LATER = PAID_IN + timedelta(weeks=8)


@deed("pass a limit once")
def _(make: Make) -> Act:
    limit = make.limit(Money(30_00), window=LimitWindow.WEEK)
    funded = make.funded_person(limits=[limit])
    provider_id = make.provider().works_for
    ask = AskOnce(
        request_id=uuid4(),
        limit_id=limit.limit_id,
        provider_id=provider_id,
        amount=Money(40_00),
        what="A day out",
        words="My birthday.",
    )
    say_yes = AnswerRequest(request_id=ask.request_id, agree=True, reason="Enjoy it.")
    with make.block() as session:
        budgets.ask_once(session, ask, by=funded.person, at=PAID_IN)
        budgets.answer_request(session, say_yes, by=funded.practitioner, at=PAID_IN)
    spend = Spend.of(
        Money(40_00),
        order_id=uuid4(),
        council_id=funded.council_id,
        provider_id=provider_id,
        category="company",
    )
    return partial(budgets.hold, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)


@deed("put money into a pool")
def _(make: Make) -> Act:
    pooled = make.pool(put_in=(Money(60_00), ZERO))
    funded = pooled.members[1]
    wish = PutIntoPool(
        deposit_id=uuid4(), pool_id=pooled.pool_id, line_id=funded.line_id, amount=Money(20_00)
    )
    return partial(budgets.put_into_pool, wish=wish, by=funded.person, at=PAID_IN)


@deed("take money from a pool")
def _(make: Make) -> Act:
    pooled = make.pool()
    (mine,) = make.pool_view(pooled).mine
    wish = TakeFromPool(
        withdrawal_id=uuid4(),
        pool_id=pooled.pool_id,
        share_id=mine.line_id,
        amount=Money(20_00),
    )
    return partial(budgets.take_from_pool, wish=wish, by=pooled.members[0].person, at=PAID_IN)


@deed("hold money of a pool")
def _(make: Make) -> Act:
    pooled = make.pool()
    funded = pooled.members[0]
    spend = make.pool_spend(pooled, Money(50_00))
    return partial(budgets.hold, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)


@deed("capture money of a pool")
def _(make: Make) -> Act:
    spend = make.pool_hold(make.pool(), Money(50_00))
    return partial(
        budgets.capture,
        order_id=spend.order_id,
        key=f"capture/{spend.order_id}",
        amount=Money(50_00),
        provider_id=spend.provider_id,
        at=PAID_IN,
    )


@deed("leave a pool")
def _(make: Make) -> Act:
    pooled = make.pool()
    make.pool_hold(pooled, Money(30_00))
    person = pooled.members[1].person
    return partial(budgets.leave_pool, pool_id=pooled.pool_id, by=person, at=PAID_IN)


@deed("release to who has left a pool")
def _(make: Make) -> Act:
    pooled = make.pool()
    spend = make.pool_hold(pooled, Money(60_00))
    with make.block() as session:
        by = pooled.members[1].person
        budgets.leave_pool(session, pool_id=pooled.pool_id, by=by, at=PAID_IN)
    return partial(
        budgets.release,
        order_id=spend.order_id,
        key=f"release/{spend.order_id}",
        amount=Money(60_00),
        at=PAID_IN,
    )


@deed("buy elsewhere")
def _(make: Make) -> Act:
    limits = [make.limit(Money(15_00), window=LimitWindow.WEEK)]
    wish = _purchase()
    return partial(
        budgets.record_purchase, wish=wish, by=make.funded_person(limits=limits).person, at=PAID_IN
    )


@deed("take back what was bought elsewhere")
def _(make: Make) -> Act:
    funded, wish = make.funded_person(), _purchase()
    with make.block() as session:
        budgets.record_purchase(session, wish, by=funded.person, at=PAID_IN)
    return partial(
        budgets.remove_purchase, purchase_id=wish.purchase_id, by=funded.person, at=PAID_IN
    )


@deed("go on with a line of another council")
def _(make: Make) -> Act:
    funded, other = make.funded_person(), make.practitioner()
    make.hold(funded, Money(40_00))
    wish = OfferLine(
        handover_id=uuid4(),
        line_id=funded.line_id,
        to_council_id=other.works_for,
        reason="They have moved.",
    )
    with make.block() as session:
        budgets.offer_line(session, wish, by=funded.practitioner, at=PAID_IN)
    take = TakeOver(handover_id=wish.handover_id, yearly=Money(1300_00))
    return partial(budgets.take_over, wish=take, by=other, at=PAID_IN)


@deed("split a line")
def _(make: Make) -> Act:
    funded = make.funded_person(limits=[make.limit(window=LimitWindow.WEEK)])
    make.hold(funded, Money(20_00))
    others = [Percent(percent=40, new=NewHolder(holder=Holder.COUNCIL_MANAGED))]
    wish = _change(funded)
    return partial(
        budgets.split_line,
        wish=wish,
        percent=60,
        others=others,
        by=funded.practitioner,
        at=PAID_IN,
    )


@deed("give a line another holder")
def _(make: Make) -> Act:
    funded = make.funded_person()
    new = NewHolder(holder=Holder.COUNCIL_MANAGED)
    wish = _change(funded)
    return partial(budgets.change_holder, wish=wish, new=new, by=funded.practitioner, at=PAID_IN)


@deed("move an individual service fund")
def _(make: Make) -> Act:
    funded = make.funded_person()
    first, then = make.provider().works_for, make.provider().works_for
    new = NewHolder(holder=Holder.ISF, provider_id=first)
    with make.block() as session:
        budgets.change_holder(session, _change(funded), new=new, by=funded.practitioner, at=PAID_IN)
    wish = _change(funded)
    return partial(
        budgets.move_isf, wish=wish, provider_id=then, by=funded.practitioner, at=PAID_IN
    )


@deed("close a line into another")
def _(make: Make) -> Act:
    funded = make.funded_person()
    other = make.line(person=funded.person, practitioner=funded.practitioner)
    wish = _change(funded)
    return partial(budgets.close_line, wish=wish, into_id=other, by=funded.practitioner, at=PAID_IN)


@deed("decide a clawback")
def _(make: Make) -> Act:
    funded = make.funded_person()
    officer = make.staff(organisation_id=funded.council_id, role=Role.FINANCE_OFFICER)
    notice = GiveNotice(
        clawback_id=uuid4(),
        line_id=funded.line_id,
        amount=Money(60_00),
        reason="It was paid twice.",
        evidence="Bank statement of 4 March.",
    )
    with make.block() as session:
        budgets.give_notice(session, notice, by=funded.practitioner, at=PAID_IN)
    wish = DecideClawback(
        clawback_id=notice.clawback_id, end=ClawbackEnd.TAKE_ALL, reason="It is so."
    )
    return partial(budgets.decide_clawback, wish=wish, by=officer, at=LATER)


def _change(funded: Funded) -> ChangeLine:
    return ChangeLine.new(funded.line_id, "It was agreed at the review.")


def _purchase() -> RecordPurchase:
    purchase_id: UUID = uuid4()
    return RecordPurchase(
        purchase_id=purchase_id,
        amount=Money(20_00),
        what="Cinema with Joe",
        paid_on=local_day(PAID_IN),
        category="company",
    )
