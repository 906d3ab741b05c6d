"""Makes finance officers and payment runs, and ratings of what was delivered."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role
from marketplace.kernel.clock import local_day
from marketplace.payments import commands as payments
from marketplace.ratings import commands as ratings
from marketplace.ratings.rules import Answers
from tests.factories.orders import TOMORROW, Deal, OrderMaker

PAY_DAY = TOMORROW + timedelta(days=1)
"""Friday 6 March 2026, 10am: a day after the first visit."""


class PaymentMaker(OrderMaker):
    """Makes finance officers and payment runs, and ratings of what was delivered."""

    def officer(self, *, council_id: UUID, name: str = "") -> Actor:
        """Make a finance officer of a council."""
        return self.staff(
            organisation_id=council_id,
            organisation_name="Ashdale Council",
            role=Role.FINANCE_OFFICER,
            name=name,
        )

    def proposed_run(self, *, by: Actor, at: datetime = PAY_DAY) -> UUID:
        """Let an officer propose to pay all that can be paid; return the run's id."""
        with self.block() as session:
            return payments.propose_run(session, run_id=uuid4(), by=by, at=at)

    def approved_run(self, *, by: Actor, at: datetime = PAY_DAY) -> UUID:
        """Let an officer propose a run that a colleague approves; return the run's id."""
        run_id = self.proposed_run(by=by, at=at)
        colleague = self.officer(council_id=by.works_for)
        with self.block() as session:
            payments.approve_run(session, run_id, by=colleague, at=at)
        return run_id

    def sent_run(self, *, by: Actor, at: datetime = PAY_DAY) -> UUID:
        """Let a run be proposed, approved and sent to the bank; return the run's id."""
        run_id = self.approved_run(by=by, at=at)
        with self.block() as session:
            payments.mark_sent(session, run_id, by=by, at=at)
        return run_id

    def paid_run(self, *, by: Actor, at: datetime = PAY_DAY) -> UUID:
        """Let a run be proposed, approved, sent and paid on one day; return the run's id."""
        run_id = self.sent_run(by=by, at=at)
        with self.block() as session:
            payments.mark_paid(session, run_id, paid_on=local_day(at), by=by, at=at)
        return run_id

    def rating(
        self,
        deal: Deal | None = None,
        *,
        by: Actor | None = None,
        score: int = 5,
        on_time: bool = True,
        words: str = "",
        at: datetime = PAY_DAY,
    ) -> UUID:
        """Rate an order of which something was confirmed, a new one if none is given."""
        if deal is None:
            deal = self.accepted()
            self.confirmed(deal)
        answers = Answers(on_time=on_time, to_standard=True, again=True, score=score, words=words)
        with self.block() as session:
            return ratings.rate_order(session, deal.order_id, answers, by=by or deal.person, at=at)
