"""Accounts, sign-ins, memberships and circles: every write of this room."""

from marketplace.access.commands.accounts import (
    change_password,
    close_account,
    confirm_email,
    create_user,
)
from marketplace.access.commands.circle import (
    InviteSupporter,
    accept_invitation,
    change_supporter,
    end_supporter,
    invite_supporter,
    refuse_invitation,
)
from marketplace.access.commands.letters import (
    confirm_by_link,
    send_confirmation,
    send_reset,
    set_password_by_link,
)
from marketplace.access.commands.memberships import (
    add_membership,
    end_membership,
    rename_organisation,
)
from marketplace.access.commands.sign_ins import (
    begin_sign_in,
    count_try,
    end_other_sign_ins,
    end_sign_in,
    forget_tries,
    note_seen,
    right_user,
    wear_hat,
)

__all__ = [
    "InviteSupporter",
    "accept_invitation",
    "add_membership",
    "begin_sign_in",
    "change_password",
    "change_supporter",
    "close_account",
    "confirm_by_link",
    "confirm_email",
    "count_try",
    "create_user",
    "end_membership",
    "end_other_sign_ins",
    "end_sign_in",
    "end_supporter",
    "forget_tries",
    "invite_supporter",
    "note_seen",
    "refuse_invitation",
    "rename_organisation",
    "right_user",
    "send_confirmation",
    "send_reset",
    "set_password_by_link",
    "wear_hat",
]
