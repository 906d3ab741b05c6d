"""What Stripe keeps beside its pages: refunds, customers, payments, providers' accounts, transfers.

Each call names the type in Stripe's own package that lists what may be asked.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from stripe import params
from stripe.params import checkout

NO_CARD = "pm_card_no"
PROVES = "pm_card_proves"
"""A card whose bank wants its owner to prove each time that it is theirs."""


class RefusalError(Exception):
    """Stripe says no."""

    def __init__(
        self,
        code: str,
        param: str = "",
        *,
        kind: str = "invalid_request_error",
        status: int = 400,
        **more: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.said = {"type": kind, "code": code, "message": code, "param": param, **more}


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that can be asked of Stripe."""

    name: str
    params: Any
    ids: tuple[str, ...]

    @property
    def method(self) -> str:
        """How the double calls it."""
        return self.name.replace(".", "_")


CALLS: tuple[tuple[str, str, str, Any], ...] = (
    ("POST", "/v1/checkout/sessions", "sessions.create", checkout.SessionCreateParams),
    ("POST", "/v1/refunds", "refunds.create", params.RefundCreateParams),
    ("GET", "/v1/refunds", "refunds.list", params.RefundListParams),
    ("POST", "/v1/customers", "customers.create", params.CustomerCreateParams),
    ("POST", "/v1/payment_intents", "intents.create", params.PaymentIntentCreateParams),
    (
        "POST",
        "/v1/payment_intents/(pi_[0-9a-f]+)/cancel",
        "intents.cancel",
        params.PaymentIntentCancelParams,
    ),
    ("POST", "/v1/accounts", "accounts.create", params.AccountCreateParams),
    ("GET", "/v1/accounts/(acct_[0-9a-f]+)", "accounts.show", params.AccountRetrieveParams),
    ("POST", "/v1/account_links", "links.create", params.AccountLinkCreateParams),
    ("POST", "/v1/transfers", "transfers.create", params.TransferCreateParams),
    ("GET", "/v1/transfers", "transfers.list", params.TransferListParams),
)


def called(method: str, path: str) -> Call | None:
    """Return what an address asks for."""
    for verb, pattern, name, kind in CALLS:
        found = re.fullmatch(pattern, path)
        if verb == method and found:
            return Call(name, kind, found.groups())
    return None


class Things:
    """Everything by its id, as Stripe keeps it."""

    def __init__(self) -> None:
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.methods: dict[str, str] = {}
        self.accounts: dict[str, dict[str, Any]] = {}
        self.transfers: dict[str, dict[str, Any]] = {}
        self.refund_status = "succeeded"
        self.refund_code = ""
        """Why refunds are refused; empty: they are not."""
        self.card_code = ""
        """Why cards are declined; empty: they are not."""
        self.has = 10**9
        """What is on the platform's own account, in pence."""

    def paid_on_page(self, amount: int, metadata: dict[str, str]) -> str:
        """Keep a payment that was made on a page."""
        return str(self._payment(amount, metadata, "succeeded")["id"])

    def keep_card(self, customer: str) -> str:
        """Keep a card for a customer."""
        method = f"pm_{uuid4().hex}"
        self.methods[method] = customer
        return method

    def refunds_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        payment = self.payments.get(asked["payment_intent"])
        if payment is None:
            raise RefusalError("resource_missing", "payment_intent")
        if self.refund_code:
            raise RefusalError(self.refund_code)
        given = sum(
            each["amount"]
            for each in self.refunds.values()
            if each["payment_intent"] == payment["id"] and each["status"] != "failed"
        )
        amount = int(asked.get("amount", payment["amount"]))
        if amount + given > payment["amount"]:
            raise RefusalError("charge_already_refunded", "amount")
        refund = {
            "id": f"re_{uuid4().hex}",
            "object": "refund",
            "amount": amount,
            "charge": payment["latest_charge"],
            "currency": payment["currency"],
            "failure_reason": None,
            "metadata": asked.get("metadata", {}),
            "payment_intent": payment["id"],
            "reason": asked.get("reason"),
            "status": self.refund_status,
        }
        self.refunds[refund["id"]] = refund
        return refund

    def refunds_list(self, asked: dict[str, Any]) -> dict[str, Any]:
        return _list(
            each
            for each in self.refunds.values()
            if each["payment_intent"] == asked["payment_intent"]
        )

    def customers_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        customer = {
            "id": f"cus_{uuid4().hex}",
            "object": "customer",
            "email": asked.get("email"),
            "name": asked.get("name"),
            "metadata": asked.get("metadata", {}),
        }
        self.customers[customer["id"]] = customer
        return customer

    def intents_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        method = asked["payment_method"]
        if self.methods.get(method) != asked["customer"]:
            raise RefusalError("resource_missing", "payment_method")
        amount, metadata = int(asked["amount"]), asked["metadata"]
        names = {"customer": asked["customer"], "payment_method": method}
        if self.card_code:
            intent = self._payment(amount, metadata, "requires_payment_method") | names
            self.payments[intent["id"]] = intent
            intent["last_payment_error"] = {"code": self.card_code, "type": "card_error"}
            raise RefusalError(self.card_code, kind="card_error", status=402, payment_intent=intent)
        intent = self._payment(amount, metadata, "succeeded") | names
        self.payments[intent["id"]] = intent
        return intent

    def intents_cancel(self, _asked: dict[str, Any], intent_id: str) -> dict[str, Any]:
        intent = self.payments[intent_id]
        if intent["status"] in {"succeeded", "canceled"}:
            raise RefusalError("payment_intent_unexpected_state")
        intent["status"] = "canceled"
        return intent

    def accounts_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        account = {
            "id": f"acct_{uuid4().hex}",
            "object": "account",
            "capabilities": {"transfers": "inactive"},
            "country": asked["country"],
            "controller": asked["controller"],
            "metadata": asked["metadata"],
            "payouts_enabled": False,
            "requirements": {"currently_due": ["external_account", "individual.first_name"]},
        }
        self.accounts[account["id"]] = account
        return account

    def accounts_show(self, _asked: dict[str, Any], account_id: str) -> dict[str, Any]:
        return self.accounts[account_id]

    def account_ready(self, account_id: str) -> dict[str, Any]:
        """Let a provider have told all that Stripe wants to know."""
        account = self.accounts[account_id]
        account["capabilities"]["transfers"] = "active"
        account["payouts_enabled"] = True
        account["requirements"]["currently_due"] = []
        return account

    def links_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["account"] not in self.accounts:
            raise RefusalError("resource_missing", "account")
        url = f"https://connect.stripe.com/setup/e/{asked['account']}/{uuid4().hex}"
        return {"object": "account_link", "url": url, "expires_at": 0}

    def transfers_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        account = self.accounts.get(asked["destination"])
        if account is None or account["capabilities"]["transfers"] != "active":
            raise RefusalError("account_invalid", "destination")
        amount = int(asked["amount"])
        if amount > self.has:
            raise RefusalError("balance_insufficient", "amount")
        self.has -= amount
        transfer = {
            "id": f"tr_{uuid4().hex}",
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "currency": asked["currency"],
            "destination": asked["destination"],
            "metadata": asked["metadata"],
            "reversed": False,
            "transfer_group": asked["transfer_group"],
        }
        self.transfers[transfer["id"]] = transfer
        return transfer

    def transfers_list(self, asked: dict[str, Any]) -> dict[str, Any]:
        return _list(
            each
            for each in self.transfers.values()
            if each["transfer_group"] == asked["transfer_group"]
        )

    def _payment(self, amount: int, metadata: dict[str, str], status: str) -> dict[str, Any]:
        payment: dict[str, Any] = {
            "id": f"pi_{uuid4().hex}",
            "object": "payment_intent",
            "amount": amount,
            "amount_received": amount if status == "succeeded" else 0,
            "currency": "gbp",
            "latest_charge": f"ch_{uuid4().hex}",
            "last_payment_error": None,
            "metadata": metadata,
            "status": status,
        }
        self.payments[payment["id"]] = payment
        return payment


def _list(rows: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"object": "list", "data": list(rows), "has_more": False, "url": "/v1/things"}
