"""The picture of a store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.adapters.pictures import clean_picture
from marketplace.catalogue.commands.keeping import ask_for_store, note, own_store
from marketplace.catalogue.models import Picture
from marketplace.catalogue.rules import ALT_LENGTH_MAX, checked_text
from marketplace.kernel.errors import NotFoundError


def set_picture(
    session: Session, *, picture_id: UUID, content: bytes, alt: str, by: Actor, at: datetime
) -> UUID:
    """Show a picture in the store instead of the one before; sent twice it is one picture.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadPictureError: it is not a picture we can show.
        BadWordsError: it does not say what the picture shows.
    """
    provider = own_store(session, by)
    words = checked_text(
        alt,
        what="sentence that says what the picture shows",
        longest=ALT_LENGTH_MAX,
        needed=True,
        one_line=True,
    )
    earlier = session.get(Picture, picture_id)
    if earlier is not None:
        if earlier.provider_id != provider.id:
            raise NotFoundError
        return earlier.id
    clean = clean_picture(content)
    if provider.picture_id is not None:
        session.delete(session.get_one(Picture, provider.picture_id))
    session.add(
        Picture(
            id=picture_id,
            provider_id=provider.id,
            content=clean.content,
            media_type=clean.media_type,
            alt=words,
            width=clean.width,
            height=clean.height,
        )
    )
    provider.picture_id = picture_id
    note(session, "picture-set", provider_id=provider.id, subject_id=picture_id, by=by, at=at)
    ask_for_store(session, provider.id, at=at)
    return picture_id
