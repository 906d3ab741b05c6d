"""Making and changing councils, noting whom they fund, and putting right what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.commands import add_membership, end_membership, rename_organisation
from marketplace.access.rules import COUNCIL_ROLES, Actor, Permission, Role
from marketplace.audit.commands import record
from marketplace.councils import queries, rules
from marketplace.councils.errors import LastAdministratorError, NoSuchPersonError, SlugTakenError
from marketplace.councils.models import Correction, Council, CouncilPerson
from marketplace.councils.rules import FamilyCarers
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.retention import FORGOTTEN
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, ask_to_index, write_letter

_SAID_IN_SEARCH = frozenset({"districts", "stores_open_unchecked"})
"""What of a council decides which stores can be found where."""


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
    appeal_days: int = 28
    stores_open_unchecked: bool = True
    family_carers: FamilyCarers = FamilyCarers.ALLOWED
    safeguarding_email: str = ""
    query_answer_days: int = 5
    query_late_days: int = 14
    ask_days: int = 7


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
    if _SAID_IN_SEARCH & set(changed):
        ask_to_index(session, kind="council", subject_id=council_id, at=at)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForCorrection:
    """A wish to have something put right that is kept about somebody."""

    correction_id: UUID
    council_id: UUID
    person_id: UUID
    what: str
    instead: str


def ask_for_correction(
    session: Session, wish: AskForCorrection, *, by: Actor, at: datetime
) -> None:
    """Tell a council what is wrong; sent twice it is one request.

    Raises:
        NotFoundError: it is not about them or whom they act for, or they belong to no such council.
    """
    about_them = wish.person_id in {by.user_id, by.person_id}
    if not about_them or not queries.belongs(
        session, council_id=wish.council_id, person_id=wish.person_id
    ):
        raise NotFoundError
    council = queries.council(session, council_id=wish.council_id)
    name = access.person(session, user_id=wish.person_id).name
    values = {
        "id": wish.correction_id,
        "council_id": wish.council_id,
        "person_id": wish.person_id,
        "person_name": name,
        "asked_by_id": by.user_id,
        "what": wish.what,
        "instead": wish.instead,
        "asked_at": at,
        "answer": "",
        "answered_by_name": "",
    }
    if not insert_once(session, Correction, values):
        return
    letter = WriteLetter(
        key=f"correction-asked/{wish.correction_id}",
        to=council.email,
        subject="Somebody asks you to put something right",
        template="correction_asked",
        values={"correction_id": str(wish.correction_id)},
    )
    write_letter(session, letter, at=at)
    _record_correction(session, "correction-asked", wish.correction_id, wish.person_id, by, at)


def answer_correction(
    session: Session, *, correction_id: UUID, answer: str, by: Actor, at: datetime
) -> None:
    """Answer what somebody of one's own council asked to have put right; the first answer stays.

    Raises:
        NotFoundError: it is not in their council's inbox.
        NotAllowedError: they are no practitioner.
    """
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of the council can answer this.")
    row = session.get(Correction, correction_id, with_for_update=True)
    if row is None or row.council_id != by.works_for:
        raise NotFoundError
    if row.answered_at is not None:
        return
    row.answer, row.answered_by_id, row.answered_by_name = answer, by.user_id, by.name
    row.answered_at = at
    letter = WriteLetter(
        key=f"correction-answered/{correction_id}",
        to=access.person(session, user_id=row.person_id).email,
        subject="You asked us to put something right",
        template="correction_answered",
        values={"answer": answer, "council_name": by.organisation_name},
    )
    write_letter(session, letter, at=at)
    _record_correction(session, "correction-answered", row.id, row.person_id, by, at)


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Take away what somebody who has left had written; open requests are over."""
    theirs = Correction.person_id == user_id
    session.execute(update(Correction).where(theirs).values(person_name="", what="", instead=""))
    session.execute(
        update(Correction)
        .where(theirs, Correction.answered_at.is_(None))
        .values(answered_at=at, answer=FORGOTTEN)
    )
    session.execute(
        update(Correction).where(theirs, Correction.answer != "").values(answer=FORGOTTEN)
    )


def _record_correction(
    session: Session, what: str, correction_id: UUID, person_id: UUID, by: Actor, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=person_id,
        subject_id=correction_id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
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
        "safeguarding_email": wish.safeguarding_email.strip().lower(),
        "districts": [district.strip().upper() for district in wish.districts],
        "auto_confirm_days": wish.auto_confirm_days,
        "small_number_threshold": wish.small_number_threshold,
        "appeal_days": wish.appeal_days,
        "stores_open_unchecked": wish.stores_open_unchecked,
        "family_carers": wish.family_carers,
        "query_answer_days": wish.query_answer_days,
        "query_late_days": wish.query_late_days,
        "ask_days": wish.ask_days,
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
