"""What councils do with providers over the web."""

from uuid import uuid4

import pytest
from flask import Flask

from marketplace.access.rules import Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AddEvidence
from marketplace.catalogue.rules import CheckState, EvidenceKind, RegisterEntry
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make


class TestAgreedPrices:
    def test_are_set_and_ended_by_the_commissioner(self, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        provider = make.provider(price=Money(15_00), title="Tea together")
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.COMMISSIONER))

        form = browser.click(browser.get("catalogue.agreed_prices"), "Set an agreed price")
        page = browser.follow(browser.submit(form, "Save the agreed price", price="13.37"))

        assert "Agreed: £13.37 an hour" in page.text
        assert "£13.37 for Council 1" in sign_in(provider).get("catalogue.my_store").text
        page = browser.follow(browser.submit(page, "End this agreed price"))
        assert "£13.37" not in page.text

    def test_say_what_is_wrong(self, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        make.provider()
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.COMMISSIONER))
        form = browser.click(browser.get("catalogue.agreed_prices"), "Set an agreed price")

        free = browser.submit(form, "Save the agreed price", price="0")
        late = browser.submit(
            form, "Save the agreed price", price="13.37", starts_on="1 January 2020"
        )

        assert free.errors == ["Enter a price of more than nothing, like 12.50."]
        assert late.errors == ["An agreed price begins today or later."]
        assert 'value="13.37"' in late.html

    def test_are_nowhere_for_anybody_else(
        self, app: Flask, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        council_id, other_id = make.council(), make.council()
        provider = make.provider(name="Rosie")
        make.standing(provider=provider, council_id=other_id)
        offer_id = make.offer(provider=provider, price=Money(15_00), title="Tea together")
        make.agreed_price(
            offer_id=offer_id, council_id=council_id, price=Money(13_37), at=clock.now()
        )
        pages = (
            "/stores/rosie",
            f"/offers/{offer_id}",
            "/find?q=tea",
            f"/compare?offer={offer_id}",
        )

        strangers = [browser, sign_in(make.person()), sign_in(make.provider())]
        other = sign_in(make.staff(organisation_id=other_id, role=Role.COMMISSIONER))

        for stranger in [*strangers, other]:
            for path in pages:
                page = stranger.get(path)
                assert page.status == 200, path
                assert "13.37" not in page.html, path
        assert "13.37" not in other.get("catalogue.agreed_prices").html

    @pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MODERATOR, Role.FINANCE_OFFICER])
    def test_are_not_for_other_roles(self, sign_in: SignInAs, make: Make, role: Role) -> None:
        browser = sign_in(make.staff(organisation_id=make.council(), role=role))

        assert browser.get("catalogue.agreed_prices").status == 403

    def test_of_another_council_are_not_found(self, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        offer_id = make.offer(provider=make.provider())
        price_id = make.agreed_price(
            offer_id=offer_id, council_id=council_id, price=Money(13_37), at=clock.now()
        )
        browser = sign_in(make.staff(organisation_id=make.council(), role=Role.COMMISSIONER))
        browser.get("catalogue.agreed_prices")

        assert browser.get("catalogue.agree_price", offer_id=offer_id).status == 404
        assert browser.post("catalogue.end_agreed_price", price_id=price_id).status == 404


class TestModerateProviders:
    def test_a_provider_is_checked_with_its_evidence(
        self, app: Flask, sign_in: SignInAs, make: Make
    ) -> None:
        council_id = make.council()
        provider = make.provider(name="Rosie")
        wish = AddEvidence(evidence_id=uuid4(), kind=EvidenceKind.DBS, note="Enhanced")
        with app.app_context(), transaction() as session:
            commands.add_evidence(session, wish, by=provider, at=NOON)
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))

        page = browser.click(browser.get("catalogue.moderate_providers"), "Rosie")
        page = browser.follow(browser.submit(page, "Accept this evidence"))
        assert "Accepted by Council 1" in page.text
        browser.submit(page, "Save the decision", state="checked")

        assert "Rosie: checked. We write to them." in browser.follow().text

    def test_a_refusal_needs_a_reason(self, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        make.provider(name="Rosie")
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))
        page = browser.click(browser.get("catalogue.moderate_providers"), "Rosie")

        page = browser.submit(page, "Save the decision", state="suspended")

        assert page.errors == ["Say why. The provider reads it, and nobody else does."]

    def test_a_list_is_narrowed_by_state(self, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        make.provider(name="Newcomer")
        make.standing(provider=make.provider(name="Old hand"), council_id=council_id)
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))

        page = browser.get("catalogue.moderate_providers", state="checked")

        assert "Old hand" in page.text
        assert "Newcomer" not in page.text
        assert browser.get("catalogue.moderate_providers", state="nonsense").status == 200

    def test_what_ran_out_is_not_accepted(self, app: Flask, sign_in: SignInAs, make: Make) -> None:
        council_id = make.council()
        provider = make.provider(name="Rosie")
        wish = AddEvidence(
            evidence_id=uuid4(), kind=EvidenceKind.DBS, note="Old", expires_on=NOON.date()
        )
        with app.app_context(), transaction() as session:
            commands.add_evidence(session, wish, by=provider, at=NOON)
        browser = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))
        page = browser.click(browser.get("catalogue.moderate_providers"), "Rosie")
        assert "Accept this evidence" not in page.text

        browser.post(
            "catalogue.accept_evidence",
            provider_id=provider.works_for,
            evidence_id=wish.evidence_id,
        )
        page = browser.follow()

        assert "This has run out. Ask the provider for a newer one." in page.text

    def test_is_for_moderators_of_that_council(self, sign_in: SignInAs, make: Make) -> None:
        provider = make.provider(postcode="LE1 1AA")
        make.standing(provider=provider, council_id=make.council(), state=CheckState.APPLIED)
        stranger = sign_in(make.staff(organisation_id=make.council(), role=Role.MODERATOR))

        page = stranger.get("catalogue.moderate_provider", provider_id=provider.works_for)

        assert page.status == 404
        assert sign_in(provider).get("catalogue.moderate_providers").status == 403


class TestClaims:
    def unclaimed(self, app: Flask) -> None:
        entry = RegisterEntry(
            source="cqc", key="1", name="Lark House", about="Homecare.", postcode="LS6 2AB"
        )
        with app.app_context(), transaction() as session:
            commands.import_entry(session, entry, at=NOON)

    def test_are_asked_and_approved(self, app: Flask, sign_in: SignInAs, make: Make) -> None:
        self.unclaimed(app)
        council_id = make.council()
        manager = sign_in(make.person(name="Morgan Reed"))
        moderator = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))

        page = manager.submit(
            manager.get("catalogue.claim", slug="lark-house"),
            "Ask to look after this store",
            words="I am the manager.",
        )
        assert "Thank you. The council reads this and writes to you." in manager.follow(page).text
        page = moderator.click(moderator.get("catalogue.moderate_claims"), "Lark House")
        assert "I am the manager." in page.text
        page = moderator.follow(moderator.submit(page, "Save the decision", answer="yes"))

        assert "Morgan Reed looks after the store now. We write to them." in page.text
        with app.app_context(), reading() as session:
            assert not queries.store(session, slug="lark-house").from_register
        assert manager.get("catalogue.claim", slug="lark-house").status == 409

    def test_refused_need_a_reason(self, app: Flask, sign_in: SignInAs, make: Make) -> None:
        self.unclaimed(app)
        manager = sign_in(make.person())
        moderator = sign_in(make.staff(organisation_id=make.council(), role=Role.MODERATOR))
        manager.submit(
            manager.get("catalogue.claim", slug="lark-house"),
            "Ask to look after this store",
            words="Me.",
        )
        page = moderator.click(moderator.get("catalogue.moderate_claims"), "Lark House")

        page = moderator.submit(page, "Save the decision", answer="no")

        assert page.errors == ["Say why. The one who asked reads it."]

    def test_need_words_and_somebody_signed_in(
        self, app: Flask, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        self.unclaimed(app)
        manager = sign_in(make.person())

        page = manager.submit(
            manager.get("catalogue.claim", slug="lark-house"), "Ask to look after this store"
        )

        assert page.errors == ["Say who you are."]
        assert browser.get("/stores/lark-house/claim").location.startswith("/sign-in")
        assert manager.get("/stores/no-such-store/claim").status == 404

    def test_are_for_moderators(self, sign_in: SignInAs, make: Make) -> None:
        moderator = sign_in(make.staff(organisation_id=make.council(), role=Role.MODERATOR))

        assert sign_in(make.person()).get("catalogue.moderate_claims").status == 403
        assert moderator.get("catalogue.decide_claim", claim_id=uuid4()).status == 404
