"""Secret addresses: worked out anew whenever their owner looks, kept as a hash. Pure.

The secret is made of the market's own key, the feed and something random of its own. Who reads the
database has no key, so they cannot open a calendar; who owns it can look the address up again at
any time, which people do who have a new phone or need somebody to help them. Changing the random
part changes the address, and the old one is no longer known to anybody.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from enum import StrEnum
from uuid import UUID

SALT_BYTES = 16


class Words(StrEnum):
    """How much a calendar in somebody's phone says."""

    BUSY = "busy"
    FULL = "full"

    @property
    def label(self) -> str:
        """The choice in words."""
        return {
            Words.BUSY: "Only “Busy”: nobody who sees your phone learns what it is",
            Words.FULL: "Everything: what it is and who comes",
        }[self]


def secret_of(secret_key: str, feed_id: UUID, salt: str) -> str:
    """Return the secret part of a feed's address: 256 bits that nobody can guess."""
    said = f"calendar/{feed_id.hex}/{salt}".encode()
    digest = hmac.digest(secret_key.encode(), said, "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(secret: str) -> str:
    """Return under what a secret is kept: whoever reads it cannot open the calendar."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
