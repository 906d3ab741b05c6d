"""What happens at the edges: deeds done twice, and hats of nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AddEvidence
from marketplace.catalogue.errors import WrongStateError
from marketplace.catalogue.rules import EvidenceKind, OfferState, RegisterEntry
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()


class TestDoneTwice:
    def test_evidence_is_in_the_locker_once(self, session: Session, make: Make) -> None:
        owner = make.provider()
        wish = AddEvidence(evidence_id=uuid4(), kind=EvidenceKind.DBS, note="Enhanced")

        for _ in range(2):
            commands.add_evidence(session, wish, by=owner, at=NOON)

        assert len(queries.kept_store(session, by=owner).evidence) == 1

    def test_publishing_what_is_on_sale_changes_nothing(self, session: Session, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        before = queries.kept_offer(session, offer_id=offer_id, by=owner)

        commands.set_offer_state(
            session, offer_id=offer_id, state=OfferState.ON_SALE, by=owner, at=NOON
        )

        assert queries.kept_offer(session, offer_id=offer_id, by=owner) == before

    def test_applying_to_a_council_is_once(self, session: Session, make: Make) -> None:
        council_id = make.council()
        owner = make.provider(postcode="LE1 1AA")

        for _ in range(2):
            commands.apply_to_council(session, council_id=council_id, by=owner, at=NOON)

        found = queries.councils_of_provider(session, provider_id=owner.works_for)
        assert [council.council_id for council in found] == [council_id]

    def test_an_ended_price_stays_ended(self, session: Session, make: Make) -> None:
        council_id = make.council()
        offer_id = make.offer(provider=make.provider())
        price_id = make.agreed_price(
            offer_id=offer_id, council_id=council_id, price=Money(9_00), at=NOON
        )
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)

        for _ in range(2):
            commands.end_agreed_price(session, price_id=price_id, by=commissioner, at=NOON)

        (offer, *_) = queries.priced_offers(session, on=TODAY, by=commissioner)
        assert offer.agreed == ()

    def test_saying_the_same_of_a_store_keeps_its_name(self, session: Session, make: Make) -> None:
        owner = make.provider(name="Rosie")
        store = queries.kept_store(session, by=owner)
        wish = commands.ChangeStore(
            name="Rosie",
            kind=store.kind,
            about=store.about,
            postcode=store.postcode,
            reach_metres=None,
        )

        commands.change_store(session, wish, by=owner, at=NOON)

        assert queries.kept_store(session, by=owner).reach_metres is None


class TestHatsOfNothing:
    def test_an_owner_without_a_store_finds_none(self, session: Session, make: Make) -> None:
        lost = make.staff(organisation_id=uuid4(), role=Role.PROVIDER_OWNER)

        with pytest.raises(NotFoundError):
            queries.kept_store(session, by=lost)
        with pytest.raises(NotFoundError):
            commands.pause_store(session, by=lost, at=NOON)
        with pytest.raises(NotFoundError):
            commands.set_offer_state(
                session, offer_id=uuid4(), state=OfferState.ON_SALE, by=lost, at=NOON
            )

    def test_a_person_keeps_no_store(self, session: Session, make: Make) -> None:
        offer_id = make.offer()
        person = make.person()

        with pytest.raises(NotFoundError):
            queries.kept_store(session, by=person)
        with pytest.raises(NotFoundError):
            queries.agreed_prices_of(session, on=TODAY, by=person)
        with pytest.raises(NotFoundError):
            commands.set_offer_state(
                session, offer_id=offer_id, state=OfferState.ENDED, by=person, at=NOON
            )

    def test_what_does_not_exist_is_not_found(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError):
            queries.offer(session, offer_id=uuid4(), funded_by=frozenset(), on=TODAY)
        with pytest.raises(NotFoundError):
            queries.provider_name(session, provider_id=uuid4())
        with pytest.raises(NotFoundError):
            commands.apply_to_council(session, council_id=uuid4(), by=make.provider(), at=NOON)

    def test_a_store_nobody_looks_after_is_not_opened_by_its_staff(
        self, session: Session, make: Make
    ) -> None:
        entry = RegisterEntry(
            source="cqc", key="1", name="Lark House", about="", postcode="LS6 2AB"
        )
        commands.import_entry(session, entry, at=NOON)
        provider_id = queries.store(session, slug="lark-house").id
        staff = make.staff(organisation_id=provider_id, role=Role.PROVIDER_OWNER)

        with pytest.raises(WrongStateError, match="closed"):
            commands.pause_store(session, by=staff, at=NOON)


def test_only_owners_are_written_to(session: Session, make: Make) -> None:
    council_id = make.council()
    provider = make.provider()
    make.staff(organisation_id=provider.works_for, role=Role.PROVIDER_WORKER)

    make.standing(provider=provider, council_id=council_id)

    assert list(session.scalars(select(Letter.to))) == [make.email_of(provider)]


def test_names_are_found_by_id(session: Session, make: Make) -> None:
    owner = make.provider(name="Rosie")

    assert queries.provider_name(session, provider_id=owner.works_for) == "Rosie"
    assert queries.provider_names(session, provider_ids=[owner.works_for]) == {
        owner.works_for: "Rosie"
    }


def test_some_are_found_by_id(session: Session, make: Make) -> None:
    owner = make.provider()
    make.provider()
    (offer_id,) = (
        offer.id
        for offer in queries.findable_offers(session)
        if offer.provider_id == owner.works_for
    )

    assert [row.id for row in queries.findable_offers(session, [offer_id])] == [offer_id]
    assert [row.id for row in queries.findable_providers(session, [owner.works_for])] == [
        owner.works_for
    ]
    assert list(queries.findable_offers(session, [])) == []
