"""Plays everything that can happen to a wallet, in any order, against the model.

All steps of a game are in one transaction that is undone at its end.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from marketplace.budgets import commands, queries
from marketplace.budgets.commands import (
    ChangeLine,
    NewHolder,
    NewLimit,
    OpenLine,
    PayIn,
    Terms,
)
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine
from marketplace.budgets.rules import (
    Holder,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    Part,
    Spend,
)
from marketplace.database import db
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from marketplace.wallet import queries as ledger
from tests.budgets.model import LONDON, Leave, Limit, Line, Order, Wallet, Wish, day_in_london
from tests.budgets.stage import (
    BALANCES,
    CATEGORIES,
    LINES,
    STARTS,
    USES,
    Stage,
    agreed,
    jumps,
    later,
    numbers,
    pennies,
    wishes,
)


class Game(RuleBasedStateMachine):
    """One wallet, from its first line on."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.session = stage, db.writer()
        self.session.begin()
        self.wallet = Wallet()
        self.accounts: dict[UUID, tuple[UUID, UUID]] = {}
        self.keys = count(1)
        self.settled: list[tuple[Callable[..., object], dict[str, object]]] = []
        self.agrees = False
        stage.games += 1

    @initialize(start=st.sampled_from(STARTS), yearly=st.integers(1300_00, 20000_00))
    def open_two_lines(self, start: date, yearly: int) -> None:
        self.at = datetime(start.year, start.month, start.day, 9, tzinfo=LONDON).astimezone(UTC)
        self._open(0, yearly)
        self._open(1, yearly // 3)

    @precondition(lambda self: len(self.wallet.lines) < len(LINES))
    @rule(yearly=st.integers(13, 3000_00), weeks=st.none() | st.integers(1, 30))
    def open_another_line(self, yearly: int, weeks: int | None) -> None:
        self._open(2, yearly, weeks)

    @rule(jump=jumps)
    def time_passes(self, jump: str) -> None:
        self.at = later(self.at, jump)

    @rule()
    def the_instalment_job_runs(self) -> None:
        day = day_in_london(self.at)
        commands.pay_due_instalments(self.session, on=day, at=self.at)
        for line in self.wallet.lines:
            line.pay_due(day)

    @rule(which=numbers, pence=pennies)
    def money_is_paid_in(self, which: int, pence: int) -> None:
        line = self.wallet.lines[which % len(self.wallet.lines)]
        key = self._key("card")
        for _ in range(1 + which % 2):  # the same message again changes nothing
            commands.pay_in(
                self.session,
                line_id=line.id,
                key=key,
                amount=Money(pence),
                why=PayIn.CARD,
                by_user_id=None,
                at=self.at,
            )
        line.paid_in += pence

    @rule(wanted=wishes, seller=st.integers(0, 1), named=numbers, tolerance=numbers)
    def something_is_ordered(
        self, wanted: list[tuple[str, int, int]], seller: int, named: int, tolerance: int
    ) -> None:
        provider = self.stage.providers[seller]
        order = Order(uuid4(), provider, day_in_london(self.at), tolerance * (named % 3 == 0))
        lines = [self.wallet.lines[named % 7 % len(self.wallet.lines)]] if named % 5 == 0 else []
        meant = self._wishes(wanted)
        spend = Spend(
            order_id=order.id,
            council_id=self.stage.practitioner.works_for,
            provider_id=provider,
            parts=_parts(meant),
            line_ids=tuple(line.id for line in lines),
        )
        allowed = self.wallet.hold(order, meant, self.at, lines)
        self._expect(
            allowed,
            commands.hold,
            spend=spend,
            person_id=self.stage.person.buys_for,
            by=self.stage.person,
            at=self.at,
            terms=Terms(tolerance=Money(order.tolerance)),
        )
        if allowed:
            self.wallet.orders.append(order)

    @precondition(lambda self: self.wallet.orders)
    @rule(which=numbers, wanted=wishes)
    def more_is_set_aside(self, which: int, wanted: list[tuple[str, int, int]]) -> None:
        order, meant = self._order(which), self._wishes(wanted)
        self._expect(
            self.wallet.hold(order, meant, self.at),
            commands.hold_more,
            order_id=order.id,
            key=self._key("more"),
            parts=_parts(meant),
            by=self.stage.person,
            at=self.at,
        )

    @precondition(lambda self: self.wallet.orders)
    @rule(which=numbers, pence=pennies, wanted=st.just([]) | wishes)
    def some_is_delivered(self, which: int, pence: int, wanted: list[tuple[str, int, int]]) -> None:
        order, first = self._order(which), self._wishes(wanted)
        amount = min(pence, order.sum("open") + which % 2 * pence) or pence
        self._settle(
            self.wallet.capture(order, amount, self.at, first),
            commands.capture,
            order,
            amount,
            parts=_parts(first),
            provider_id=order.provider,
        )

    @precondition(lambda self: self.wallet.orders)
    @rule(which=numbers, pence=pennies, wanted=st.just([]) | wishes)
    def some_is_not_needed(
        self, which: int, pence: int, wanted: list[tuple[str, int, int]]
    ) -> None:
        order, first = self._order(which), self._wishes(wanted)
        amount = order.sum("open") if which % 3 == 0 else pence
        if amount:
            allowed = self.wallet.release(order, amount, first)
            self._settle(allowed, commands.release, order, amount, parts=_parts(first))

    @precondition(lambda self: self.wallet.orders)
    @rule(which=numbers, pence=pennies)
    def some_is_refunded(self, which: int, pence: int) -> None:
        order = self._order(which)
        paid = order.sum("captured") - order.sum("refunded")
        amount = paid if which % 3 == 0 else min(pence, paid + which % 2)
        if amount:
            allowed = self.wallet.refund(order, amount)
            self._settle(allowed, commands.refund, order, amount, provider_id=order.provider)

    @precondition(lambda self: self.settled)
    @rule(which=numbers)
    def a_deed_is_sent_again(self, which: int) -> None:
        command, words = self.settled[which % len(self.settled)]
        command(self.session, **words)

    @precondition(lambda self: len([one for one in self.wallet.limits if not one.ended]) < 4)
    @rule(
        which=numbers,
        window=st.sampled_from(LimitWindow),
        most=st.integers(0, 90_00) | st.integers(1_00, 600_00),
        counts=st.booleans(),
        narrowed=st.sampled_from(Narrowing),
        others=st.booleans(),
    )
    def a_limit_is_set(
        self,
        which: int,
        window: LimitWindow,
        most: int,
        counts: bool,  # noqa: FBT001 - Hypothesis names it
        narrowed: Narrowing,
        others: bool,  # noqa: FBT001
    ) -> None:
        counts = counts and window is not LimitWindow.ORDER
        to = {
            Narrowing.CATEGORY: CATEGORIES[which % 3],
            Narrowing.PROVIDER: str(self.stage.providers[which % 2]),
            Narrowing.OUTCOME: str(self.stage.outcome_id),
        }.get(narrowed)
        most = max(most % 5 if counts else most, 1)
        line = self.wallet.lines[which % len(self.wallet.lines)]
        limit = Limit(
            id=uuid4(),
            line=line,
            window=window.value,
            most=most,
            counts=counts,
            narrowed=narrowed.value if to else "",
            to=frozenset({to} if to else ()),
            others=others and to is not None,
        )
        wish = NewLimit(
            limit_id=limit.id,
            window=window,
            reason="We agreed it.",
            amount=Money(0 if counts else most),
            kind=LimitKind.ASK if which % 2 else LimitKind.REFUSE,
            measure=Measure.COUNT if counts else Measure.AMOUNT,
            count_max=most if counts else 0,
            narrowed=narrowed,
            narrowed_to=tuple(limit.to),
            others=limit.others,
            about="something" if to else "",
        )
        by = self.stage.practitioner
        commands.set_limit(self.session, line_id=line.id, limit=wish, by=by, at=self.at)
        self.wallet.set_limit(limit, self.at)

    @rule(which=numbers, holder=st.sampled_from([Holder.DIRECT_PAYMENT, Holder.COUNCIL_MANAGED]))
    def somebody_else_looks_after_it(self, which: int, holder: Holder) -> None:
        line = self.wallet.lines[which % len(self.wallet.lines)]
        wish = ChangeLine.new(line.id, "It was agreed.")
        by, new = self.stage.practitioner, NewHolder(holder=holder)
        # All of it goes along: to the model, nothing has happened.
        with suppress(BadLineError):  # it is them already
            commands.change_holder(self.session, wish, new=new, by=by, at=self.at)
        self.session.flush()

    @rule(which=numbers, yearly=st.integers(13, 20000_00))
    def another_amount_is_agreed(self, which: int, yearly: int) -> None:
        line = self.wallet.lines[which % len(self.wallet.lines)]
        if line.ends_before is not None or line.yearly == yearly:
            return
        wish, by = ChangeLine.new(line.id, "It was agreed."), self.stage.practitioner
        commands.change_amount(self.session, wish, yearly=Money(yearly), by=by, at=self.at)
        self.session.flush()
        line.yearly = yearly

    @precondition(lambda self: self.wallet.limits)
    @rule(which=numbers)
    def a_limit_is_ended(self, which: int) -> None:
        limit = self.wallet.limits[which % len(self.wallet.limits)]
        by = self.stage.practitioner
        commands.end_limit(self.session, limit_id=limit.id, by=by, at=self.at)
        self.session.flush()
        limit.ended = True

    @precondition(lambda self: self.wallet.limits)
    @rule(which=numbers, pence=pennies, days=st.integers(1, 14))
    def somebody_agrees_to_an_exception(self, which: int, pence: int, days: int) -> None:
        limit = self.wallet.limits[which % len(self.wallet.limits)]
        if any(one.limit is limit and not one.used for one in self.wallet.exceptions):
            return  # which of two is used up is nobody's business
        leave = Leave(limit, self.stage.providers[which % 2], pence, self.at + timedelta(days=days))
        self.wallet.exceptions.append(leave)
        self.session.add(agreed(self.stage, leave, self.at))
        self.session.flush()

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        self.stage.steps += 1
        self.agrees = False
        connection = self.session.connection()
        accounts = [account for both in self.accounts.values() for account in both]
        balances = dict(connection.execute(BALANCES, {"accounts": accounts}).all())
        for line in self.wallet.lines:
            available, held = self.accounts[line.id]
            assert balances[available].pence == self.wallet.available(line) >= 0
            assert balances[held].pence == self.wallet.held(line) >= 0
        paid_in = sum(line.paid_in for line in self.wallet.lines)
        kept = sum(amount.pence for amount in balances.values())
        assert kept + self.wallet.earned() == paid_in
        limits = {limit.id: limit for limit in self.wallet.limits}
        for limit_id, begins, used, orders in connection.execute(USES, {"limits": list(limits)}):
            limit = limits[limit_id]
            assert used.pence == self.wallet.used(limit, begins)
            assert orders == self.wallet.orders_under(limit, begins)
        self.agrees = True

    def teardown(self) -> None:
        try:
            if self.agrees and self.stage.games % 10 == 0:
                self._check()
        finally:
            self.session.rollback()
            self.session.close()

    def _check(self) -> None:
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        assert ledger.problems(self.session) == []
        assert queries.problems(self.session) == []

    def _open(self, number: int, yearly: int, weeks: int | None = None) -> None:
        funder, holder, not_for = LINES[number]
        today = day_in_london(self.at)
        line = Line(uuid4(), today, yearly, not_for)
        line.ends_before = None if weeks is None else today + timedelta(weeks=weeks)
        wish = OpenLine(
            line_id=line.id,
            person_id=self.stage.person.buys_for,
            funder=funder,
            yearly=Money(yearly),
            holder=holder,
            starts_on=today,
            ends_before=line.ends_before,
        )
        commands.open_line(self.session, wish, by=self.stage.practitioner, at=self.at)
        line.pay_due(today)
        self.wallet.lines.append(line)
        opened = self.session.get_one(FundingLine, line.id)
        self.accounts[line.id] = opened.available_account_id, opened.held_account_id

    def _wishes(self, wanted: list[tuple[str, int, int]]) -> list[Wish]:
        return [
            (category, self.stage.outcome_id if outcome else None, pence)
            for category, outcome, pence in wanted
        ]

    def _order(self, which: int) -> Order:
        recent = self.wallet.orders[-6:]
        return recent[which % len(recent)]

    def _key(self, what: str) -> str:
        return f"{what}/{id(self)}/{next(self.keys)}"

    def _settle(
        self,
        allowed: bool,  # noqa: FBT001 - the model's answer
        command: Callable[..., object],
        order: Order,
        amount: int,
        **words: object,
    ) -> None:
        words |= {"order_id": order.id, "key": self._key("settle"), "at": self.at}
        words["amount"] = Money(amount)
        self._expect(allowed, command, **words)
        if allowed:
            self.settled.append((command, words))

    def _expect(self, allowed: bool, command: Callable[..., object], **words: object) -> None:  # noqa: FBT001
        try:
            command(self.session, **words)
            was = ""
        except DomainError as refusal:
            was = str(refusal)
        self.stage.refused += bool(was)
        self.stage.allowed += not was
        assert allowed is not bool(was), was or "allowed"


def _parts(wishes: list[Wish]) -> tuple[Part, ...]:
    return tuple(Part(category, outcome, Money(pence)) for category, outcome, pence in wishes)
