"""The market as open data, and the pages on which a council looks after what it takes over."""

from marketplace.feeds.views import organisations, oruk, sources
from marketplace.feeds.views.blueprint import feeds

__all__ = ["feeds", "organisations", "oruk", "sources"]
