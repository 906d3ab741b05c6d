"""The tables of payments."""

from marketplace.payments.models.bank import (
    BankOutLine,
    BankStatement,
    BankStatementLine,
    CouncilBank,
    PayReference,
)
from marketplace.payments.models.card import CardEvent, FamilyLink, TopUp
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
    "CardEvent",
    "CouncilBank",
    "FamilyLink",
    "FreedInvoice",
    "PayReference",
    "PaymentInvoice",
    "PaymentItem",
    "PaymentRun",
    "PaymentRunCounter",
    "TopUp",
]
