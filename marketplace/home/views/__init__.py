"""The pages of this room: fronts and portals, statements, and what machines ask."""

from marketplace.home.views import fronts, probes, statements
from marketplace.home.views.blueprint import home

__all__ = ["fronts", "home", "probes", "statements"]
