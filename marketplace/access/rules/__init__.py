"""Roles, scopes and permissions; coming in; deeds in words. Pure."""

from marketplace.access.rules.coming_in import (
    device_words,
    own_path,
)
from marketplace.access.rules.deeds import (
    ABOUT_ACCOUNTS,
    deed_words,
)
from marketplace.access.rules.limits import (
    EMAIL_LENGTH_MAX,
    INVITATION_LASTS,
    LINK_LASTS,
    NAME_LENGTH_MAX,
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    SIGN_IN_IDLE,
    SIGN_IN_LASTS,
    TRIES_MAX,
    TRIES_MAX_OF_NETWORK,
    TRIES_WINDOW,
)
from marketplace.access.rules.roles import (
    COUNCIL_ROLES,
    PROVIDER_ROLES,
    Actor,
    Basis,
    Permission,
    Role,
    Scope,
    own_hat,
)

__all__ = [
    "ABOUT_ACCOUNTS",
    "COUNCIL_ROLES",
    "EMAIL_LENGTH_MAX",
    "INVITATION_LASTS",
    "LINK_LASTS",
    "NAME_LENGTH_MAX",
    "PASSWORD_LENGTH_MAX",
    "PASSWORD_LENGTH_MIN",
    "PROVIDER_ROLES",
    "SIGN_IN_IDLE",
    "SIGN_IN_LASTS",
    "TRIES_MAX",
    "TRIES_MAX_OF_NETWORK",
    "TRIES_WINDOW",
    "Actor",
    "Basis",
    "Permission",
    "Role",
    "Scope",
    "deed_words",
    "device_words",
    "own_hat",
    "own_path",
]
