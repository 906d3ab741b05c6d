"""Reading people, sign-ins, hats and circles."""

from marketplace.access.queries.authority import NOTHING, Authority, authority, authority_of
from marketplace.access.queries.circle import (
    SupporterRow,
    circle_of,
    invitations_for,
    supporter,
    supporting,
)
from marketplace.access.queries.data import (
    Address,
    acts_in_law,
    addresses_of,
    data_of,
    stores_of,
    whose_data,
)
from marketplace.access.queries.deciding import (
    CircleRuleRow,
    Decider,
    circle_rule,
    deciders,
    who_gets_stuck,
)
from marketplace.access.queries.declarations import (
    DeclarationRow,
    FamilyAnswer,
    FamilyCarerRow,
    Interest,
    NamedStore,
    declarations_of,
    family_answers,
    family_carers_of,
    interests_in,
    paid_family_of,
)
from marketplace.access.queries.desk import SupportedPerson, supported_people
from marketplace.access.queries.hats import (
    active_supporters,
    find_actor,
    hats_of,
    staff_of,
)
from marketplace.access.queries.people import (
    Person,
    closed_before,
    find_confirmed_person,
    find_person_by_email,
    is_closed,
    is_confirmed,
    names_of,
    person,
)
from marketplace.access.queries.reset_links import check_reset_link
from marketplace.access.queries.sign_ins import (
    LivingSignIn,
    SignInRow,
    find_sign_in,
    sign_ins_of,
)

__all__ = [
    "NOTHING",
    "Address",
    "Authority",
    "CircleRuleRow",
    "Decider",
    "DeclarationRow",
    "FamilyAnswer",
    "FamilyCarerRow",
    "Interest",
    "LivingSignIn",
    "NamedStore",
    "Person",
    "SignInRow",
    "SupportedPerson",
    "SupporterRow",
    "active_supporters",
    "acts_in_law",
    "addresses_of",
    "authority",
    "authority_of",
    "check_reset_link",
    "circle_of",
    "circle_rule",
    "closed_before",
    "data_of",
    "deciders",
    "declarations_of",
    "family_answers",
    "family_carers_of",
    "find_actor",
    "find_confirmed_person",
    "find_person_by_email",
    "find_sign_in",
    "hats_of",
    "interests_in",
    "invitations_for",
    "is_closed",
    "is_confirmed",
    "names_of",
    "paid_family_of",
    "person",
    "sign_ins_of",
    "staff_of",
    "stores_of",
    "supported_people",
    "supporter",
    "supporting",
    "who_gets_stuck",
    "whose_data",
]
