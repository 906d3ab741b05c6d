"""The pages of this room: coming in, one's account, hats, circle of support, who did what."""

from marketplace.access.views import (
    account,
    circle,
    deeds,
    details,
    hats,
    invitations,
    joining,
    sign_in,
)
from marketplace.access.views.blueprint import access

__all__ = [
    "access",
    "account",
    "circle",
    "deeds",
    "details",
    "hats",
    "invitations",
    "joining",
    "sign_in",
]
