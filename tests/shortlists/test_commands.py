"""Keeping things on lists, alone, with a circle, and without an account."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.shortlists import commands, queries
from marketplace.shortlists.errors import BadListWordsError, ListFullError
from marketplace.shortlists.queries import ListCard
from marketplace.shortlists.rules import KeptKind
from tests.conftest import NOON
from tests.factories import Make

LATER = NOON + timedelta(minutes=1)


def keep_offer(
    session: Session, make: Make, by: Actor, title: str = "Weeding", at: datetime = NOON
) -> ListCard:
    """Keep a new offer on the list used last, and return the list."""
    offer_id = make.offer(title=title)
    list_id = commands.keep(session, kind=KeptKind.OFFER, subject_id=offer_id, by=by, at=at)
    return queries.shortlist(session, shortlist_id=list_id, by=by, at=NOON)


def named(session: Session, by: Actor, name: str) -> ListCard:
    """Begin a list and return it."""
    list_id = commands.make_list(session, shortlist_id=uuid4(), name=name, by=by, at=NOON)
    return queries.shortlist(session, shortlist_id=list_id, by=by, at=NOON)


class TestKeep:
    def test_begins_a_first_list_and_goes_on_with_it(self, session: Session, make: Make) -> None:
        person = make.person(name="Ada Hill")

        first = keep_offer(session, make, person, "Weeding")
        second = keep_offer(session, make, person, "Walks", at=LATER)

        assert (first.id, second.name) == (second.id, "My list")
        assert [(each.title, each.added_by) for each in second.things] == [
            ("Weeding", "Ada Hill"),
            ("Walks", "Ada Hill"),
        ]

    def test_takes_offers_stores_activities_and_groups_once_each(
        self, session: Session, make: Make
    ) -> None:
        person, owner, group_id = make.person(), make.provider(name="Rosie"), make.group(name="Tea")
        wanted = [
            (KeptKind.OFFER, make.offer(provider=owner, title="Weeding")),
            (KeptKind.STORE, owner.works_for),
            (KeptKind.ACTIVITY, make.activity(group_id=group_id, title="Tea at ten", at=NOON)),
            (KeptKind.GROUP, group_id),
        ]

        for kind, subject_id in [*wanted, *wanted]:
            list_id = commands.keep(session, kind=kind, subject_id=subject_id, by=person, at=NOON)

        shown = queries.shortlist(session, shortlist_id=list_id, by=person, at=NOON)
        assert sorted(each.title for each in shown.things) == [
            "Rosie",
            "Tea",
            "Tea at ten",
            "Weeding",
        ]
        assert not any(each.is_gone for each in shown.things)

    def test_of_what_nobody_can_see_is_refused(self, session: Session, make: Make) -> None:
        draft = make.offer(on_sale=False)

        with pytest.raises(NotFoundError):
            commands.keep(session, kind=KeptKind.OFFER, subject_id=draft, by=make.person(), at=NOON)

    def test_has_an_end(self, session: Session, make: Make) -> None:
        person, owner = make.person(), make.provider()
        for _ in range(50):
            offer_id = make.offer(provider=owner)
            commands.keep(session, kind=KeptKind.OFFER, subject_id=offer_id, by=person, at=NOON)

        with pytest.raises(ListFullError, match="room for 50 things"):
            keep_offer(session, make, person)

    def test_by_a_provider_is_for_nobody(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            keep_offer(session, make, make.provider())


class TestCircle:
    def test_adds_and_writes_notes_with_its_names(self, session: Session, make: Make) -> None:
        person = make.person(name="Ada Hill")
        sister = make.supporter(person=person, scopes=[Scope.PLAN], name="Bea Hill")
        keep_offer(session, make, person, "Weeding")

        shown = keep_offer(session, make, sister, "Walks", at=LATER)
        commands.write_note(
            session,
            note_id=uuid4(),
            thing_id=shown.things[0].id,
            words="They were kind to Gran.",
            by=sister,
            at=NOON,
        )

        seen = queries.shortlist(session, shortlist_id=shown.id, by=person, at=NOON)
        assert [each.added_by for each in seen.things] == ["Ada Hill", "Bea Hill"]
        (note,) = seen.things[0].notes
        assert (note.words, note.written_by) == ("They were kind to Gran.", "Bea Hill")

    def test_takes_off_only_what_it_put_there(self, session: Session, make: Make) -> None:
        person = make.person(name="Ada Hill")
        sister = make.supporter(person=person, scopes=[Scope.SEE])
        keep_offer(session, make, person)
        shown = keep_offer(session, make, sister, at=LATER)
        hers, mine = shown.things[1], shown.things[0]

        commands.take_off(session, thing_id=hers.id, by=sister, at=NOON)

        with pytest.raises(NotAllowedError, match="Only Ada Hill"):
            commands.take_off(session, thing_id=mine.id, by=sister, at=NOON)
        with pytest.raises(NotAllowedError, match="Only Ada Hill"):
            commands.end_list(session, shortlist_id=shown.id, by=sister, at=NOON)

    def test_that_may_only_pay_sees_no_list(self, session: Session, make: Make) -> None:
        person = make.person()
        payer = make.supporter(person=person, scopes=[Scope.PAY])
        shown = keep_offer(session, make, person)

        with pytest.raises(NotFoundError):
            queries.shortlist(session, shortlist_id=shown.id, by=payer, at=NOON)

    def test_of_somebody_else_finds_nothing(self, session: Session, make: Make) -> None:
        shown = keep_offer(session, make, make.person())
        stranger = make.person()

        with pytest.raises(NotFoundError):
            queries.shortlist(session, shortlist_id=shown.id, by=stranger, at=NOON)
        with pytest.raises(NotFoundError):
            commands.take_off(session, thing_id=shown.things[0].id, by=stranger, at=NOON)
        with pytest.raises(NotFoundError):
            commands.rename_list(session, shortlist_id=shown.id, name="Mine", by=stranger, at=NOON)


class TestLists:
    def test_have_names_and_things_move_between_them(self, session: Session, make: Make) -> None:
        person = make.person()
        shown, other = keep_offer(session, make, person), named(session, person, "For summer")
        thing_id = shown.things[0].id

        for _ in range(2):
            commands.move_thing(session, thing_id=thing_id, to_id=other.id, by=person, at=NOON)
        commands.rename_list(session, shortlist_id=other.id, name="For winter", by=person, at=NOON)

        rows = {row.name: row.count for row in queries.lists_of(session, person_id=person.user_id)}
        assert rows == {"My list": 0, "For winter": 1}

    def test_take_a_thing_once(self, session: Session, make: Make) -> None:
        person, offer_id = make.person(), make.offer()
        first, other = named(session, person, "One"), named(session, person, "Two")
        for each in (first, other):
            commands.keep(
                session,
                kind=KeptKind.OFFER,
                subject_id=offer_id,
                shortlist_id=each.id,
                by=person,
                at=NOON,
            )
        shown = queries.shortlist(session, shortlist_id=first.id, by=person, at=NOON)

        with pytest.raises(ListFullError, match="already"):
            commands.move_thing(
                session, thing_id=shown.things[0].id, to_id=other.id, by=person, at=NOON
            )

    def test_that_end_are_gone_with_their_notes(self, session: Session, make: Make) -> None:
        person = make.person()
        shown = keep_offer(session, make, person)
        commands.write_note(
            session, note_id=uuid4(), thing_id=shown.things[0].id, words="Ask.", by=person, at=NOON
        )

        commands.end_list(session, shortlist_id=shown.id, by=person, at=NOON)

        assert queries.lists_of(session, person_id=person.user_id) == []
        assert queries.data_of(session, user_id=person.user_id)["notes-on-lists"].rows == []

    @pytest.mark.parametrize("name", ["", "   ", "x" * 81])
    def test_need_a_name(self, session: Session, make: Make, name: str) -> None:
        with pytest.raises(BadListWordsError):
            named(session, make.person(), name)

    def test_have_an_end_and_so_have_notes(self, session: Session, make: Make) -> None:
        person = make.person()
        shown = keep_offer(session, make, person)
        for number in range(50):
            commands.write_note(
                session,
                note_id=uuid4(),
                thing_id=shown.things[0].id,
                words=f"{number}",
                by=person,
                at=NOON,
            )
        for number in range(29):
            named(session, person, f"List {number}")

        with pytest.raises(ListFullError, match="30 lists"):
            named(session, person, "One more")
        with pytest.raises(ListFullError, match="50 notes"):
            commands.write_note(
                session,
                note_id=uuid4(),
                thing_id=shown.things[0].id,
                words="More",
                by=person,
                at=NOON,
            )

    def test_go_with_the_person_who_leaves(self, session: Session, make: Make) -> None:
        person = make.person()
        sister = make.supporter(person=person, scopes=[Scope.SEE])
        shown = keep_offer(session, make, person)
        commands.write_note(
            session, note_id=uuid4(), thing_id=shown.things[0].id, words="Hm.", by=sister, at=NOON
        )

        commands.forget_person(session, user_id=sister.user_id)
        left = queries.shortlist(session, shortlist_id=shown.id, by=person, at=NOON)
        commands.forget_person(session, user_id=person.user_id)

        assert left.things[0].notes == ()
        assert queries.lists_of(session, person_id=person.user_id) == []


class TestLink:
    def begin(self, session: Session, make: Make, title: str = "Weeding") -> str:
        return commands.keep_by_link(
            session,
            secret=None,
            kind=KeptKind.OFFER,
            subject_id=make.offer(title=title),
            at=NOON,
        )

    def test_opens_a_list_without_anybody_s_name(self, session: Session, make: Make) -> None:
        secret = self.begin(session, make)
        again = commands.keep_by_link(
            session,
            secret=secret,
            kind=KeptKind.OFFER,
            subject_id=make.offer(title="Walks"),
            at=LATER,
        )

        shown = queries.linked_list(session, secret=secret, person_id=None, at=NOON)

        assert again == secret
        assert len(secret) >= 32
        assert [(each.title, each.added_by) for each in shown.things] == [
            ("Weeding", ""),
            ("Walks", ""),
        ]

    def test_is_good_for_ninety_days_after_its_last_use(self, session: Session, make: Make) -> None:
        secret = self.begin(session, make)
        day_80, day_160, day_260 = (NOON + timedelta(days=days) for days in (80, 160, 260))

        commands.use_linked_list(session, secret=secret, at=day_80)
        assert commands.forget_unused(session, before=day_160 - timedelta(days=90)) == 0
        assert queries.linked_list(session, secret=secret, person_id=None, at=day_160).things

        with pytest.raises(NotFoundError):
            queries.linked_list(session, secret=secret, person_id=None, at=day_260)
        assert commands.forget_unused(session, before=day_260 - timedelta(days=90)) == 1

    def test_that_is_guessed_opens_nothing(self, session: Session, make: Make) -> None:
        secret = self.begin(session, make)

        for guess in ("", secret[:-1], secret.lower(), "\ud800"):
            with pytest.raises(NotFoundError):
                queries.linked_list(session, secret=guess, person_id=None, at=NOON)
            with pytest.raises(NotFoundError):
                commands.take_off_linked(session, secret=guess, thing_id=uuid4(), at=NOON)
            with pytest.raises(NotFoundError):
                commands.copy_list(session, secret=guess, by=make.person(), at=NOON)

    def test_is_copied_once_into_one_s_own_lists(self, session: Session, make: Make) -> None:
        person, secret = make.person(), self.begin(session, make)

        copies = {commands.copy_list(session, secret=secret, by=person, at=NOON) for _ in range(2)}

        (copy_id,) = copies
        own = queries.shortlist(session, shortlist_id=copy_id, by=person, at=NOON)
        assert [each.title for each in own.things] == ["Weeding"]

    def test_lets_things_be_taken_off(self, session: Session, make: Make) -> None:
        secret = self.begin(session, make)
        shown = queries.linked_list(session, secret=secret, person_id=None, at=NOON)

        commands.take_off_linked(session, secret=secret, thing_id=shown.things[0].id, at=NOON)

        assert not queries.linked_list(session, secret=secret, person_id=None, at=NOON).things
