"""The pictures and papers of a store."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import (
    BadPictureError,
    BadWordsError,
)
from marketplace.catalogue.queries import PictureCard
from marketplace.kernel.errors import NotFoundError
from tests.conftest import NOON
from tests.factories import Make


def photo(width: int = 2400, height: int = 1200, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    """Return a picture with a place hidden in it."""
    written = BytesIO()
    picture = Image.new(mode, (width, height), 200)
    exif = Image.Exif()
    exif[0x010E] = "taken in my garden"
    picture.save(written, kind, exif=exif)
    return written.getvalue()


def shown(session: Session, owner: Actor) -> tuple[PictureCard, ...]:
    """Return the pictures of a store in their order."""
    return queries.storefront(session, provider_id=owner.works_for).pictures


class TestPicture:
    def put(self, session: Session, owner: Actor, content: bytes, alt: str = "Me") -> None:
        commands.add_picture(
            session, picture_id=uuid4(), content=content, alt=alt, by=owner, at=NOON
        )

    @pytest.mark.parametrize(
        ("kind", "mode", "becomes"),
        [
            ("JPEG", "RGB", "image/jpeg"),
            ("PNG", "RGBA", "image/png"),
            ("WEBP", "RGB", "image/jpeg"),
        ],
    )
    def test_is_made_smaller_and_loses_what_is_hidden_in_it(
        self, session: Session, make: Make, kind: str, mode: str, becomes: str
    ) -> None:
        owner = make.provider()

        self.put(session, owner, photo(kind=kind, mode=mode))

        store = queries.kept_store(session, by=owner)
        assert store.picture_id is not None
        kept = queries.picture(session, picture_id=store.picture_id)
        with Image.open(BytesIO(kept.content)) as shown:
            assert (kept.media_type, shown.size) == (becomes, (1200, 600))
            assert not shown.getexif()
        assert b"garden" not in kept.content

    def test_the_first_is_that_of_the_card_until_another_moves_up(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        self.put(session, owner, photo(10, 10), alt="Me")
        self.put(session, owner, photo(10, 10), alt="Me and the dog")
        self.put(session, owner, photo(10, 10), alt="The van")
        assert queries.kept_store(session, by=owner).picture_alt == "Me"
        dog = shown(session, owner)[1].id

        for _ in range(2):  # already first: nothing happens the second time
            commands.move_picture_up(session, picture_id=dog, by=owner, at=NOON)

        assert [each.alt for each in shown(session, owner)] == ["Me and the dog", "Me", "The van"]
        assert queries.kept_store(session, by=owner).picture_alt == "Me and the dog"

    def test_taken_away_is_gone_and_the_next_takes_its_place(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        self.put(session, owner, photo(10, 10), alt="Me")
        self.put(session, owner, photo(10, 10), alt="The van")
        first = shown(session, owner)[0].id

        for _ in range(2):
            commands.remove_picture(session, picture_id=first, by=owner, at=NOON)

        assert [each.alt for each in shown(session, owner)] == ["The van"]
        assert queries.kept_store(session, by=owner).picture_alt == "The van"
        with pytest.raises(NotFoundError):
            queries.picture(session, picture_id=first)

    def test_can_be_said_in_other_words(self, session: Session, make: Make) -> None:
        owner = make.provider()
        self.put(session, owner, photo(10, 10), alt="Me")
        picture_id = shown(session, owner)[0].id

        commands.describe_picture(
            session, picture_id=picture_id, alt="Me in the garden", by=owner, at=NOON
        )

        assert shown(session, owner)[0].alt == "Me in the garden"

    def test_of_another_store_cannot_be_touched(self, session: Session, make: Make) -> None:
        owner, other = make.provider(), make.provider()
        self.put(session, owner, photo(10, 10))
        mine = shown(session, owner)[0].id

        with pytest.raises(NotFoundError):
            commands.describe_picture(session, picture_id=mine, alt="No", by=other, at=NOON)
        with pytest.raises(NotFoundError):
            commands.move_picture_up(session, picture_id=mine, by=other, at=NOON)
        with pytest.raises(NotFoundError):
            commands.remove_picture(session, picture_id=mine, by=other, at=NOON)

    def test_beyond_the_eighth_is_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()
        for _ in range(8):
            self.put(session, owner, photo(4, 4))

        with pytest.raises(BadPictureError, match="8 pictures"):
            self.put(session, owner, photo(4, 4))

    def test_sent_twice_is_one_picture(self, session: Session, make: Make) -> None:
        owner = make.provider()
        picture_id = uuid4()

        for _ in range(2):
            commands.add_picture(
                session, picture_id=picture_id, content=photo(9, 9), alt="Me", by=owner, at=NOON
            )

        assert queries.kept_store(session, by=owner).picture_id == picture_id

    def test_with_another_stores_id_is_not_found(self, session: Session, make: Make) -> None:
        picture_id = uuid4()
        commands.add_picture(
            session,
            picture_id=picture_id,
            content=photo(9, 9),
            alt="Me",
            by=make.provider(),
            at=NOON,
        )

        with pytest.raises(NotFoundError):
            commands.add_picture(
                session,
                picture_id=picture_id,
                content=photo(9, 9),
                alt="Me",
                by=make.provider(),
                at=NOON,
            )

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Choose a picture"),
            (b"GIF89a but not really", "cannot open that as a picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot open that as a picture"),
            (photo()[:300], "cannot open that as a picture"),
            (b"\xff" * (5 * 1024 * 1024 + 1), "bigger than 5 MB"),
        ],
    )
    def test_that_is_none_is_refused(
        self, session: Session, make: Make, content: bytes, sentence: str
    ) -> None:
        owner = make.provider()

        with pytest.raises(BadPictureError, match=sentence):
            self.put(session, owner, content)

    @pytest.mark.parametrize("side", [6_400, 10_000, 14_000])
    def test_that_is_a_bomb_is_refused_unopened(
        self, session: Session, make: Make, side: int
    ) -> None:
        owner = make.provider()
        written = BytesIO()
        Image.new("1", (side, side)).save(written, "PNG")

        with pytest.raises(BadPictureError, match="too many pixels"):
            self.put(session, owner, written.getvalue())

    def test_needs_words_for_those_who_cannot_see_it(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadWordsError):
            self.put(session, owner, photo(9, 9), alt=" ")
