"""What each council sees of a person's money, as it sees it; and choosing that."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.rules.council_views import Shows
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError


@budgets.route("/my-data/council")
@requires(Permission.SEE_WALLET)
def council_views() -> str:
    """Show what each council sees, from the same query as that council's own page."""
    actor = current_actor()
    with reading() as session:
        seen = queries.councils_see(session, person_id=actor.buys_for, at=clock.now())
    return render_template(
        "budgets/council_views.html",
        seen=seen,
        choices=list(Shows),
        may_choose=actor.may(Permission.MANAGE_CIRCLE),
        actor=actor,
    )


@budgets.route("/my-data/council/<uuid:council_id>", methods=["POST"])
@requires(Permission.MANAGE_CIRCLE)
def choose_council_view(council_id: UUID) -> Response:
    """Choose how much of the person's own spending a council sees."""
    try:
        shows = Shows(request.form.get("shows", ""))
    except ValueError:
        raise NotFoundError from None
    actor = current_actor()
    with transaction() as session:
        commands.choose_council_view(
            session, council_id=council_id, shows=shows, by=actor, at=clock.now()
        )
    flash("It is chosen. The council sees no more than that.")
    if not actor.may(Permission.SEE_WALLET):
        return redirect(url_for("access.circle"))
    return redirect(url_for("budgets.council_views"))
