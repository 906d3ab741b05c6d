"""Signed links in letters: each for one purpose, good for a while."""

from datetime import timedelta
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.community.errors import LinkExpiredError

KEEPER = "become-keeper"
CONFIRM = "confirm-entries"


def token(secret_key: str, purpose: str, *ids: UUID) -> str:
    """Return the signed part of a link that names some ids."""
    return _signer(secret_key, purpose).dumps([each.hex for each in ids])


def ids_of(secret_key: str, purpose: str, typed: str, *, lasts: timedelta) -> list[UUID]:
    """Return the ids that a link names.

    Raises:
        LinkExpiredError: it is too old, made for something else, or not ours.
    """
    try:
        found = _signer(secret_key, purpose).loads(typed, max_age=int(lasts.total_seconds()))
        return [UUID(each) for each in found]
    except (BadData, ValueError, TypeError):
        raise LinkExpiredError("This link is too old, or a part of it is missing.") from None


def _signer(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"community/{purpose}")
