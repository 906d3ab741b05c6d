"""Keeping groups and what they offer, and keeping it true."""

from marketplace.community.commands.ageing import (
    check_link,
    confirm_by_link,
    nudge_keepers,
    tell_search_what_aged,
)
from marketplace.community.commands.dates import ChangeDate, change_date, undo_date
from marketplace.community.commands.days import keep_days_ahead
from marketplace.community.commands.groups import (
    WriteGroup,
    add_group,
    ask_again,
    change_group,
    close_group,
    open_again,
)
from marketplace.community.commands.keepers import (
    become_keeper,
    claim_group,
    decide_group_claim,
    forget_invitations,
    forget_person,
    invite_keeper,
    leave_group,
    take_back_invitation,
)
from marketplace.community.commands.listings import (
    WriteListing,
    add_listing,
    bring_back,
    change_listing,
    confirm_all,
    confirm_listing,
    confirm_own_listing,
    end_listing,
    end_own_listing,
)
from marketplace.community.commands.moderation import (
    check_group,
    check_listing,
    end_partnership,
    hide_group,
    name_partner,
    show_group,
)
from marketplace.community.commands.putting import PutGroup, PutListing, put_group, put_listing
from marketplace.community.commands.reports import (
    answer_report,
    forget_reporters,
    pass_on_reports,
    report_entry,
)

__all__ = [
    "ChangeDate",
    "PutGroup",
    "PutListing",
    "WriteGroup",
    "WriteListing",
    "add_group",
    "add_listing",
    "answer_report",
    "ask_again",
    "become_keeper",
    "bring_back",
    "change_date",
    "change_group",
    "change_listing",
    "check_group",
    "check_link",
    "check_listing",
    "claim_group",
    "close_group",
    "confirm_all",
    "confirm_by_link",
    "confirm_listing",
    "confirm_own_listing",
    "decide_group_claim",
    "end_listing",
    "end_own_listing",
    "end_partnership",
    "forget_invitations",
    "forget_person",
    "forget_reporters",
    "hide_group",
    "invite_keeper",
    "keep_days_ahead",
    "leave_group",
    "name_partner",
    "nudge_keepers",
    "open_again",
    "pass_on_reports",
    "put_group",
    "put_listing",
    "report_entry",
    "show_group",
    "take_back_invitation",
    "tell_search_what_aged",
    "undo_date",
]
