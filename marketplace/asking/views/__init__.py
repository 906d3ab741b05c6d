"""The pages of asks: of whoever asks, of providers, and of moderators."""

from marketplace.asking.views import moderation, person, posting, store
from marketplace.asking.views.blueprint import asking

__all__ = ["asking", "moderation", "person", "posting", "store"]
