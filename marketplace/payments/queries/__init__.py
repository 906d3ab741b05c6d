"""What is owed, what was paid, and how fast."""

from marketplace.payments.queries.data import data_of
from marketplace.payments.queries.earnings import (
    Earnings,
    EarningsRow,
    Remittance,
    RemittanceInvoice,
    earnings,
    remittance,
    remittances_of,
)
from marketplace.payments.queries.owed import owed
from marketplace.payments.queries.runs import (
    RunItem,
    RunRow,
    RunView,
    bank_file,
    changed_banks,
    how_fast,
    run_for,
    runs,
)

__all__ = [
    "Earnings",
    "EarningsRow",
    "Remittance",
    "RemittanceInvoice",
    "RunItem",
    "RunRow",
    "RunView",
    "bank_file",
    "changed_banks",
    "data_of",
    "earnings",
    "how_fast",
    "owed",
    "remittance",
    "remittances_of",
    "run_for",
    "runs",
]
