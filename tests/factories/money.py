"""Makes money: funding lines, limits, and people who have some to spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit, OpenLine
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import Funder, Holder, LimitKind, LimitWindow, Spend
from marketplace.kernel.money import Money
from tests.factories.people import LONG_AGO, PeopleMaker

STARTS_ON = date(2026, 3, 4)
"""A Wednesday: the day of NOON."""
PAID_IN = datetime(2026, 3, 4, 7, tzinfo=LONG_AGO.tzinfo)
"""The morning of that day, when the first instalment comes."""


@dataclass(frozen=True, slots=True)
class Funded:
    """A person with one funding line."""

    person: Actor
    council_id: UUID
    line_id: UUID
    practitioner: Actor

    @property
    def id(self) -> UUID:
        """The person's id."""
        return self.person.buys_for


class MoneyMaker(PeopleMaker):
    """Makes money: funding lines, limits, and people who have some to spend."""

    def practitioner(self, *, council_id: UUID | None = None, name: str = "Priya Nair") -> Actor:
        """Make a practitioner, in a council of their own if none is given."""
        return self.staff(
            organisation_id=council_id or self.council(),
            organisation_name="Ashdale Council",
            role=Role.PRACTITIONER,
            name=name,
        )

    def funded_person(
        self,
        *,
        to_spend: Money = Money(100_00),
        name: str = "",
        council_id: UUID | None = None,
        limits: Sequence[NewLimit] = (),
        outcomes: Sequence[str] = ("I see my friends.",),
        starts_on: date = STARTS_ON,
        at: datetime = PAID_IN,
    ) -> Funded:
        """Make somebody with one funding line, whose first instalment is what they have to spend.

        With the defaults: £100.00 since the morning of 4 March 2026, and the next on 1 April.
        """
        practitioner = self.practitioner(council_id=council_id)
        person = self.person(name=name)
        line_id = self.line(
            person=person,
            practitioner=practitioner,
            instalment=to_spend,
            limits=limits,
            outcomes=outcomes,
            starts_on=starts_on,
            at=at,
        )
        return Funded(person, practitioner.works_for, line_id, practitioner)

    def line(
        self,
        *,
        person: Actor,
        practitioner: Actor,
        instalment: Money = Money(100_00),
        funder: Funder = Funder.ADULT_SOCIAL_CARE,
        holder: Holder = Holder.DIRECT_PAYMENT,
        limits: Sequence[NewLimit] = (),
        outcomes: Sequence[str] = (),
        starts_on: date = STARTS_ON,
        ends_before: date | None = None,
        at: datetime = PAID_IN,
    ) -> UUID:
        """Open a funding line of thirteen equal instalments a year and return its id."""
        wish = OpenLine(
            line_id=uuid4(),
            person_id=person.buys_for,
            funder=funder,
            yearly=instalment * 13,
            holder=holder,
            holder_name="Somebody",
            starts_on=starts_on,
            ends_before=ends_before,
            outcomes=tuple(outcomes),
            limits=tuple(limits),
        )
        with self.block() as session:
            return commands.open_line(session, wish, by=practitioner, at=at)

    def limit(
        self,
        amount: Money = Money(30_00),
        *,
        window: LimitWindow = LimitWindow.ORDER,
        reason: str = "We agreed to start small.",
        kind: LimitKind = LimitKind.REFUSE,
    ) -> NewLimit:
        """Say what limit to set: £30.00 for one order."""
        return NewLimit(window=window, amount=amount, reason=reason, kind=kind)

    def spend(
        self,
        amount: Money,
        *,
        council_id: UUID,
        order_id: UUID | None = None,
        line_ids: Sequence[UUID] = (),
    ) -> Spend:
        """Say what to spend, with a provider nobody knows."""
        return Spend.of(
            amount,
            order_id=order_id or uuid4(),
            council_id=council_id,
            category="company",
            provider_id=uuid4(),
            line_ids=tuple(line_ids),
        )

    def hold(self, funded: Funded, amount: Money, *, at: datetime = PAID_IN) -> UUID:
        """Set money aside for an order and return the order's id."""
        spend = self.spend(amount, council_id=funded.council_id)
        with self.block() as session:
            commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=at)
        return spend.order_id

    def lines(self, funded: Funded, *, at: datetime = PAID_IN) -> list[LineRow]:
        """Return somebody's funding lines."""
        with self.block() as session:
            return queries.lines_of(session, person_id=funded.id, at=at)
