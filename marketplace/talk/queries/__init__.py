"""Reading concerns, for those whom they concern."""

from marketplace.talk.queries.concerns import (
    ConcernRow,
    ConcernView,
    StepRow,
    concern_for,
    concerns_for,
)
from marketplace.talk.queries.data import data_of, data_seen_by

__all__ = [
    "ConcernRow",
    "ConcernView",
    "StepRow",
    "concern_for",
    "concerns_for",
    "data_of",
    "data_seen_by",
]
