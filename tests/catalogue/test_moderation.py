"""What councils decide about providers, and who gets a store from a register."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import hats_of
from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import DecideOnProvider
from marketplace.catalogue.errors import BadWordsError, ReasonMissingError, WrongStateError
from marketplace.catalogue.rules import (
    CheckState,
    ImportResult,
    ProviderState,
    RegisterEntry,
)
from marketplace.councils.commands import CouncilPortal, create_council
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.models import Letter
from tests.conftest import NOON
from tests.factories import Make

FAR = "LE1 1AA"
"""A postcode that none of the test's councils covers."""


def letters(session: Session) -> list[tuple[str, str]]:
    """Return to whom something was written, and about what."""
    rows = session.execute(select(Letter.to, Letter.subject).order_by(Letter.written_at))
    return [(to, subject) for to, subject in rows]


def strict_council(session: Session) -> UUID:
    """Make a council that looks at every store before it is shown."""
    wish = CouncilPortal(
        slug="strict",
        name="Strict Council",
        strapline="",
        welcome="",
        brand="#1d5c63",
        accent="#e07a5f",
        email="a@strict.example",
        safeguarding_team="Team",
        safeguarding_phone="01632 960100",
        districts=("BD1",),
        stores_open_unchecked=False,
    )
    return create_council(session, wish, by_user_id=None, at=NOON)


class TestDecideOnProvider:
    def decide(
        self, session: Session, provider: Actor, state: CheckState, *, by: Actor, reason: str = ""
    ) -> None:
        wish = DecideOnProvider(provider_id=provider.works_for, state=state, reason=reason)
        commands.decide_on_provider(session, wish, by=by, at=NOON)

    def test_shows_that_a_provider_is_checked(self, session: Session, make: Make) -> None:
        council_id = make.council()
        provider = make.provider(name="Rosie")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        assert not queries.store(session, slug="rosie").checked

        self.decide(session, provider, CheckState.CHECKED, by=moderator)

        assert queries.store(session, slug="rosie").checked
        (found,) = queries.findable_offers(session)
        assert found.checked
        assert letters(session)[-1] == (
            make.email_of(provider),
            "Council 1 has looked at your store",
        )

    def test_a_suspension_hides_the_store_in_that_portal_alone(
        self, session: Session, make: Make
    ) -> None:
        here, there = make.council(slug="here"), make.council(slug="there")
        provider = make.provider(name="Rosie")
        moderator = make.staff(organisation_id=here, role=Role.MODERATOR)
        assert there != here

        self.decide(session, provider, CheckState.SUSPENDED, by=moderator, reason="A complaint.")

        (found,) = queries.findable_providers(session)
        assert found.council_slugs == {"there"}
        assert queries.store(session, slug="rosie").name == "Rosie"

    def test_refused_everywhere_it_is_nowhere(self, session: Session, make: Make) -> None:
        council_id = make.council()
        provider = make.provider(name="Rosie")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        self.decide(session, provider, CheckState.REJECTED, by=moderator, reason="No insurance.")

        assert list(queries.findable_providers(session)) == []
        assert list(queries.findable_offers(session)) == []
        with pytest.raises(NotFoundError):
            queries.store(session, slug="rosie")

    def test_the_reason_is_for_the_provider_and_the_council_alone(
        self, session: Session, make: Make
    ) -> None:
        council_id, other_id = make.council(), make.council()
        provider = make.provider(name="Rosie")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        other = make.staff(organisation_id=other_id, role=Role.MODERATOR)

        self.decide(session, provider, CheckState.SUSPENDED, by=moderator, reason="A secret.")

        assert "A secret." not in repr(queries.store(session, slug="rosie"))
        theirs, _ = queries.provider_to_check(session, provider_id=provider.works_for, by=other)
        assert theirs.reason == ""
        says = {
            row.council_id: row.reason for row in queries.kept_store(session, by=provider).councils
        }
        assert says == {council_id: "A secret.", other_id: ""}

    @pytest.mark.parametrize("state", [CheckState.SUSPENDED, CheckState.REJECTED])
    def test_a_refusal_needs_a_reason(
        self, session: Session, make: Make, state: CheckState
    ) -> None:
        council_id = make.council()
        provider = make.provider()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        with pytest.raises(ReasonMissingError):
            self.decide(session, provider, state, by=moderator, reason="  ")
        with pytest.raises(BadWordsError):
            self.decide(session, provider, state, by=moderator, reason="x" * 2001)

    def test_said_twice_is_written_once(self, session: Session, make: Make) -> None:
        council_id = make.council()
        provider = make.provider()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)

        for _ in range(2):
            self.decide(session, provider, CheckState.CHECKED, by=moderator)

        assert len(letters(session)) == 1

    def test_is_for_moderators_of_a_council_it_applied_to(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council()
        provider = make.provider(postcode=FAR)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)

        for stranger in (moderator, commissioner, provider):
            with pytest.raises(NotFoundError):
                self.decide(session, provider, CheckState.CHECKED, by=stranger)
            with pytest.raises(NotFoundError):
                queries.provider_to_check(session, provider_id=provider.works_for, by=stranger)

    def test_a_strict_council_shows_no_store_before_it_has_looked(
        self, session: Session, make: Make
    ) -> None:
        council_id = strict_council(session)
        provider = make.provider(name="Rosie", postcode="BD1 1AA")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        with pytest.raises(NotFoundError):
            queries.store(session, slug="rosie")

        self.decide(session, provider, CheckState.CHECKED, by=moderator)

        assert queries.store(session, slug="rosie").checked


class TestProvidersToCheck:
    def test_those_that_wait_come_first(self, session: Session, make: Make) -> None:
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        checked = make.provider(name="Old hand")
        make.standing(provider=checked, council_id=council_id)
        make.provider(name="Newcomer")

        page = queries.providers_to_check(session, by=moderator)
        waiting = queries.providers_to_check(session, by=moderator, state=CheckState.APPLIED)

        assert [row.name for row in page.rows] == ["Newcomer", "Old hand"]
        assert ([row.name for row in waiting.rows], waiting.total) == (["Newcomer"], 1)


class TestClaims:
    def entry(self, *, postcode: str = "LS6 2AB", name: str = "Lark House") -> RegisterEntry:
        return RegisterEntry(
            source="cqc",
            key=f"1-{name}",
            name=name,
            about="Homecare agencies.",
            postcode=postcode,
            categories=("personal-care",),
        )

    def unclaimed(self, session: Session, *, postcode: str = "LS6 2AB") -> UUID:
        assert (
            commands.import_entry(session, self.entry(postcode=postcode), at=NOON)
            is ImportResult.NEW
        )
        return queries.store(session, slug="lark-house").id

    def ask(self, session: Session, provider_id: UUID, by: Actor) -> UUID:
        return commands.ask_claim(
            session,
            claim_id=uuid4(),
            provider_id=provider_id,
            words="I am the manager.",
            by=by,
            at=NOON,
        )

    def test_approved_it_makes_an_owner(self, session: Session, make: Make) -> None:
        council_id = make.council()
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        manager = make.person()
        provider_id = self.unclaimed(session)
        claim_id = self.ask(session, provider_id, manager)

        for _ in range(2):
            commands.decide_claim(session, claim_id=claim_id, approve=True, by=moderator, at=NOON)

        store = queries.store(session, slug="lark-house")
        hat = hats_of(session, user_id=manager.user_id, at=NOON)[1]
        assert (store.state, [council.council_id for council in store.councils]) == (
            ProviderState.OPEN,
            [council_id],
        )
        assert (hat.role, hat.organisation_id) == (Role.PROVIDER_OWNER, provider_id)
        assert letters(session) == [
            (make.email_of(manager), "Your request to look after Lark House")
        ]

    def test_refused_it_says_why(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        manager = make.person()
        claim_id = self.ask(session, self.unclaimed(session), manager)

        with pytest.raises(ReasonMissingError):
            commands.decide_claim(session, claim_id=claim_id, approve=False, by=moderator, at=NOON)
        commands.decide_claim(
            session, claim_id=claim_id, approve=False, reason="Not known.", by=moderator, at=NOON
        )

        assert len(hats_of(session, user_id=manager.user_id, at=NOON)) == 1
        with pytest.raises(WrongStateError):
            commands.decide_claim(session, claim_id=claim_id, approve=True, by=moderator, at=NOON)

    def test_the_second_of_two_claims_comes_too_late(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        provider_id = self.unclaimed(session)
        first = self.ask(session, provider_id, make.person())
        second = self.ask(session, provider_id, make.person())
        commands.decide_claim(session, claim_id=first, approve=True, by=moderator, at=NOON)

        with pytest.raises(WrongStateError, match="looks after this store already"):
            commands.decide_claim(session, claim_id=second, approve=True, by=moderator, at=NOON)
        with pytest.raises(WrongStateError, match="looks after this store already"):
            self.ask(session, provider_id, make.person())

    def test_asked_twice_is_one_claim(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        provider_id = self.unclaimed(session)
        manager = make.person()

        assert self.ask(session, provider_id, manager) == self.ask(session, provider_id, manager)
        assert len(queries.claims_to_decide(session, by=moderator)) == 1

    def test_is_for_the_council_of_the_place_to_decide(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        strict = make.staff(organisation_id=strict_council(session), role=Role.MODERATOR)
        owner = make.provider()
        claim_id = self.ask(session, self.unclaimed(session), make.person())

        assert [row.id for row in queries.claims_to_decide(session, by=moderator)] == [claim_id]
        assert queries.claims_to_decide(session, by=strict) == []
        for stranger in (strict, owner):
            with pytest.raises(NotFoundError):
                commands.decide_claim(
                    session, claim_id=claim_id, approve=True, by=stranger, at=NOON
                )

    def test_a_place_of_no_council_is_anybodys_to_decide(
        self, session: Session, make: Make
    ) -> None:
        strict = make.staff(organisation_id=strict_council(session), role=Role.MODERATOR)
        claim_id = self.ask(session, self.unclaimed(session, postcode=FAR), make.person())

        assert [row.id for row in queries.claims_to_decide(session, by=strict)] == [claim_id]

    def test_needs_words_and_a_store(self, session: Session, make: Make) -> None:
        provider_id = self.unclaimed(session)

        with pytest.raises(BadWordsError):
            commands.ask_claim(
                session,
                claim_id=uuid4(),
                provider_id=provider_id,
                words=" ",
                by=make.person(),
                at=NOON,
            )
        with pytest.raises(NotFoundError):
            self.ask(session, uuid4(), make.person())
