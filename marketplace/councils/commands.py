"""Making and changing councils, and noting whom they fund."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.commands import rename_organisation
from marketplace.audit.commands import record
from marketplace.councils import rules
from marketplace.councils.errors import SlugTakenError
from marketplace.councils.models import Council, CouncilPerson
from marketplace.kernel.errors import NotFoundError
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


def create_council(
    session: Session, wish: CouncilPortal, *, by_user_id: UUID | None, at: datetime
) -> UUID:
    """Make a council and open its portal.

    Raises:
        SlugTakenError: the address is taken, reserved or badly written.
        BadColourError: a colour is not written as #rrggbb.
        PoorContrastError: white words on the main colour could not be read.
    """
    council_id = uuid4()
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
    for name, value in columns.items():
        setattr(council, name, value)
    rename_organisation(session, organisation_id=council_id, name=council.name)
    _record(session, "council-changed", council_id, by_user_id, at)


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
    }


def _record(
    session: Session, what: str, council_id: UUID, by_user_id: UUID | None, at: datetime
) -> None:
    record(
        session,
        what=what,
        chain_id=council_id,
        subject_id=council_id,
        by_user_id=by_user_id,
        at=at,
    )
