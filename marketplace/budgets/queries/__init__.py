"""Reading funding lines, holds, outcomes and people; and what must always hold."""

from marketplace.budgets.queries.checks import problems
from marketplace.budgets.queries.council_views import (
    CouncilSees,
    OwnSpend,
    OwnSpending,
    council_sees,
    councils_see,
)
from marketplace.budgets.queries.data import data_of, line_ids_of
from marketplace.budgets.queries.holds import (
    HoldRow,
    HoldShareRow,
    RefusalRow,
    expired_holds,
    find_hold,
    limits_that_count,
    open_holds,
    refusals_of,
)
from marketplace.budgets.queries.lines import (
    LimitRow,
    LineRow,
    NextInstalment,
    WalletView,
    instalments_are_due,
    line,
    lines_of,
    statement_of_line,
    statement_of_person,
    wallet,
)
from marketplace.budgets.queries.people import (
    FundedPerson,
    OutcomeRow,
    outcomes_of,
    outcomes_of_line,
    people_of_council,
    person_of_council,
)
from marketplace.budgets.queries.pots import (
    account_ids_of,
    exceptions_for,
    may_buy,
    paying_council,
    pots_of,
)

__all__ = [
    "CouncilSees",
    "FundedPerson",
    "HoldRow",
    "HoldShareRow",
    "LimitRow",
    "LineRow",
    "NextInstalment",
    "OutcomeRow",
    "OwnSpend",
    "OwnSpending",
    "RefusalRow",
    "WalletView",
    "account_ids_of",
    "council_sees",
    "councils_see",
    "data_of",
    "exceptions_for",
    "expired_holds",
    "find_hold",
    "instalments_are_due",
    "limits_that_count",
    "line",
    "line_ids_of",
    "lines_of",
    "may_buy",
    "open_holds",
    "outcomes_of",
    "outcomes_of_line",
    "paying_council",
    "people_of_council",
    "person_of_council",
    "pots_of",
    "problems",
    "refusals_of",
    "statement_of_line",
    "statement_of_person",
    "wallet",
]
