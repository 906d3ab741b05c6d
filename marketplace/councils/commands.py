"""Making and changing councils, and noting whom they fund."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.commands import add_membership, end_membership, rename_organisation
from marketplace.access.rules import COUNCIL_ROLES, Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.councils import rules
from marketplace.councils.errors import LastAdministratorError, NoSuchPersonError, SlugTakenError
from marketplace.councils.models import Council, CouncilPerson
from marketplace.councils.rules import FamilyCarers
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.writing import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilPortal:
    """How a portal is to look and behave."""

    slug: str
    name: str
    strapline: str
    welcome: str
    brand: str
    accent: str
    email: str
    safeguarding_team: str
    safeguarding_phone: str
    districts: tuple[str, ...]
    auto_confirm_days: int = 7
    small_number_threshold: int = 5
    stores_open_unchecked: bool = True
    family_carers: FamilyCarers = FamilyCarers.ALLOWED


def create_council(
    session: Session,
    wish: CouncilPortal,
    *,
    by_user_id: UUID | None,
    at: datetime,
    council_id: UUID | None = None,
) -> UUID:
    """Make a council and open its portal; with the same id twice it is one council.

    Raises:
        SlugTakenError: the address is taken, reserved or badly written.
        BadColourError: a colour is not written as #rrggbb.
        PoorContrastError: white words on the main colour could not be read.
    """
    council_id = council_id or uuid4()
    if session.get(Council, council_id) is not None:
        return council_id
    made = insert_once(session, Council, {"id": council_id, "made_at": at, **_columns(wish)})
    if not made:
        raise SlugTakenError(f"There is already a portal at /{wish.slug}/.")
    _record(session, "council-made", council_id, by_user_id, at)
    return council_id


def change_council(
    session: Session, council_id: UUID, wish: CouncilPortal, *, by_user_id: UUID, at: datetime
) -> None:
    """Change a council's words, colours and policies; its address stays.

    Raises:
        NotFoundError: there is no such council.
        BadColourError: a colour is not written as #rrggbb.
        PoorContrastError: white words on the main colour could not be read.
    """
    council = session.get(Council, council_id, with_for_update=True)
    if council is None:
        raise NotFoundError
    columns = _columns(wish)
    columns.pop("slug")
    changed = [name for name, value in columns.items() if getattr(council, name) != value]
    for name in changed:
        setattr(council, name, columns[name])
    rename_organisation(session, organisation_id=council_id, name=council.name)
    _record(session, "council-changed", council_id, by_user_id, at, ", ".join(changed))


def open_portal(
    session: Session, wish: CouncilPortal, *, council_id: UUID, by: Actor, at: datetime
) -> UUID:
    """Make a council whose first administrator is whoever makes it.

    Raises:
        SlugTakenError: the address is taken, reserved or badly written.
        BadColourError: a colour is not written as #rrggbb.
        PoorContrastError: white words on the main colour could not be read.
        NotAllowedError: they are no administrator.
    """
    if not by.may(Permission.ADMINISTER_COUNCIL):
        raise NotAllowedError("Only an administrator can make a portal.")
    create_council(session, wish, by_user_id=by.user_id, at=at, council_id=council_id)
    add_membership(
        session,
        user_id=by.user_id,
        organisation_id=council_id,
        organisation_name=wish.name.strip(),
        role=Role.ADMINISTRATOR,
        by_user_id=by.user_id,
        at=at,
    )
    return council_id


def add_staff(
    session: Session, *, council_id: UUID, email: str, role: Role, by: Actor, at: datetime
) -> None:
    """Give somebody with a confirmed account a role in one's own council.

    Raises:
        NotFoundError: it is not their council.
        NoSuchPersonError: nobody is known to read letters to this address.
    """
    council = _own_council(session, council_id, by)
    if role not in COUNCIL_ROLES:
        raise NotAllowedError("That is not a role in a council.")
    person = access.find_confirmed_person(session, email=email)
    if person is None:
        raise NoSuchPersonError(
            "Nobody has joined with this address and confirmed it. Ask them to join first."
        )
    add_membership(
        session,
        user_id=person.id,
        organisation_id=council.id,
        organisation_name=council.name,
        role=role,
        by_user_id=by.user_id,
        at=at,
    )


def end_staff(
    session: Session, *, council_id: UUID, user_id: UUID, role: Role, by: Actor, at: datetime
) -> None:
    """Take a role in one's own council away.

    Raises:
        NotFoundError: it is not their council, or nobody there has that role.
        LastAdministratorError: nobody could look after the council any more.
    """
    # Locked: two administrators who end each other take turns.
    council = _own_council(session, council_id, by)
    staff = access.staff_of(session, organisation_id=council.id)
    holders = [person.id for person, held in staff if held is role]
    if user_id not in holders:
        raise NotFoundError
    if role is Role.ADMINISTRATOR and len(holders) == 1:
        raise LastAdministratorError(
            "This is the last administrator. Add another one first, so that somebody is left."
        )
    end_membership(
        session,
        user_id=user_id,
        organisation_id=council.id,
        role=role,
        by_user_id=by.user_id,
        at=at,
    )


def _own_council(session: Session, council_id: UUID, by: Actor) -> Council:
    if not by.may(Permission.ADMINISTER_COUNCIL) or by.organisation_id != council_id:
        raise NotFoundError
    council = session.get(Council, council_id, with_for_update=True)
    if council is None:
        raise NotFoundError
    return council


def note_person(
    session: Session, *, council_id: UUID, person_id: UUID, funded: bool, at: datetime
) -> None:
    """Note that a council funds a person, or that a self-funder joined through its portal.

    Once funded, a person stays so until ``end_funding``.
    """
    values = {"council_id": council_id, "person_id": person_id, "funded": funded, "since_at": at}
    made = insert_once(session, CouncilPerson, {"id": uuid4(), **values})
    if not made and funded:
        _set_funded(session, council_id, person_id, funded=True)


def end_funding(session: Session, *, council_id: UUID, person_id: UUID) -> None:
    """Note that a council no longer funds a person: its agreed prices are no longer theirs."""
    _set_funded(session, council_id, person_id, funded=False)


def _set_funded(session: Session, council_id: UUID, person_id: UUID, *, funded: bool) -> None:
    session.execute(
        update(CouncilPerson)
        .where(CouncilPerson.council_id == council_id, CouncilPerson.person_id == person_id)
        .values(funded=funded)
    )


def _columns(wish: CouncilPortal) -> dict[str, object]:
    return {
        "slug": rules.portal_slug(wish.slug),
        "name": wish.name.strip(),
        "strapline": wish.strapline.strip(),
        "welcome": wish.welcome.strip(),
        "brand": rules.brand_colour(wish.brand),
        "accent": rules.accent_colour(wish.accent),
        "email": wish.email.strip().lower(),
        "safeguarding_team": wish.safeguarding_team.strip(),
        "safeguarding_phone": wish.safeguarding_phone.strip(),
        "districts": [district.strip().upper() for district in wish.districts],
        "auto_confirm_days": wish.auto_confirm_days,
        "small_number_threshold": wish.small_number_threshold,
        "stores_open_unchecked": wish.stores_open_unchecked,
        "family_carers": wish.family_carers,
    }


def _record(
    session: Session,
    what: str,
    council_id: UUID,
    by_user_id: UUID | None,
    at: datetime,
    changed: str = "",
) -> None:
    record(
        session,
        what=what,
        chain_id=council_id,
        subject_id=council_id,
        by_user_id=by_user_id,
        at=at,
        details={"changed": changed} if changed else None,
    )
