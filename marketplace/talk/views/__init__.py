"""The pages of messages and worries."""

from marketplace.talk.views import asking, concerns, reports, threads
from marketplace.talk.views.blueprint import talk

__all__ = ["asking", "concerns", "reports", "talk", "threads"]
