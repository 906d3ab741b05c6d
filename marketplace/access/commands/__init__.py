"""Accounts, sign-ins, memberships and circles: every write of this room."""

from marketplace.access.commands.accounts import (
    change_name,
    change_password,
    confirm_email,
    create_user,
)
from marketplace.access.commands.addresses import ask_for_email, change_email_by_link
from marketplace.access.commands.circle import (
    InviteSupporter,
    accept_invitation,
    change_supporter,
    end_supporter,
    invite_supporter,
    refuse_invitation,
)
from marketplace.access.commands.closing import (
    close_account,
    forget_email_changes,
    forget_sign_ins,
    forget_user,
)
from marketplace.access.commands.deciding import ChooseCircleRule, choose_circle_rule
from marketplace.access.commands.declaring import (
    Declare,
    agree_to_broker,
    declare,
    offer_as_broker,
)
from marketplace.access.commands.family import (
    DecideFamily,
    decide_on_family,
    declare_family_carer,
    end_family_carer,
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
    "ChooseCircleRule",
    "DecideFamily",
    "Declare",
    "InviteSupporter",
    "accept_invitation",
    "add_membership",
    "agree_to_broker",
    "ask_for_email",
    "begin_sign_in",
    "change_email_by_link",
    "change_name",
    "change_password",
    "change_supporter",
    "choose_circle_rule",
    "close_account",
    "confirm_by_link",
    "confirm_email",
    "count_try",
    "create_user",
    "decide_on_family",
    "declare",
    "declare_family_carer",
    "end_family_carer",
    "end_membership",
    "end_other_sign_ins",
    "end_sign_in",
    "end_supporter",
    "forget_email_changes",
    "forget_sign_ins",
    "forget_tries",
    "forget_user",
    "invite_supporter",
    "note_seen",
    "offer_as_broker",
    "refuse_invitation",
    "rename_organisation",
    "right_user",
    "send_confirmation",
    "send_reset",
    "set_password_by_link",
    "wear_hat",
]
