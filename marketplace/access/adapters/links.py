"""Signed links in letters: each for one purpose, good for a few days."""

import hashlib
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.access.errors import LinkExpiredError
from marketplace.access.rules import LINK_LASTS

CONFIRM = "confirm-address"
RESET = "reset-password"
CHANGE = "change-address"


def token(secret_key: str, purpose: str, user_id: UUID, bound_to: str) -> str:
    """Return the signed part of a link. It dies when what it is bound to changes."""
    return _signer(secret_key, purpose).dumps([user_id.hex, _fingerprint(bound_to)])


def user_of(secret_key: str, purpose: str, typed: str) -> UUID:
    """Return whose link this is. Ask ``still_bound`` as well before believing it.

    Raises:
        LinkExpiredError: it is too old, made for something else, or not ours.
    """
    return UUID(_read(secret_key, purpose, typed)[0])


def still_bound(secret_key: str, purpose: str, typed: str, bound_to: str) -> None:
    """Refuse a link that has done its work.

    Raises:
        LinkExpiredError: what it was bound to has changed since.
    """
    if _read(secret_key, purpose, typed)[1] != _fingerprint(bound_to):
        raise LinkExpiredError("This link was used already. Ask for a new one.")


def _read(secret_key: str, purpose: str, typed: str) -> list[str]:
    try:
        found: list[str] = _signer(secret_key, purpose).loads(
            typed, max_age=int(LINK_LASTS.total_seconds())
        )
    except BadData:
        raise LinkExpiredError(
            "This link is too old, or a part of it is missing. Ask for a new one."
        ) from None
    return found


def _signer(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"link/{purpose}")


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
