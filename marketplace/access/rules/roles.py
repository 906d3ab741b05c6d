"""Roles, scopes and permissions: what each hat lets its wearer do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from uuid import UUID

from marketplace.kernel.money import Money


class Role(StrEnum):
    """In which capacity somebody is here."""

    PERSON = "person"
    SUPPORTER = "supporter"
    PROVIDER_OWNER = "provider_owner"
    PROVIDER_MANAGER = "provider_manager"
    PROVIDER_WORKER = "provider_worker"
    COMMISSIONER = "commissioner"
    PRACTITIONER = "practitioner"
    FINANCE_OFFICER = "finance_officer"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"
    SAFEGUARDING_OFFICER = "safeguarding_officer"

    @property
    def label(self) -> str:
        """The role in words, as shown to people."""
        return self.value.replace("_", " ").capitalize()


PROVIDER_ROLES = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER, Role.PROVIDER_WORKER})
COUNCIL_ROLES = frozenset(
    {
        Role.COMMISSIONER,
        Role.PRACTITIONER,
        Role.FINANCE_OFFICER,
        Role.MODERATOR,
        Role.ADMINISTRATOR,
        Role.SAFEGUARDING_OFFICER,
    }
)


class Scope(StrEnum):
    """What a person lets a supporter do."""

    SEE = "see"
    PLAN = "plan"
    PROPOSE = "propose"
    APPROVE = "approve"
    PAY = "pay"
    MANAGE_CIRCLE = "manage_circle"

    @property
    def label(self) -> str:
        """The scope in words, after "They may …"."""
        return _SCOPE_WORDS[self]

    @property
    def label_for_you(self) -> str:
        """The scope in words, after "You may …", as the supporter reads it."""
        return _SCOPE_WORDS_FOR_YOU[self]


_SCOPE_WORDS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.SEE: "see my money and my orders",
        Scope.PLAN: "help with my plan",
        Scope.PROPOSE: "suggest orders, which wait for my yes",
        Scope.APPROVE: "say yes to orders that others suggested",
        Scope.PAY: "place orders and say what was delivered",
        Scope.MANAGE_CIRCLE: "invite and change other supporters",
    }
)


_SCOPE_WORDS_FOR_YOU: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.SEE: "see their money and their orders",
        Scope.PLAN: "help with their plan",
        Scope.PROPOSE: "suggest orders, which wait for their yes",
        Scope.APPROVE: "say yes to orders that others suggested",
        Scope.PAY: "place orders and say what was delivered",
        Scope.MANAGE_CIRCLE: "invite and change other supporters",
    }
)


class Basis(StrEnum):
    """By what right a supporter acts (L2049: holding is not deciding)."""

    HELPER = "helper"
    APPOINTEE = "appointee"
    POWER_OF_ATTORNEY = "power_of_attorney"
    DEPUTY = "deputy"
    SUITABLE_PERSON = "suitable_person"
    BROKER = "broker"
    NOMINATED_WORKER = "nominated_worker"

    @property
    def label(self) -> str:
        """The basis in words."""
        return _BASIS_WORDS[self]


LEGAL_BASES = frozenset({Basis.APPOINTEE, Basis.POWER_OF_ATTORNEY, Basis.DEPUTY})
"""Those who stand in for a person by law, not by that person's wish."""

_BASIS_WORDS: Mapping[Basis, str] = MappingProxyType(
    {
        Basis.HELPER: "Family or friend who helps",
        Basis.APPOINTEE: "Appointee (looks after benefits)",
        Basis.POWER_OF_ATTORNEY: "Power of attorney",
        Basis.DEPUTY: "Deputy, named by the Court of Protection",
        Basis.SUITABLE_PERSON: "Suitable person, agreed with the council",
        Basis.BROKER: "Broker",
        Basis.NOMINATED_WORKER: "Worker I have named",
    }
)


class Permission(StrEnum):
    """One thing a hat may allow. Views name the one they need."""

    SIGNED_IN = "signed_in"
    SEE_WALLET = "see_wallet"
    PROPOSE_ORDERS = "propose_orders"
    PLACE_ORDERS = "place_orders"
    APPROVE_ORDERS = "approve_orders"
    MANAGE_CIRCLE = "manage_circle"
    KEEP_LISTS = "keep_lists"
    KEEP_STORE = "keep_store"
    TAKE_ORDERS = "take_orders"
    SEE_EARNINGS = "see_earnings"
    READ_MARKET = "read_market"
    OPEN_FUNDING_LINES = "open_funding_lines"
    PAY_PROVIDERS = "pay_providers"
    ASK_BACK = "ask_back"
    MODERATE = "moderate"
    ADMINISTER_COUNCIL = "administer_council"
    KEEP_SAFE = "keep_safe"
    MEDIATE = "mediate"


_BUYING = frozenset(
    {
        Permission.SEE_WALLET,
        Permission.PROPOSE_ORDERS,
        Permission.PLACE_ORDERS,
        Permission.APPROVE_ORDERS,
        Permission.MANAGE_CIRCLE,
        Permission.KEEP_LISTS,
    }
)

_OF_ROLE: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.PERSON: _BUYING,
        Role.SUPPORTER: frozenset(),
        Role.PROVIDER_OWNER: frozenset(
            {Permission.KEEP_STORE, Permission.TAKE_ORDERS, Permission.SEE_EARNINGS}
        ),
        Role.PROVIDER_MANAGER: frozenset({Permission.KEEP_STORE, Permission.TAKE_ORDERS}),
        Role.PROVIDER_WORKER: frozenset({Permission.TAKE_ORDERS}),
        Role.COMMISSIONER: frozenset({Permission.READ_MARKET}),
        Role.PRACTITIONER: frozenset(
            {Permission.OPEN_FUNDING_LINES, Permission.ASK_BACK, Permission.MEDIATE}
        ),
        Role.FINANCE_OFFICER: frozenset({Permission.PAY_PROVIDERS, Permission.ASK_BACK}),
        Role.MODERATOR: frozenset({Permission.MODERATE}),
        Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER_COUNCIL}),
        Role.SAFEGUARDING_OFFICER: frozenset({Permission.KEEP_SAFE}),
    }
)

_OF_SCOPE: Mapping[Scope, frozenset[Permission]] = MappingProxyType(
    {
        Scope.SEE: frozenset({Permission.SEE_WALLET, Permission.KEEP_LISTS}),
        Scope.PLAN: frozenset({Permission.KEEP_LISTS}),
        Scope.PROPOSE: frozenset({Permission.PROPOSE_ORDERS}),
        Scope.APPROVE: frozenset({Permission.APPROVE_ORDERS}),
        Scope.PAY: frozenset({Permission.PROPOSE_ORDERS, Permission.PLACE_ORDERS}),
        Scope.MANAGE_CIRCLE: frozenset({Permission.MANAGE_CIRCLE}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, in which hat, and whom they act for."""

    user_id: UUID
    name: str
    role: Role
    person_id: UUID | None = None
    """Whose affairs these are: their own, or those of the person they support."""
    person_name: str = ""
    organisation_id: UUID | None = None
    """The provider or council whose hat this is."""
    organisation_name: str = ""
    scopes: frozenset[Scope] = frozenset()
    ceiling: Money | None = None
    """The most a supporter may spend with one order; None is no such limit."""
    sign_in_id: UUID | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything this hat allows."""
        return _permissions(self.role, self.scopes)

    def may(self, permission: Permission) -> bool:
        """Tell whether this hat allows something."""
        return permission in self.permissions

    @property
    def acts_for_another(self) -> bool:
        """Tell whether they act in somebody else's affairs."""
        return self.role is Role.SUPPORTER

    @property
    def buys_for(self) -> UUID:
        """The person whose support and money this is about."""
        assert self.person_id is not None, "only a person's or supporter's hat buys"
        return self.person_id

    @property
    def works_for(self) -> UUID:
        """The provider or council whose hat they wear."""
        assert self.organisation_id is not None, "only a hat of an organisation works for one"
        return self.organisation_id


@cache
def _permissions(role: Role, scopes: frozenset[Scope]) -> frozenset[Permission]:
    of_scopes = (_OF_SCOPE[scope] for scope in scopes)
    return frozenset({Permission.SIGNED_IN}).union(_OF_ROLE[role], *of_scopes)


def roles_that_may(permission: Permission) -> frozenset[Role]:
    """Return the roles that allow something by themselves."""
    return frozenset(role for role, allowed in _OF_ROLE.items() if permission in allowed)


def own_hat(user_id: UUID, name: str, *, sign_in_id: UUID | None = None) -> Actor:
    """Return somebody acting for themselves."""
    return Actor(
        user_id=user_id,
        name=name,
        role=Role.PERSON,
        person_id=user_id,
        person_name=name,
        sign_in_id=sign_in_id,
    )
