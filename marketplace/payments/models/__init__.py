"""The tables of payments."""

from marketplace.payments.models.bank import (
    BankOutLine,
    BankStatement,
    BankStatementLine,
    CouncilBank,
    PayReference,
)
from marketplace.payments.models.card import CardEvent, FamilyLink, TopUp
from marketplace.payments.models.card_refunds import CardDispute, CardRefund
from marketplace.payments.models.connect import ConnectAccount, PayingWay, Sending
from marketplace.payments.models.regulars import Regular
from marketplace.payments.models.runs import (
    BankCall,
    FreedInvoice,
    PaymentInvoice,
    PaymentItem,
    PaymentRun,
    PaymentRunCounter,
)

__all__ = [
    "BankCall",
    "BankOutLine",
    "BankStatement",
    "BankStatementLine",
    "CardDispute",
    "CardEvent",
    "CardRefund",
    "ConnectAccount",
    "CouncilBank",
    "FamilyLink",
    "FreedInvoice",
    "PayReference",
    "PayingWay",
    "PaymentInvoice",
    "PaymentItem",
    "PaymentRun",
    "PaymentRunCounter",
    "Regular",
    "Sending",
    "TopUp",
]
