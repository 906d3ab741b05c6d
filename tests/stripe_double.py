"""Stripe, as far as we use it: each call, signed messages, and no parameter it does not know.

A loopback server that the real client of Stripe's own package talks to. What a request may carry is
read from that package's own types, so a parameter that Stripe has dropped fails here as it would
there.
"""

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any
from uuid import uuid4

import stripe
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.stripe_things import CALLS, Call, RefusalError, Things, called

__all__ = ["CALLS", "KEY", "SECRET", "StripeDouble", "event", "running", "signed"]

KEY = "sk_test_double"
SECRET = "whsec_double"


class StripeDouble:
    """Keeps what Stripe would keep, and makes the messages that it would send about it."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.things = Things()
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.is_down = False
        self.loses_answers = False
        """It does what it is asked, and the answer never comes."""
        self._by_key: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {}

    def __call__(self, environ: Any, start_response: Any) -> Any:  # noqa: ANN401
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.is_down:
            return _error(503, "api_error", "Stripe is down.")
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        call = called(request.method, request.path)
        if call is None:
            return _error(404, "invalid_request_error", f"Unrecognized URL {request.path}")
        typed = request.form if request.method == "POST" else request.args
        answer = self._do(call, _nested(typed), request.headers.get("Idempotency-Key", ""))
        return _error(503, "api_error", "Stripe is down.") if self.loses_answers else answer

    def _do(self, call: Call, asked: dict[str, Any], key: str) -> Response:
        self.requests.append(asked)
        self.paths.append(call.name)
        unknown = sorted(unknown_parameters(asked, call.params))
        if unknown:
            return _error(400, "invalid_request_error", f"Received unknown parameter: {unknown[0]}")
        missing = sorted(call.params.__required_keys__ - asked.keys())
        if missing:
            return _error(400, "invalid_request_error", f"Missing required param: {missing[0]}")
        if key and key in self._by_key:
            name, before, thing = self._by_key[key]
            if (name, before) != (call.name, asked):
                return _error(400, "idempotency_error", "Keys can only be used with the same body")
            return _json(thing)
        try:
            if call.name == "sessions.create":
                thing = self._session(asked)
            else:
                thing = getattr(self.things, call.method)(asked, *call.ids)
        except RefusalError as no:
            return _json({"error": no.said}, no.status)
        if key:
            self._by_key[key] = (call.name, asked, thing)
        return _json(thing)

    def _session(self, asked: dict[str, Any]) -> dict[str, Any]:
        amount, currency = None, asked.get("currency")
        if asked["mode"] == "payment":
            item = asked["line_items"]["0"]
            currency = item["price_data"]["currency"]
            amount = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
            if amount < 30:  # Stripe's least amount in pounds
                raise RefusalError("amount_too_small")
        elif asked["customer"] not in self.things.customers:
            raise RefusalError("resource_missing", "customer")
        session_id = f"cs_test_{uuid4().hex}"
        session = {
            "id": session_id,
            "object": "checkout.session",
            "amount_total": amount,
            "currency": currency,
            "client_reference_id": asked["client_reference_id"],
            "customer": asked.get("customer"),
            "livemode": False,
            "metadata": asked["metadata"],
            "mode": asked["mode"],
            "payment_intent": None,
            "payment_status": "unpaid" if amount else "no_payment_required",
            "status": "open",
            "success_url": asked["success_url"],
            "cancel_url": asked["cancel_url"],
            "url": f"https://checkout.stripe.com/c/pay/{session_id}",
        }
        self.sessions[session_id] = session
        return session

    def session_of(self, top_up_id: object) -> dict[str, Any]:
        """Return the session that was made for a payment of ours."""
        return next(
            session
            for session in self.sessions.values()
            if session["client_reference_id"] == str(top_up_id)
        )

    def paid(self, top_up_id: object, **changed: object) -> dict[str, Any]:
        """Return the message that a payment's card was charged."""
        found = self.session_of(top_up_id)
        payment = self.things.paid_on_page(found["amount_total"], found["metadata"])
        session = found | {
            "payment_status": "paid",
            "status": "complete",
            "payment_intent": payment,
        }
        return event("checkout.session.completed", session | changed)

    def payment_of(self, top_up_id: object) -> dict[str, Any]:
        """Return the payment that was made for a payment of ours."""
        return next(
            payment
            for payment in self.things.payments.values()
            if payment["metadata"].get("top_up_id") == str(top_up_id)
        )

    def card_kept(self, regular_id: object, **changed: object) -> dict[str, Any]:
        """Return the message that a card was typed on a page, and proved to be its owner's."""
        session = self.session_of(regular_id)
        setup = {
            "id": f"seti_{uuid4().hex}",
            "object": "setup_intent",
            "customer": session["customer"],
            "metadata": session["metadata"],
            "payment_method": self.things.keep_card(session["customer"]),
            "status": "succeeded",
            "usage": "off_session",
        }
        return event("setup_intent.succeeded", setup | changed)

    def told(self, kind: str, top_up_id: object, **changed: object) -> dict[str, Any]:
        """Return another message about a payment's session."""
        return event(f"checkout.session.{kind}", self.session_of(top_up_id) | changed)

    def refunded(self, top_up_id: object, pence: object, **changed: object) -> dict[str, Any]:
        """Return the message that so much of a payment was given back to the card, in all."""
        session = self.session_of(top_up_id)
        charge = {
            "id": f"ch_{uuid4().hex}",
            "object": "charge",
            "amount": session["amount_total"],
            "amount_refunded": pence,
            "currency": session["currency"],
            # A charge carries the metadata of its payment intent.
            "metadata": {"top_up_id": str(top_up_id)},
            "payment_intent": f"pi_{uuid4().hex}",
        }
        return event("charge.refunded", charge | changed)


def event(kind: str, thing: Mapping[str, object]) -> dict[str, Any]:
    """Return a message of Stripe about something."""
    return {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "data": {"object": dict(thing)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def signed(message: object, *, secret: str = SECRET, ago: int = 0) -> tuple[bytes, str]:
    """Return a message as it is sent, and its signature."""
    body = message if isinstance(message, str) else json.dumps(message)
    signature = stripe.WebhookSignature.generate_signature_header(
        body, secret, timestamp=int(time.time()) - ago
    )
    return body.encode(), signature


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[tuple[StripeDouble, str]]:
    """Run a double on a loopback port; give it and its address."""
    double = StripeDouble()
    server = make_server("127.0.0.1", 0, double, threaded=True, request_handler=_Quiet)
    # It looks often whether it is to stop: a test should not wait half a second for that.
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield double, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def unknown_parameters(asked: Mapping[str, Any], kind: type, path: str = "") -> Iterator[str]:
    """Name every parameter that Stripe's own types do not have."""
    known = {name: hint for name, hint in kind.__annotations__.items() if name not in _OPTIONS}
    for name, value in asked.items():
        if name not in known:
            yield f"{path}{name}"
            continue
        inner = _typed_inside(known[name], kind)
        for each in _each(value) if inner is not None else ():
            yield from unknown_parameters(each, inner, f"{path}{name}.")


_OPTIONS = frozenset(stripe.RequestOptions.__annotations__)
"""What the package takes for itself; Stripe never sees it."""


def _typed_inside(hint: object, kind: type) -> Any:  # noqa: ANN401
    # The hints are words in the package, because it defines its types in whichever order.
    there = vars(sys.modules[kind.__module__])
    words = re.findall(r"\w+", getattr(hint, "__forward_arg__", str(hint)))
    found = [there[word] for word in words if hasattr(there.get(word), "__required_keys__")]
    return found[0] if found else None


def _each(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    if value and all(key.isdigit() for key in value):
        return [each for each in value.values() if isinstance(each, dict)]
    return [value]


def _nested(form: Mapping[str, str]) -> dict[str, Any]:
    """Read ``a[b][0]=c`` as Stripe does."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        first, *rest = name.replace("]", "").split("[")
        place, keys = found, [first, *rest]
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return found


def _json(thing: object, status: int = 200) -> Response:
    return Response(json.dumps(thing), status=status, mimetype="application/json")


def _error(status: int, kind: str, words: str) -> Response:
    return _json({"error": {"type": kind, "message": words}}, status)
