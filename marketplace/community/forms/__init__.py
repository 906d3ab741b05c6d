"""What is typed about groups, entries and their days."""

from marketplace.community.forms.asked import (
    ALL_PORTALS,
    MILES,
    PARTS,
    PERIODS,
    AskedOfWhatsOn,
    read_asked,
    shareable,
)
from marketplace.community.forms.entries import DateForm, ListingForm
from marketplace.community.forms.groups import (
    HIDE,
    SHOW,
    AnswerReportForm,
    ChangeGroupForm,
    CheckForm,
    ClaimGroupForm,
    DecideGroupClaimForm,
    DecideGroupForm,
    KeeperForm,
    PartnerForm,
    ReportForm,
    WhereForm,
    WhoForm,
    group_wish,
)

__all__ = [
    "ALL_PORTALS",
    "HIDE",
    "MILES",
    "PARTS",
    "PERIODS",
    "SHOW",
    "AnswerReportForm",
    "AskedOfWhatsOn",
    "ChangeGroupForm",
    "CheckForm",
    "ClaimGroupForm",
    "DateForm",
    "DecideGroupClaimForm",
    "DecideGroupForm",
    "KeeperForm",
    "ListingForm",
    "PartnerForm",
    "ReportForm",
    "WhereForm",
    "WhoForm",
    "group_wish",
    "read_asked",
    "shareable",
]
