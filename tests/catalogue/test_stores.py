"""Looking after a store."""

import pytest
from sqlalchemy.orm import Session

from marketplace.access.queries import hats_of
from marketplace.access.rules import Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import ChangeStore
from marketplace.catalogue.errors import (
    BadBankDetailsError,
    BadWordsError,
)
from marketplace.catalogue.rules import (
    BankDetails,
    ProviderKind,
    ProviderState,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import forget_index_changes
from marketplace.outbox.queries import index_changes
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()


def change(
    *, name: str = "Rosie Bell", website: str = "", postcode: str = "LS6 2AB", about: str = "I dig."
) -> ChangeStore:
    """Return what a store is to say."""
    return ChangeStore(
        name=name,
        kind=ProviderKind.SMALL_TEAM,
        about=about,
        postcode=postcode,
        reach_metres=3000,
        website=website,
        languages=("english", "urdu"),
    )


def asked_for(session: Session) -> set[str]:
    """Return which kinds are to be indexed again, and forget it."""
    rows = index_changes(session, limit=100)
    forget_index_changes(session, change_ids=[row.id for row in rows])
    return {row.kind for row in rows}


class TestChangeStore:
    def test_changes_what_people_read_and_keeps_the_address(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(name="Rosie")
        asked_for(session)

        commands.change_store(session, change(website="rosie.example"), by=owner, at=NOON)

        store = queries.store(session, slug="rosie")
        assert (store.name, store.kind, store.website) == (
            "Rosie Bell",
            ProviderKind.SMALL_TEAM,
            "https://rosie.example",
        )
        assert store.languages == ("english", "urdu")
        assert asked_for(session) == {"provider", "offer"}

    def test_keeps_the_name_of_the_hat_true(self, session: Session, make: Make) -> None:
        owner = make.provider(name="Rosie")

        commands.change_store(session, change(), by=owner, at=NOON)

        hat = hats_of(session, user_id=owner.user_id, at=NOON)[1]
        assert hat.organisation_name == "Rosie Bell"

    @pytest.mark.parametrize(
        "wish",
        [
            change(name="x" * 201),
            change(name=" "),
            change(about="x" * 5001),
            change(website="javascript:alert(1)"),
            change(website="ftp://rosie.example"),
            change(website="not a website"),
        ],
    )
    def test_refuses_words_that_cannot_be(
        self, session: Session, make: Make, wish: ChangeStore
    ) -> None:
        owner = make.provider()

        with pytest.raises(BadWordsError):
            commands.change_store(session, wish, by=owner, at=NOON)

    def test_is_for_those_who_keep_it(self, session: Session, make: Make) -> None:
        owner = make.provider()
        worker = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_WORKER)
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        for stranger in (worker, moderator, make.person()):
            with pytest.raises(NotFoundError):
                commands.change_store(session, change(), by=stranger, at=NOON)


class TestHoliday:
    def test_takes_everything_off_sale_until_it_is_over(self, session: Session, make: Make) -> None:
        owner = make.provider(name="Rosie")
        offer_id = make.offer(provider=owner)

        commands.pause_store(session, by=owner, at=NOON)

        assert list(queries.findable_offers(session)) == []
        assert list(queries.findable_providers(session)) == []
        assert queries.store(session, slug="rosie").state is ProviderState.PAUSED
        with pytest.raises(NotFoundError):
            queries.offer_for_order(session, offer_id=offer_id, council_id=None, on=TODAY)

        commands.open_store(session, by=owner, at=NOON)

        assert len(list(queries.findable_offers(session))) == 2

    def test_of_an_unclaimed_store_is_nobodys(self, session: Session, make: Make) -> None:
        owner = make.provider()
        commands.open_store(session, by=owner, at=NOON)

        assert queries.kept_store(session, by=owner).state is ProviderState.OPEN


class TestConfirmStore:
    def test_makes_the_store_and_its_offers_fresh(self, session: Session, make: Make) -> None:
        owner = make.provider()
        asked_for(session)

        commands.confirm_store(session, by=owner, at=NOON)

        (offer,) = queries.findable_offers(session)
        assert (queries.kept_store(session, by=owner).confirmed_at, offer.confirmed_at) == (
            NOON,
            NOON,
        )
        assert asked_for(session) == {"provider", "offer"}


class TestBankDetails:
    def test_are_for_payments_and_the_owner(self, session: Session, make: Make) -> None:
        owner = make.provider(bank=False)
        provider_id = owner.works_for
        assert queries.bank_details(session, [provider_id]) == {}

        commands.set_bank_details(
            session,
            sort_code="01-02-03",
            account_number="12345678",
            account_name="Rosie",
            by=owner,
            at=NOON,
        )

        assert queries.bank_details(session, [provider_id]) == {
            provider_id: BankDetails("010203", "12345678", "Rosie")
        }

    def test_are_refused_with_a_digit_missing(self, session: Session, make: Make) -> None:
        owner = make.provider()

        with pytest.raises(BadBankDetailsError):
            commands.set_bank_details(
                session,
                sort_code="01020",
                account_number="12345678",
                account_name="Rosie",
                by=owner,
                at=NOON,
            )

    def test_are_not_a_managers_to_change(self, session: Session, make: Make) -> None:
        owner = make.provider()
        manager = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_MANAGER)

        with pytest.raises(NotFoundError):
            commands.set_bank_details(
                session,
                sort_code="010203",
                account_number="12345678",
                account_name="Mine",
                by=manager,
                at=NOON,
            )
