"""Links for a new password, before they are used."""

from sqlalchemy.orm import Session

from marketplace.access.adapters import links
from marketplace.access.errors import LinkExpiredError
from marketplace.access.models import User


def check_reset_link(session: Session, *, link: str, secret_key: str) -> None:
    """Look whether a link for a new password is still good.

    Raises:
        LinkExpiredError: it is too old, not ours, or was used.
    """
    user = session.get(User, links.user_of(secret_key, links.RESET, link))
    if user is None or user.closed_at is not None:
        raise LinkExpiredError("This link is no longer good.")
    links.still_bound(secret_key, links.RESET, link, user.reset_binding)
