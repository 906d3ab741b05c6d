"""Runs of payments, references, and what a bank statement says. Pure."""

from marketplace.payments.rules.runs import (
    BANK_FILE_HEAD,
    Due,
    Owed,
    Performance,
    RunState,
    WhyNot,
    by_provider,
    checked_paid_on,
    next_state,
    performance,
    reference,
)

__all__ = [
    "BANK_FILE_HEAD",
    "Due",
    "Owed",
    "Performance",
    "RunState",
    "WhyNot",
    "by_provider",
    "checked_paid_on",
    "next_state",
    "performance",
    "reference",
]
