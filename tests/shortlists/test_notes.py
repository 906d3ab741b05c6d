"""Notes on a list: changed by who wrote them, taken off by them or by the person."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.kernel.errors import NotFoundError
from marketplace.shortlists import commands, queries
from marketplace.shortlists.errors import BadListWordsError
from marketplace.shortlists.rules import KeptKind
from tests.conftest import NOON, SignInAs
from tests.factories import Make


class World:
    """A person and a sister who has written a note on the person's list."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session = session
        self.person = make.person(name="Ada Hill")
        self.sister = make.supporter(person=self.person, scopes=[Scope.PLAN], name="Bea Hill")
        self.brother = make.supporter(person=self.person, scopes=[Scope.PLAN], name="Cai Hill")
        self.list_id = commands.keep(
            session, kind=KeptKind.OFFER, subject_id=make.offer(), by=self.person, at=NOON
        )
        (thing,) = self.seen().things
        self.note_id = uuid4()
        commands.write_note(
            session,
            note_id=self.note_id,
            thing_id=thing.id,
            words="They were kind.",
            by=self.sister,
            at=NOON,
        )

    def seen(self) -> queries.ListCard:
        return queries.shortlist(self.session, shortlist_id=self.list_id, by=self.person, at=NOON)

    def said(self) -> list[str]:
        return [note.words for note in self.seen().things[0].notes]

    def change(self, words: str, by: Actor, note_id: UUID | None = None) -> None:
        commands.change_note(
            self.session, note_id=note_id or self.note_id, words=words, by=by, at=NOON
        )

    def remove(self, by: Actor) -> None:
        commands.remove_note(self.session, note_id=self.note_id, by=by, at=NOON)


@pytest.fixture
def world(session: Session, make: Make) -> World:
    """Make one."""
    return World(session, make)


class TestNotes:
    def test_are_changed_by_who_wrote_them(self, world: World) -> None:
        world.change("They were very kind.", world.sister)

        assert world.said() == ["They were very kind."]

    def test_are_changed_by_nobody_else(self, world: World, make: Make) -> None:
        for other in (world.person, world.brother, make.person()):
            with pytest.raises(NotFoundError):
                world.change("No.", other)

        assert world.said() == ["They were kind."]

    def test_need_words(self, world: World) -> None:
        with pytest.raises(BadListWordsError, match="Write a note"):
            world.change("  ", world.sister)

    def test_that_are_not_there_are_not_changed(self, world: World) -> None:
        with pytest.raises(NotFoundError):
            world.change("Hm.", world.sister, note_id=uuid4())

    def test_are_taken_off_by_who_wrote_them_or_by_the_person(self, world: World) -> None:
        with pytest.raises(NotFoundError):
            world.remove(world.brother)

        world.remove(world.person)

        assert world.said() == []
        with pytest.raises(NotFoundError):
            world.remove(world.sister)

    def test_are_taken_off_by_the_one_who_wrote(self, world: World) -> None:
        world.remove(world.sister)

        assert world.said() == []


def test_pages_of_notes_change_and_remove(make: Make, sign_in: SignInAs) -> None:
    person = make.person(name="Ada Hill")
    offer_id = make.offer()
    with make.block() as session:
        list_id = commands.keep(
            session, kind=KeptKind.OFFER, subject_id=offer_id, by=person, at=NOON
        )
        (thing,) = queries.shortlist(session, shortlist_id=list_id, by=person, at=NOON).things
        note_id = uuid4()
        commands.write_note(
            session, note_id=note_id, thing_id=thing.id, words="Dear.", by=person, at=NOON
        )
    browser = sign_in(person)
    place = {"shortlist_id": list_id, "note_id": note_id}

    form = browser.get("shortlists.change_note", **place)
    refused = browser.submit(form, "Save", words="")
    changed = browser.follow(browser.submit(form, "Save", words="Not dear."))
    browser.submit(changed, "Take this note off")
    gone = browser.get("shortlists.show", shortlist_id=list_id)

    assert "Dear." in form.text
    assert "Write a note." in refused.text
    assert "Not dear." in changed.text
    assert "Not dear." not in gone.text
