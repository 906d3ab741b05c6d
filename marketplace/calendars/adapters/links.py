"""Signed links in reminders: with one of them they are stopped, without signing in."""

from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from marketplace.calendars.errors import LinkError

_STOP = "calendars/stop-reminders"


def stop_token(secret_key: str, reminder_id: UUID) -> str:
    """Return the signed part of the link that stops somebody’s reminders.

    It does not age: a letter is found again years later, and must still be able to stop them.
    """
    return str(URLSafeSerializer(secret_key, salt=_STOP).dumps(reminder_id.hex))


def reminder_of(secret_key: str, typed: str) -> UUID:
    """Return whose reminders a link stops.

    Raises:
        LinkError: it is not ours, or not whole.
    """
    try:
        return UUID(URLSafeSerializer(secret_key, salt=_STOP).loads(typed))
    except (BadData, ValueError, TypeError, AttributeError):
        raise LinkError from None
