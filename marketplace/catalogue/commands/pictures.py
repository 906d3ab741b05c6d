"""The pictures of a store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.adapters.pictures import clean_picture
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.errors import BadPictureError
from marketplace.catalogue.models import Picture, Provider
from marketplace.catalogue.rules import ALT_LENGTH_MAX, checked_text
from marketplace.kernel.errors import NotFoundError

PICTURES_MAX = 8


def add_picture(
    session: Session, *, picture_id: UUID, content: bytes, alt: str, by: Actor, at: datetime
) -> UUID:
    """Show one more picture in the store; sent twice it is one picture.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadPictureError: it is not a picture we can show, or there are enough.
        BadWordsError: it does not say what the picture shows.
    """
    provider = own_store(session, by)
    words = _alt(alt)
    earlier = session.get(Picture, picture_id)
    if earlier is not None:
        return _own(earlier, provider).id
    there = _in_order(session, provider)
    if len(there) >= PICTURES_MAX:
        raise BadPictureError(
            f"A store can have {PICTURES_MAX} pictures. Take one away, then add this."
        )
    clean = clean_picture(content)
    picture = Picture(
        id=picture_id,
        provider_id=provider.id,
        content=clean.content,
        media_type=clean.media_type,
        alt=words,
        width=clean.width,
        height=clean.height,
    )
    session.add(picture)
    _arrange(provider, [*there, picture])
    _changed(session, "picture-set", picture_id, by, at)
    return picture_id


def describe_picture(
    session: Session, *, picture_id: UUID, alt: str, by: Actor, at: datetime
) -> None:
    """Say in other words what a picture shows.

    Raises:
        NotFoundError: it is not a picture of their store.
        BadWordsError: there are no words, or too many.
    """
    provider = own_store(session, by)
    _own(session.get(Picture, picture_id), provider).alt = _alt(alt)
    _changed(session, "picture-described", picture_id, by, at)


def move_picture_up(session: Session, *, picture_id: UUID, by: Actor, at: datetime) -> None:
    """Let a picture change places with the one before it; the first is that of the card.

    Raises:
        NotFoundError: it is not a picture of their store.
    """
    provider = own_store(session, by)
    picture = _own(session.get(Picture, picture_id), provider)
    there = _in_order(session, provider)
    place = there.index(picture)
    if place == 0:
        return
    there[place - 1], there[place] = there[place], there[place - 1]
    _arrange(provider, there)
    _changed(session, "picture-moved", picture_id, by, at)


def remove_picture(session: Session, *, picture_id: UUID, by: Actor, at: datetime) -> None:
    """Take a picture away for good; one that is gone already stays gone.

    Raises:
        NotFoundError: it is a picture of another store.
    """
    provider = own_store(session, by)
    picture = session.get(Picture, picture_id)
    if picture is None:
        return
    _own(picture, provider)
    _arrange(provider, [each for each in _in_order(session, provider) if each is not picture])
    session.delete(picture)
    _changed(session, "picture-removed", picture_id, by, at)


def _alt(typed: str) -> str:
    return checked_text(
        typed,
        what="sentence that says what the picture shows",
        longest=ALT_LENGTH_MAX,
        needed=True,
        one_line=True,
    )


def _own(picture: Picture | None, provider: Provider) -> Picture:
    if picture is None or picture.provider_id != provider.id:
        raise NotFoundError
    return picture


def _in_order(session: Session, provider: Provider) -> list[Picture]:
    rows = select(Picture).where(Picture.provider_id == provider.id)
    return list(session.scalars(rows.order_by(Picture.place, Picture.id)))


def _arrange(provider: Provider, pictures: list[Picture]) -> None:
    for place, picture in enumerate(pictures):
        picture.place = place
    provider.picture_id = pictures[0].id if pictures else None


def _changed(session: Session, what: str, picture_id: UUID, by: Actor, at: datetime) -> None:
    note(session, what, provider_id=by.works_for, subject_id=picture_id, by=by, at=at)
    ask_for_store(session, by.works_for, at=at)
