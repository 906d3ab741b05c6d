"""What is on, groups and their entries, and everything keepers and councils do about them."""

from marketplace.community.views import (
    browse,
    entries,
    feeds,
    joining,
    keeping,
    moderating,
    reports,
)
from marketplace.community.views.blueprint import community

__all__ = [
    "browse",
    "community",
    "entries",
    "feeds",
    "joining",
    "keeping",
    "moderating",
    "reports",
]
