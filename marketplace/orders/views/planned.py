"""Planned against delivered, month by month: for the person, the provider and the council."""

from datetime import date
from uuid import UUID

from flask import render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets.queries import person_of_council
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.orders import queries
from marketplace.orders.queries import Month
from marketplace.orders.rules.planned import month_beside, month_of
from marketplace.orders.views.blueprint import orders


@orders.route("/orders/delivered")
@requires(Permission.SEE_WALLET)
def delivered() -> str:
    """Show a person what was planned in a month, what came, and who came."""
    actor = current_actor()
    with reading() as session:
        month = queries.month_of_person(session, person_id=actor.buys_for, first=_asked())
    return _page("orders/delivered.html", month, actor=actor)


@orders.route("/work/delivered")
@requires(Permission.TAKE_ORDERS)
def work_delivered() -> str:
    """Show a provider what was planned in a month, and what they said came of it."""
    with reading() as session:
        month = queries.month_of_provider(
            session, provider_id=current_actor().works_for, first=_asked()
        )
    return _page("orders/work_delivered.html", month)


@orders.route("/people/<uuid:person_id>/delivered")
@requires(Permission.OPEN_FUNDING_LINES)
def delivered_to_person(person_id: UUID) -> str:
    """Show a practitioner what was planned with their council's money, and what came of it."""
    council_id = current_actor().works_for
    with reading() as session:
        person = person_of_council(session, council_id=council_id, person_id=person_id)
        month = queries.month_for_council(
            session, person_id=person_id, council_id=council_id, first=_asked()
        )
    return _page("orders/delivered_council.html", month, person=person)


def _asked() -> date:
    return month_of(request.args.get("month"), today=local_day(clock.now()))


def _page(template: str, month: Month, **values: object) -> str:
    return render_template(
        template,
        month=month,
        before=month_beside(month.first, -1),
        after=month_beside(month.first, 1),
        **values,
    )
