"""Who funds, who holds, over what time a limit counts: the words of a budget."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Funder(StrEnum):
    """Where the money of a funding line comes from."""

    ADULT_SOCIAL_CARE = "adult_social_care"
    CHILDRENS_SERVICES = "childrens_services"
    PERSONAL_HEALTH_BUDGET = "personal_health_budget"
    CARERS_BUDGET = "carers_budget"
    SHORT_BREAKS = "short_breaks"
    INDEPENDENT_LIVING_FUND = "independent_living_fund"
    DISABLED_FACILITIES_GRANT = "disabled_facilities_grant"
    OWN_MONEY = "own_money"
    FAMILY_TOP_UP = "family_top_up"

    @property
    def label(self) -> str:
        """The funder as people say it."""
        return _FUNDERS[self]

    @property
    def is_private(self) -> bool:
        """Tell whether it is the person's or their family's own, so that no council funds it."""
        return self in {Funder.OWN_MONEY, Funder.FAMILY_TOP_UP}


_FUNDERS: Mapping[Funder, str] = MappingProxyType(
    {
        Funder.ADULT_SOCIAL_CARE: "Adult social care",
        Funder.CHILDRENS_SERVICES: "Children\N{RIGHT SINGLE QUOTATION MARK}s services",
        Funder.PERSONAL_HEALTH_BUDGET: "Personal health budget",
        Funder.CARERS_BUDGET: "Carer\N{RIGHT SINGLE QUOTATION MARK}s budget",
        Funder.SHORT_BREAKS: "Short breaks",
        Funder.INDEPENDENT_LIVING_FUND: "Independent Living Fund",
        Funder.DISABLED_FACILITIES_GRANT: "Disabled Facilities Grant",
        Funder.OWN_MONEY: "My own money",
        Funder.FAMILY_TOP_UP: "Money from my family",
    }
)


class Holder(StrEnum):
    """The six ways to hold a funding line. Holding is not deciding (L2049)."""

    DIRECT_PAYMENT = "direct_payment"
    REPRESENTATIVE = "representative"
    TRUST = "trust"
    THIRD_PARTY = "third_party"
    ISF = "isf"
    COUNCIL_MANAGED = "council_managed"

    @property
    def label(self) -> str:
        """The way in a few words."""
        return _HOLDERS[self][0]

    @property
    def explanation(self) -> str:
        """What it means, in plain words."""
        return _HOLDERS[self][1]


_HOLDERS: Mapping[Holder, tuple[str, str]] = MappingProxyType(
    {
        Holder.DIRECT_PAYMENT: (
            "The person",
            "A direct payment. The money is paid to them and they look after it.",
        ),
        Holder.REPRESENTATIVE: (
            "Family or a friend",
            "Someone they trust looks after the money for them.",
        ),
        Holder.TRUST: (
            "A trust",
            "A small group set up for this one person looks after the money together.",
        ),
        Holder.THIRD_PARTY: (
            "A broker or organisation",
            "An organisation they chose looks after the money and does not sell the support.",
        ),
        Holder.ISF: (
            "A provider",
            "An individual service fund. A provider they chose keeps the money for them alone.",
        ),
        Holder.COUNCIL_MANAGED: (
            "The council",
            "The council looks after the money. The person still says how it is used.",
        ),
    }
)


class LimitWindow(StrEnum):
    """Over what time a spending limit counts."""

    ORDER = "order"
    DAY = "day"
    WEEK = "week"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"

    @property
    def label(self) -> str:
        """The window in words, after an amount: "£30.00 for one order"."""
        return _WINDOWS[self]

    @property
    def adds_up(self) -> bool:
        """Tell whether spends in one window add up; one order stands by itself."""
        return self is not LimitWindow.ORDER


_WINDOWS: Mapping[LimitWindow, str] = MappingProxyType(
    {
        LimitWindow.ORDER: "for one order",
        LimitWindow.DAY: "for one day",
        LimitWindow.WEEK: "for one week",
        LimitWindow.FOUR_WEEKS: "for four weeks",
        LimitWindow.MONTH: "for one month",
        LimitWindow.YEAR: "for one year of the plan",
        LimitWindow.EVER: "in all",
    }
)


class LimitKind(StrEnum):
    """What happens when a spend goes past a limit."""

    REFUSE = "refuse"
    ASK = "ask"


class RefusalReason(StrEnum):
    """Why a spend was refused."""

    NO_LINE = "no_line"
    MONEY = "money"
    LIMIT = "limit"
    ASK = "ask"

    RULE = "rule"
    """The rules of whoever funds it: this money may not buy this."""
    AUTHORITY = "authority"


class Measure(StrEnum):
    """What a limit counts."""

    AMOUNT = "amount"
    COUNT = "count"


class Narrowing(StrEnum):
    """Which spends a limit is about."""

    NOTHING = "nothing"
    """All of them."""
    CATEGORY = "category"
    PROVIDER = "provider"
    OUTCOME = "outcome"


class RequestState(StrEnum):
    """What became of a request to go past a limit."""

    ASKED = "asked"
    AGREED = "agreed"
    TURNED_DOWN = "turned_down"
    WITHDRAWN = "withdrawn"


class HoldKind(StrEnum):
    """What money was set aside for."""

    ORDER = "order"
    ELSEWHERE = "elsewhere"
    """Bought outside the market and written down here."""


class Calendar(StrEnum):
    """How the money of a line comes."""

    FOUR_WEEKLY = "four_weekly"
    MONTHLY = "monthly"
    ONE_OFF = "one_off"
    AS_IT_COMES = "as_it_comes"

    @property
    def label(self) -> str:
        """The calendar in words, after "It comes …"."""
        return _CALENDARS[self]


_CALENDARS: Mapping[Calendar, str] = MappingProxyType(
    {
        Calendar.FOUR_WEEKLY: "every four weeks",
        Calendar.MONTHLY: "every month",
        Calendar.ONE_OFF: "once",
        Calendar.AS_IT_COMES: "when somebody pays it in",
    }
)


class LineChange(StrEnum):
    """What was changed about a funding line."""

    AMOUNT = "amount"
    FUNDER = "funder"
    HOLDER = "holder"
    COST_CODE = "cost_code"
    END = "end"
    PLACE = "place"
    SPLIT = "split"
    HANDED_OVER = "handed_over"
    FLOWED_ON = "flowed_on"
    STOPPED = "stopped"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The change in words."""
        return _CHANGES[self]


_CHANGES: Mapping[LineChange, str] = MappingProxyType(
    {
        LineChange.AMOUNT: "How much it is for a year",
        LineChange.FUNDER: "Where the money comes from",
        LineChange.HOLDER: "Who looks after it",
        LineChange.COST_CODE: "The cost code",
        LineChange.END: "The last day",
        LineChange.PLACE: "Its place in the order of paying",
        LineChange.SPLIT: "It was shared out",
        LineChange.HANDED_OVER: "Another council goes on with it",
        LineChange.FLOWED_ON: "Money that came back went on",
        LineChange.STOPPED: "No more comes in",
        LineChange.CLOSED: "It was closed",
    }
)
