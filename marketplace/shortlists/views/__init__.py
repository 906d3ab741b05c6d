"""The pages of lists: a person's own, and those that a link opens."""

from marketplace.shortlists.views import keeping, linked, own
from marketplace.shortlists.views.blueprint import shortlists

__all__ = ["keeping", "linked", "own", "shortlists"]
