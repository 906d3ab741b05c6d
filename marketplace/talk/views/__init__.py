"""The pages of messages and worries."""

from marketplace.talk.views import asking, concerns, plans, reports, threads, unread
from marketplace.talk.views.blueprint import talk

__all__ = ["asking", "concerns", "plans", "reports", "talk", "threads", "unread"]
