"""Stripe, as far as we use it: sessions, signed messages, and no parameter it does not know.

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
from stripe.params.checkout import SessionCreateParams
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

KEY = "sk_test_double"
SECRET = "whsec_double"


class StripeDouble:
    """Keeps sessions, and makes the messages that Stripe would send about them."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.is_down = False
        self._by_key: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def __call__(self, environ: Any, start_response: Any) -> Any:  # noqa: ANN401
        """Answer one request."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if self.is_down:
            return _error(503, "api_error", "Stripe is down.")
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        if (request.method, request.path) != ("POST", "/v1/checkout/sessions"):
            return _error(404, "invalid_request_error", f"Unrecognized URL {request.path}")
        return self._create(_nested(request.form), request.headers.get("Idempotency-Key", ""))

    def _create(self, asked: dict[str, Any], key: str) -> Response:
        self.requests.append(asked)
        unknown = sorted(unknown_parameters(asked, SessionCreateParams))
        if unknown:
            return _error(400, "invalid_request_error", f"Received unknown parameter: {unknown[0]}")
        if key in self._by_key:
            before, session = self._by_key[key]
            if before != asked:
                return _error(400, "idempotency_error", "Keys can only be used with the same body")
            return _json(session)
        item = asked["line_items"]["0"]
        amount = int(item["price_data"]["unit_amount"]) * int(item["quantity"])
        if amount < 30:  # Stripe's least amount in pounds
            return _error(400, "invalid_request_error", "Amount too small")
        session_id = f"cs_test_{uuid4().hex}"
        session = {
            "id": session_id,
            "object": "checkout.session",
            "amount_total": amount,
            "currency": item["price_data"]["currency"],
            "client_reference_id": asked["client_reference_id"],
            "livemode": False,
            "metadata": asked["metadata"],
            "mode": asked["mode"],
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": asked["success_url"],
            "cancel_url": asked["cancel_url"],
            "url": f"https://checkout.stripe.com/c/pay/{session_id}",
        }
        self.sessions[session_id] = session
        self._by_key[key] = (asked, session)
        return _json(session)

    def session_of(self, top_up_id: object) -> dict[str, Any]:
        """Return the session that was made for a payment of ours."""
        return next(
            session
            for session in self.sessions.values()
            if session["client_reference_id"] == str(top_up_id)
        )

    def paid(self, top_up_id: object, **changed: object) -> dict[str, Any]:
        """Return the message that a payment's card was charged."""
        session = self.session_of(top_up_id) | {
            "payment_status": "paid",
            "status": "complete",
            "payment_intent": f"pi_{uuid4().hex}",
        }
        return event("checkout.session.completed", session | changed)

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
