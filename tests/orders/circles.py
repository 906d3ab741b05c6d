"""A circle with somebody who suggests and two who may say yes."""

from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.commands import ChooseCircleRule
from marketplace.access.rules import Actor, Scope
from marketplace.budgets.queries import wallet
from marketplace.kernel.money import Money
from marketplace.orders import commands
from marketplace.orders.commands import Decided
from marketplace.orders.queries import OrderView
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW, Deal

NOW = PAID_IN


class Circle:
    """A funded person with a proposer and two who may say yes."""

    def __init__(self, make: Make, *, yeses: int = 1, to_spend: Money = Money(100_00)) -> None:
        self.make = make
        self.funded = make.funded_person(name="Ann Hill", to_spend=to_spend)
        self.ali = make.supporter(
            person=self.person, scopes=[Scope.PROPOSE, Scope.SEE], name="Ali Khan"
        )
        self.mo = make.supporter(person=self.person, scopes=[Scope.APPROVE], name="Mo Reed")
        self.bea = make.supporter(person=self.person, scopes=[Scope.APPROVE], name="Bea Lane")
        self.choose(yeses)

    @property
    def person(self) -> Actor:
        return self.funded.person

    def choose(self, yeses: int, asks_from: Money | None = None, by: Actor | None = None) -> None:
        with self.make.block() as session:
            wish = ChooseCircleRule(yeses=yeses, asks_from=asks_from)
            access.choose_circle_rule(session, wish, by=by or self.person, at=NOW)

    def suggested(self, **wishes: object) -> Deal:
        return self.make.placed(funded=self.funded, by=self.ali, **wishes)  # type: ignore[arg-type]

    def yes(self, deal: Deal, by: Actor) -> Decided:
        with self.make.block() as session:
            return commands.approve_order(session, order_id=deal.order_id, by=by, at=NOW)

    def no(self, deal: Deal, by: Actor, words: str = "") -> Decided:
        with self.make.block() as session:
            return commands.refuse_proposal(
                session, order_id=deal.order_id, reason=words, by=by, at=NOW
            )

    def row_id(self, helper: Actor) -> UUID:
        with self.make.block() as session:
            rows = access_queries.circle_of(session, person_id=self.funded.id)
        return next(row.id for row in rows if row.supporter_id == helper.user_id)

    def end(self, helper: Actor) -> None:
        row_id = self.row_id(helper)
        with self.make.block() as session:
            access.end_supporter(session, supporter_row_id=row_id, by=self.person, at=NOW)

    def change(self, helper: Actor, scopes: set[Scope], ceiling: Money | None = None) -> None:
        row_id = self.row_id(helper)
        with self.make.block() as session:
            access.change_supporter(
                session,
                supporter_row_id=row_id,
                scopes=frozenset(scopes),
                ceiling=ceiling,
                ends_before=None,
                by=self.person,
                at=NOW,
            )


def held(session: Session, funded: Funded) -> Money:
    return wallet(session, person_id=funded.id, at=TOMORROW).held


def said(order: OrderView) -> list[tuple[str, str, str]]:
    return [(one.user_name, one.verdict.value, one.words) for one in order.approvals]
