"""Roles, scopes and permissions; coming in; deeds in words. Pure."""

from marketplace.access.rules.circles import (
    FEE_WORDS_LENGTH_MAX,
    PERCENT_MAX,
    STORES_MAX,
    YESES_MAX,
    FeePer,
    fee_words,
    stuck_suggester,
    waits_for_a_yes,
)
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
    LEGAL_BASES,
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
    "FEE_WORDS_LENGTH_MAX",
    "INVITATION_LASTS",
    "LEGAL_BASES",
    "LINK_LASTS",
    "NAME_LENGTH_MAX",
    "PASSWORD_LENGTH_MAX",
    "PASSWORD_LENGTH_MIN",
    "PERCENT_MAX",
    "PROVIDER_ROLES",
    "SIGN_IN_IDLE",
    "SIGN_IN_LASTS",
    "STORES_MAX",
    "TRIES_MAX",
    "TRIES_MAX_OF_NETWORK",
    "TRIES_WINDOW",
    "YESES_MAX",
    "Actor",
    "Basis",
    "FeePer",
    "Permission",
    "Role",
    "Scope",
    "deed_words",
    "device_words",
    "fee_words",
    "own_hat",
    "own_path",
    "stuck_suggester",
    "waits_for_a_yes",
]
