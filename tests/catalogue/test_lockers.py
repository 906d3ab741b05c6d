"""Papers in the locker, checks taken over, what councils want, and letters before it runs out."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AddEvidence, AskForEvidence
from marketplace.catalogue.errors import (
    BadDocumentError,
    BadEvidenceError,
    BadWordsError,
    WrongStateError,
)
from marketplace.catalogue.rules import CheckState, EvidenceKind, EvidenceStanding
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.models import Letter
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()
DAY = timedelta(days=1)
PDF = b"%PDF-1.7\nSeen and signed.\n%%EOF\n"


def add(
    session: Session,
    owner: Actor,
    *,
    kind: EvidenceKind = EvidenceKind.INSURANCE,
    expires_on: date | None = None,
    issued_on: date | None = None,
    paper_name: str = "",
    paper: bytes | None = None,
) -> UUID:
    wish = AddEvidence(
        evidence_id=uuid4(),
        kind=kind,
        note="Public liability",
        expires_on=expires_on,
        issued_on=issued_on,
        paper_name=paper_name,
        paper=paper,
    )
    return commands.add_evidence(session, wish, by=owner, at=NOON)


def moderator_for(make: Make, owner: Actor, name: str) -> Actor:
    """Return a moderator of a new council that the store has applied to."""
    council_id = make.council(name=name)
    make.standing(provider=owner, council_id=council_id)
    return make.staff(organisation_id=council_id, role=Role.MODERATOR, name=f"Mo of {name}")


def letters(session: Session, template: str) -> list[str]:
    rows = select(Letter.subject).where(Letter.template == template).order_by(Letter.written_at)
    return list(session.scalars(rows))


class TestPapers:
    def test_are_kept_with_what_is_in_them(self, session: Session, make: Make) -> None:
        owner = make.provider()
        evidence_id = add(session, owner, paper_name="../my insurance.pdf", paper=PDF)

        (row,) = queries.kept_store(session, by=owner).evidence
        found = queries.evidence_paper(session, evidence_id=evidence_id, by=owner)

        assert row.paper is not None
        assert (row.paper.name, row.added_by_name) == ("my insurance.pdf", owner.name)
        assert (found.media_type, found.content) == ("application/pdf", PDF)

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("scan.pdf", b"<html>hello</html>", "but it is"),
            ("scan.exe", b"MZ", "Choose a picture"),
            ("scan.pdf", b"", "empty"),
            ("scan.pdf", PDF.replace(b"Seen", b"/JavaScript"), "program"),
        ],
    )
    def test_that_lie_about_themselves_are_refused(
        self, session: Session, make: Make, name: str, content: bytes, says: str
    ) -> None:
        owner = make.provider()

        with pytest.raises(BadDocumentError, match=says), session.begin_nested():
            add(session, owner, paper_name=name, paper=content)

        assert queries.kept_store(session, by=owner).evidence == ()

    def test_are_for_the_store_and_the_councils_it_asked(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(postcode="LE1 1AA")
        asked = moderator_for(make, owner, "Airemoor")
        council_id = make.council()
        evidence_id = add(session, owner, paper_name="a.pdf", paper=PDF)
        strangers = [
            make.person(),
            make.provider(),
            make.staff(organisation_id=council_id, role=Role.MODERATOR),
            make.staff(organisation_id=asked.works_for, role=Role.COMMISSIONER),
        ]

        assert queries.evidence_paper(session, evidence_id=evidence_id, by=asked).content == PDF
        for stranger in strangers:
            with pytest.raises(NotFoundError):
                queries.evidence_paper(session, evidence_id=evidence_id, by=stranger)

    def test_taken_out_are_gone_and_the_evidence_is_shown_to_nobody(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(name="Rosie")
        moderator = moderator_for(make, owner, "Airemoor")
        evidence_id = add(session, owner, paper_name="a.pdf", paper=PDF)
        commands.check_evidence(session, evidence_id=evidence_id, by=moderator, at=NOON)

        for _ in range(2):
            commands.take_out_evidence(session, evidence_id=evidence_id, by=owner, at=NOON)

        assert queries.kept_store(session, by=owner).evidence == ()
        assert queries.store(session, slug="rosie").checks == ()
        with pytest.raises(NotFoundError):
            queries.evidence_paper(session, evidence_id=evidence_id, by=owner)
        with pytest.raises(NotFoundError):
            commands.check_evidence(session, evidence_id=evidence_id, by=moderator, at=NOON)

    def test_of_another_store_are_not_theirs_to_take_out(
        self, session: Session, make: Make
    ) -> None:
        evidence_id = add(session, make.provider())

        with pytest.raises(NotFoundError):
            commands.take_out_evidence(
                session, evidence_id=evidence_id, by=make.provider(), at=NOON
            )


class TestDays:
    def test_that_cannot_be_are_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadEvidenceError, match="still to come"):
            add(session, owner, issued_on=TODAY + DAY)
        with pytest.raises(BadEvidenceError, match="before it was issued"):
            add(session, owner, issued_on=TODAY, expires_on=TODAY - DAY)


class TestChecksTakenOver:
    def test_name_the_council_that_looked(self, session: Session, make: Make) -> None:
        owner = make.provider()
        first = moderator_for(make, owner, "Airemoor")
        second = moderator_for(make, owner, "Brackwater")
        evidence_id = add(session, owner)
        commands.check_evidence(session, evidence_id=evidence_id, by=first, at=NOON)

        commands.check_evidence(
            session,
            evidence_id=evidence_id,
            taken_from_id=first.works_for,
            by=second,
            at=NOON + DAY,
        )

        (row,) = queries.kept_store(session, by=owner).evidence
        assert [(c.council_name, c.by_name, c.taken_from) for c in row.checks] == [
            ("Airemoor", "Mo of Airemoor", ""),
            ("Brackwater", "Mo of Brackwater", "Airemoor"),
        ]

    def test_need_a_council_that_looked_itself(self, session: Session, make: Make) -> None:
        owner = make.provider()
        councils = [moderator_for(make, owner, name) for name in ("Airemoor", "Bly", "Cray")]
        first, second, third = councils
        evidence_id = add(session, owner)

        def take_over(from_: Actor, by: Actor) -> None:
            commands.check_evidence(
                session,
                evidence_id=evidence_id,
                taken_from_id=from_.works_for,
                by=by,
                at=NOON,
            )

        with pytest.raises(NotFoundError):
            take_over(first, second)
        commands.check_evidence(session, evidence_id=evidence_id, by=first, at=NOON)
        take_over(first, second)
        with pytest.raises(NotFoundError):
            take_over(second, third)

    def test_of_something_that_ran_out_are_refused(self, session: Session, make: Make) -> None:
        owner = make.provider()
        first, second = (moderator_for(make, owner, name) for name in ("Airemoor", "Bly"))
        evidence_id = add(session, owner, expires_on=TODAY)
        commands.check_evidence(session, evidence_id=evidence_id, by=first, at=NOON)

        with pytest.raises(WrongStateError, match="run out"):
            commands.check_evidence(
                session,
                evidence_id=evidence_id,
                taken_from_id=first.works_for,
                by=second,
                at=NOON + DAY,
            )


class TestAskingAgain:
    def test_writes_to_the_owner_once_and_stands_until_it_is_there(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        moderator = moderator_for(make, owner, "Airemoor")
        wish = AskForEvidence(
            ask_id=uuid4(),
            provider_id=owner.works_for,
            kind=EvidenceKind.INSURANCE,
            words="The copy cannot be read.",
        )

        for _ in range(2):
            commands.ask_for_evidence(session, wish, by=moderator, at=NOON)

        assert letters(session, "evidence_asked") == ["Airemoor asks for a paper"]
        (ask,) = queries.asks_of(session, provider_id=owner.works_for)
        assert (ask.kind, ask.words) == (EvidenceKind.INSURANCE, "The copy cannot be read.")
        add(session, owner, kind=EvidenceKind.DBS)
        assert len(queries.asks_of(session, provider_id=owner.works_for)) == 1
        add(session, owner, kind=EvidenceKind.INSURANCE)
        assert queries.asks_of(session, provider_id=owner.works_for) == ()

    def test_is_for_moderators_of_a_council_it_applied_to(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(postcode="LE1 1AA")
        wish = AskForEvidence(
            ask_id=uuid4(), provider_id=owner.works_for, kind=EvidenceKind.DBS, words="x" * 1001
        )
        stranger = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        for other in (owner, stranger):
            with pytest.raises(NotFoundError):
                commands.ask_for_evidence(session, wish, by=other, at=NOON)
        with pytest.raises(BadWordsError):
            commands.ask_for_evidence(
                session, wish, by=moderator_for(make, owner, "Airemoor"), at=NOON
            )


class TestReminders:
    def run(self, session: Session, day: date) -> int:
        return commands.remind_of_evidence(session, at=NOON + (day - TODAY))

    def test_are_letters_60_30_and_7_days_before_and_on_the_day(
        self, session: Session, make: Make
    ) -> None:
        last = TODAY + 90 * DAY
        add(session, make.provider(), expires_on=last)

        sent = {
            (last - TODAY).days - n: self.run(session, TODAY + n * DAY)
            for n in range(106)
            for _ in range(2)
            if self.run(session, TODAY + n * DAY)
        }

        assert len(letters(session, "evidence_runs_out")) == 4
        assert set(sent) == {60, 30, 7, 0}
        assert letters(session, "evidence_runs_out")[0] == "Your insurance runs out in 60 days"
        assert letters(session, "evidence_runs_out")[-1] == "Your insurance runs out today"

    def test_are_not_for_what_was_replaced_or_taken_out(self, session: Session, make: Make) -> None:
        owner = make.provider()
        add(session, owner, expires_on=TODAY + 7 * DAY)
        add(session, owner, expires_on=TODAY + 400 * DAY)
        gone = add(session, owner, kind=EvidenceKind.DBS, expires_on=TODAY + 7 * DAY)
        commands.take_out_evidence(session, evidence_id=gone, by=owner, at=NOON)

        assert self.run(session, TODAY) == 0
        assert not queries.reminders_are_due(session, at=NOON)

    def test_of_one_training_come_although_another_lasts_longer(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider()
        for note, days in (("First aid", 7), ("Lifting", 400)):
            wish = AddEvidence(
                evidence_id=uuid4(),
                kind=EvidenceKind.TRAINING,
                note=note,
                expires_on=TODAY + days * DAY,
            )
            commands.add_evidence(session, wish, by=owner, at=NOON)

        assert self.run(session, TODAY) == 1

    def test_missed_while_nothing_ran_are_one_letter(self, session: Session, make: Make) -> None:
        add(session, make.provider(), expires_on=TODAY + 90 * DAY)

        assert self.run(session, TODAY + 91 * DAY) == 1
        assert letters(session, "evidence_runs_out") == ["Your insurance has run out"]


class TestWhatCouncilsWant:
    def test_is_a_worklist_the_most_urgent_first(self, session: Session, make: Make) -> None:
        council_id = make.council(name="Airemoor")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        owners = {name: make.provider(name=name) for name in ("Lapsed", "Right", "Bare", "New")}
        for name, owner in owners.items():
            state = CheckState.APPLIED if name == "New" else CheckState.CHECKED
            make.standing(provider=owner, council_id=council_id, state=state)
        for name, last in (("Lapsed", TODAY), ("Right", TODAY + 400 * DAY)):
            evidence_id = add(session, owners[name], expires_on=last)
            commands.check_evidence(session, evidence_id=evidence_id, by=moderator, at=NOON)

        commands.set_needed(
            session, {"": frozenset({EvidenceKind.INSURANCE})}, by=moderator, at=NOON
        )

        page = queries.evidence_worklist(session, by=moderator, on=TODAY + DAY)
        assert [(row.name, row.kinds[0].standing) for row in page.rows] == [
            ("Lapsed", EvidenceStanding.RAN_OUT),
            ("Bare", EvidenceStanding.MISSING),
            ("New", EvidenceStanding.MISSING),
        ]

    def test_has_what_came_beside_what_was_accepted(self, session: Session, make: Make) -> None:
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        owner = make.provider()
        make.standing(provider=owner, council_id=council_id, state=CheckState.CHECKED)
        accepted = add(session, owner, expires_on=TODAY + 400 * DAY)
        commands.check_evidence(session, evidence_id=accepted, by=moderator, at=NOON)
        newer = add(session, owner, expires_on=TODAY + 800 * DAY)

        [row] = queries.evidence_worklist(session, by=moderator, on=TODAY).rows
        assert row.kinds[0].has_new

        commands.check_evidence(session, evidence_id=newer, by=moderator, at=NOON)
        assert not queries.evidence_worklist(session, by=moderator, on=TODAY).rows

    def test_can_be_for_one_kind_of_support(self, session: Session, make: Make) -> None:
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        washer, gardener = make.provider(name="Washer"), make.provider(name="Gardener")
        make.offer(provider=washer, category="washing")

        commands.set_needed(
            session, {"washing": frozenset({EvidenceKind.DBS})}, by=moderator, at=NOON
        )

        page = queries.evidence_worklist(session, by=moderator, on=TODAY)
        assert [row.name for row in page.rows] == ["Washer"]
        assert gardener.works_for not in {row.provider_id for row in page.rows}

    def test_is_for_moderators_and_about_what_there_is(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        with pytest.raises(NotFoundError):
            commands.set_needed(session, {}, by=make.provider(), at=NOON)
        with pytest.raises(NotFoundError):
            queries.evidence_worklist(session, by=make.provider(), on=TODAY)
        with pytest.raises(BadEvidenceError, match="from the page"):
            commands.set_needed(session, {"nothing": frozenset()}, by=moderator, at=NOON)


class TestAStore:
    def test_says_that_something_is_being_renewed_until_the_new_one_is_accepted(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(name="Rosie")
        moderator = moderator_for(make, owner, "Airemoor")
        old = add(session, owner, expires_on=TODAY)
        commands.check_evidence(session, evidence_id=old, by=moderator, at=NOON)
        (check,) = queries.store(session, slug="rosie").checks
        assert not check.counts_on(TODAY + DAY)

        new = add(session, owner, expires_on=TODAY + 400 * DAY)
        assert queries.store(session, slug="rosie").checks == (check,)
        commands.check_evidence(session, evidence_id=new, by=moderator, at=NOON)

        (check,) = queries.store(session, slug="rosie").checks
        assert check.counts_on(TODAY + DAY)
