"""The pages of this room: fronts and portals, statements, and what machines ask."""

from marketplace.home.views import (
    correcting,
    easy_read,
    fronts,
    language,
    leaving,
    my_data,
    probes,
    statements,
)
from marketplace.home.views.blueprint import home

__all__ = [
    "correcting",
    "easy_read",
    "fronts",
    "home",
    "language",
    "leaving",
    "my_data",
    "probes",
    "statements",
]
