"""The pages of worries."""

from marketplace.talk.views import concerns
from marketplace.talk.views.blueprint import talk

__all__ = ["concerns", "talk"]
