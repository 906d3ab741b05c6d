"""Proposing, approving, cancelling and paying runs of payments."""

from marketplace.payments.commands.decide import approve_run, cancel_run
from marketplace.payments.commands.pay import mark_paid
from marketplace.payments.commands.propose import propose_run

__all__ = ["approve_run", "cancel_run", "mark_paid", "propose_run"]
