"""What the card company tells us. Its signature is the only door; no cookie and no token is asked.

A message is kept first and acted on next, each in a transaction of its own: if acting on it fails,
it is there for the next try, by the card company or by ``flask payments replay-events``.
"""

from flask import Response, request

from marketplace.access.guards import public
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.payments import commands
from marketplace.payments.adapters.stripe_pages import verified
from marketplace.payments.errors import ForgedWebhookError
from marketplace.payments.rules import read_event
from marketplace.payments.views.blueprint import payments
from marketplace.web.site import settings

SIGNATURE = "Stripe-Signature"


@payments.route("/stripe/webhook", methods=["POST"])
@public
def stripe_webhook() -> Response:
    """Keep a message of the card company and do what it asks for; refuse what is not its own."""
    signature = request.headers.get(SIGNATURE, "")
    try:
        secret = settings().stripe_webhook_secret
        event = read_event(verified(request.get_data(), signature, secret=secret))
    except ForgedWebhookError as refusal:
        return Response(f"{refusal}\n", status=400, mimetype="text/plain")
    at = clock.now()
    with transaction() as session:
        kept_id = commands.keep_event(session, event, at=at)
    with transaction() as session:
        outcome = commands.act_on_event(
            session, kept_id=kept_id, real_money=settings().stripe_is_real, at=at
        )
    return Response(f"{outcome.value}\n", mimetype="text/plain")
