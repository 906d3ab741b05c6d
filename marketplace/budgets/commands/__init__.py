"""Funding lines, instalments, limits, outcomes and holds: every write of this room."""

from marketplace.budgets.commands.holds import hold, record_refusal
from marketplace.budgets.commands.instalments import pay_due_instalments
from marketplace.budgets.commands.limits import NewLimit, end_limit, set_limit
from marketplace.budgets.commands.lines import OpenLine, open_line
from marketplace.budgets.commands.outcomes import add_outcome
from marketplace.budgets.commands.people import AddPerson, add_person
from marketplace.budgets.commands.settling import capture, refund, release

__all__ = [
    "AddPerson",
    "NewLimit",
    "OpenLine",
    "add_outcome",
    "add_person",
    "capture",
    "end_limit",
    "hold",
    "open_line",
    "pay_due_instalments",
    "record_refusal",
    "refund",
    "release",
    "set_limit",
]
