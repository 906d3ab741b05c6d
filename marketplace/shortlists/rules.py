"""What can be kept on a list, and for how long. Pure."""

from datetime import timedelta
from enum import StrEnum

NAME_LENGTH_MAX = 80
NOTE_LENGTH_MAX = 1000
KEPT_MAX = 50
LISTS_MAX = 30
NOTES_MAX = 50
UNUSED_AFTER = timedelta(days=90)
"""A list by link that nobody has opened for so long is taken away."""
NOTED_EVERY = timedelta(days=1)
FIRST_NAME = "My list"
LINKED_NAME = "A list to look at again"
LINK_KEY = "kept_link"
"""In the visitor's own cookie: the secret of the list they began without an account."""


class KeptKind(StrEnum):
    """What can be kept."""

    OFFER = "offer"
    STORE = "store"
    ACTIVITY = "activity"
    GROUP = "group"
