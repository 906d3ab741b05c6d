"""Who pays for what is in the basket: the person's own money, or a pool."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.orders import commands
from marketplace.orders.views.blueprint import orders


@orders.route("/basket/from/<uuid:provider_id>/who-pays", methods=["POST"])
@requires(Permission.PROPOSE_ORDERS)
def choose_payer(provider_id: UUID) -> Response:
    """Say who pays for all that waits from one provider."""
    with transaction() as session:
        commands.choose_payer(
            session,
            provider_id=provider_id,
            pool_id=_pool_id(),
            by=current_actor(),
            at=clock.now(),
        )
    flash("Changed who pays. Look at it again before you place the order.")
    return redirect(url_for("orders.basket"))


@orders.route("/basket/from/<uuid:provider_id>/ask-the-pool", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def ask_pool(provider_id: UUID) -> Response:
    """Ask the other members of the pool for a yes."""
    with transaction() as session:
        commands.ask_pool_for(session, provider_id=provider_id, by=current_actor(), at=clock.now())
    flash("We have asked the other members. Place the order when one of them has said yes.")
    return redirect(url_for("orders.basket"))


def _pool_id() -> UUID | None:
    chosen = request.form.get("pool_id", "")
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        raise NotFoundError("We cannot find that pool.") from None
