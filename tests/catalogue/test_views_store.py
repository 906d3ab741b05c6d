"""Looking after a store over the web: each page for those who keep it, and for nobody else."""

from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from PIL import Image

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import queries
from marketplace.catalogue.queries import KeptStore
from marketplace.catalogue.rules import CheckState
from marketplace.database import reading
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make

PAGES = (
    "/my-store",
    "/my-store/details",
    "/my-store/pictures",
    "/my-store/documents",
    "/my-store/times",
    "/my-store/area",
    "/my-store/room",
    "/my-store/workers",
    "/my-store/evidence",
    "/my-store/councils",
    "/my-store/offers/new",
)


def kept(app: Flask, owner: Actor) -> KeptStore:
    """Return what a store says of itself."""
    with app.app_context(), reading() as session:
        return queries.kept_store(session, by=owner)


def picture_file(content: bytes, name: str = "me.jpg") -> tuple[BytesIO, str]:
    """Return a file as a browser sends it."""
    return BytesIO(content), name


def photo() -> bytes:
    """Return a small picture."""
    written = BytesIO()
    Image.new("RGB", (30, 20), 90).save(written, "JPEG")
    return written.getvalue()


WRONG_ACCOUNT = (
    "That account number does not go with that sort code. "
    "Look at both again, on your card or on a letter from your bank."
)


class TestWhoMayOpen:
    @pytest.mark.parametrize("path", [*PAGES, "/my-store/bank"])
    def test_owners_may(self, sign_in: SignInAs, make: Make, path: str) -> None:
        assert sign_in(make.provider()).get(path).status == 200

    @pytest.mark.parametrize("path", PAGES)
    def test_managers_may(self, sign_in: SignInAs, make: Make, path: str) -> None:
        owner = make.provider()
        manager = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_MANAGER)

        assert sign_in(manager).get(path).status == 200

    def test_managers_do_not_see_where_the_money_goes(self, sign_in: SignInAs, make: Make) -> None:
        owner = make.provider()
        manager = make.staff(organisation_id=owner.works_for, role=Role.PROVIDER_MANAGER)
        browser = sign_in(manager)

        assert browser.get("/my-store/bank").status == 403
        assert "Where you are paid" not in browser.get("/my-store").text

    @pytest.mark.parametrize("path", [*PAGES, "/my-store/bank"])
    def test_people_and_councils_may_not(self, sign_in: SignInAs, make: Make, path: str) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        assert sign_in(make.person()).get(path).status == 403
        assert sign_in(moderator).get(path).status == 403

    @pytest.mark.parametrize("path", [*PAGES, "/my-store/bank"])
    def test_the_signed_out_are_sent_to_sign_in(self, browser: Browser, path: str) -> None:
        assert browser.get(path).location.startswith("/sign-in")

    @pytest.mark.parametrize("path", ["/my-store/pause", "/my-store/open", "/my-store/confirm"])
    def test_deeds_are_for_keepers(self, sign_in: SignInAs, make: Make, path: str) -> None:
        browser = sign_in(make.person())
        browser.get("/what-is-on")

        assert browser.post(path).status in {400, 403}

    def test_a_rival_finds_no_offer_and_no_worker(self, sign_in: SignInAs, make: Make) -> None:
        owner = make.provider()
        offer_id, worker_id = make.offer(provider=owner), make.worker(provider=owner)
        browser = sign_in(make.provider())
        browser.get("/my-store")

        assert browser.get(f"/my-store/offers/{offer_id}").status == 404
        assert browser.post(f"/my-store/offers/{offer_id}/ended").status == 404
        assert browser.post(f"/my-store/workers/{worker_id}/end").status == 404
        assert browser.get(f"/my-store/offers/{uuid4()}").status == 404


class TestStore:
    def test_is_changed_on_one_page(self, app: Flask, sign_in: SignInAs, make: Make) -> None:
        owner = make.provider()
        browser = sign_in(owner)

        page = browser.submit(
            browser.get("catalogue.change_store"),
            "Save",
            name="Rosie Bell",
            website="rosie.example",
            languages=["english", "urdu"],
        )

        assert "Your store is changed." in browser.follow(page).text
        store = kept(app, owner)
        assert (store.name, store.website, store.languages) == (
            "Rosie Bell",
            "https://rosie.example",
            ("english", "urdu"),
        )

    def test_keeps_what_was_typed_when_a_part_is_wrong(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        page = browser.submit(
            browser.get("catalogue.change_store"),
            "Save",
            name="Rosie Bell",
            website="not a website",
        )

        assert page.errors == ["Write the website like https://www.example.org."]
        assert 'value="Rosie Bell"' in page.html

    def test_goes_on_holiday_and_comes_back(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        away = browser.follow(
            browser.submit(browser.get("catalogue.my_store"), "Close my store for a holiday")
        )
        assert "Your store is closed for a holiday." in away.text
        back = browser.follow(browser.submit(away, "Open my store again"))

        assert "Your store is open again." in back.text

    def test_is_confirmed_with_one_button(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())
        page = browser.get("catalogue.my_store")
        assert "Is this still right?" in page.text

        page = browser.follow(browser.submit(page, "Everything here is still right"))

        assert "Is this still right?" not in page.text

    def test_shows_a_reason_and_lets_another_council_be_asked(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        here, there = make.council(name="Airemoor"), make.council(name="Bexwold")
        owner = make.provider(postcode="LE1 1AA")
        make.standing(provider=owner, council_id=here, state=CheckState.REJECTED)
        browser = sign_in(owner)
        assert "Why: Insurance has run out." in browser.get("catalogue.my_store").text

        page = browser.submit(
            browser.get("catalogue.my_councils"),
            "Ask this council to check my store",
            council_id=str(there),
        )

        assert "Bexwold Not yet checked" in browser.follow(page).text


class TestBank:
    def test_is_kept_and_shown_by_its_last_digits(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider(bank=False))

        page = browser.submit(
            browser.get("catalogue.bank"),
            "Save",
            account_name="Rosie Bell",
            sort_code="08-99-99",
            account_number="66374958",
        )

        assert "Rosie Bell, ending in 958" in browser.follow(page).text

    @pytest.mark.parametrize(
        ("code", "number", "sentence"),
        [
            ("0102", "87654321", "A sort code has 6 digits, like 01 02 03."),
            ("010203", "8765", "An account number has 8 digits, like 01234567."),
            (
                "08-99-99",
                "66374959",
                WRONG_ACCOUNT,
            ),
        ],
    )
    def test_refuses_a_wrong_shape_and_keeps_the_rest(
        self, sign_in: SignInAs, make: Make, code: str, number: str, sentence: str
    ) -> None:
        browser = sign_in(make.provider(bank=False))

        page = browser.submit(
            browser.get("catalogue.bank"),
            "Save",
            account_name="Rosie Bell",
            sort_code=code,
            account_number=number,
        )

        assert page.errors == [sentence]
        assert 'value="Rosie Bell"' in page.html


class TestPicture:
    def test_is_shown_to_everybody_with_its_words(
        self, app: Flask, sign_in: SignInAs, make: Make, browser: Browser
    ) -> None:
        owner = make.provider()
        keeper = sign_in(owner)

        page = keeper.submit(
            keeper.get("catalogue.pictures"),
            "Show this picture",
            picture=picture_file(photo()),
            alt="Rosie with a spade",
        )

        assert 'alt="Rosie with a spade"' in keeper.follow(page).html
        shown = browser.get("catalogue.picture", picture_id=kept(app, owner).picture_id)
        assert (shown.status, shown.response.mimetype) == (200, "image/jpeg")

    def test_that_is_none_is_refused_and_its_words_are_kept(
        self, app: Flask, sign_in: SignInAs, make: Make
    ) -> None:
        owner = make.provider()
        browser = sign_in(owner)
        cases = {
            b"not a picture": "We cannot open that as a picture. Choose a JPEG, PNG or WebP file.",
            b"x" * (5 * 1024 * 1024 + 1): "That picture is bigger than 5 MB. Choose a smaller one.",
        }

        for content, sentence in cases.items():
            page = browser.submit(
                browser.get("catalogue.pictures"),
                "Show this picture",
                picture=picture_file(content),
                alt="Rosie with a spade",
            )

            assert page.errors == [sentence]
            assert 'value="Rosie with a spade"' in page.html
            assert kept(app, owner).picture_id is None
            # The test client leaves the file of a large body open.
            page.response.request.environ["wsgi.input"].close()

    def test_that_does_not_exist_is_not_found(self, browser: Browser) -> None:
        assert browser.get("catalogue.picture", picture_id=uuid4()).status == 404


class TestWorkersAndEvidence:
    def test_a_worker_is_named_and_taken_off(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        page = browser.follow(
            browser.submit(browser.get("catalogue.workers"), "Add this worker", name="Wren Ashby")
        )
        assert "People can now ask for Wren Ashby." in page.text
        page = browser.follow(browser.submit(page, "Take off the list"))

        assert "Nobody named yet" in page.text

    def test_a_worker_needs_a_name(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        page = browser.submit(browser.get("catalogue.workers"), "Add this worker")

        assert page.errors == ["Enter a name."]

    def test_evidence_is_put_in_the_locker(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        page = browser.submit(
            browser.get("catalogue.evidence"),
            "Put it in the locker",
            kind="insurance",
            note="Public liability, £5 million",
            expires_on="4 March 2030",
        )

        assert "Counts until Monday 4 March 2030" in browser.follow(page).text

    def test_evidence_keeps_its_words_when_the_day_is_wrong(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        browser = sign_in(make.provider())

        page = browser.submit(
            browser.get("catalogue.evidence"),
            "Put it in the locker",
            kind="dbs",
            note="Enhanced",
            expires_on="31 2 2027",
        )

        assert page.errors == [near_today("Enter a day that exists, like {day}.")]
        assert 'value="Enhanced"' in page.html


class TestOffers:
    def write(self, browser: Browser, button: str, **changes: object) -> UUID | None:
        page = browser.submit(
            browser.get("catalogue.add_offer"),
            button,
            data={
                "title": "A walk by the canal",
                "category": "company",
                "unit": "hour",
                "price": "12.50",
                "included": "Tea\nCake",
                "days": ["mon", "tue"],
                **changes,
            },
        )
        return UUID(int=0) if page.status == 302 else None

    def test_are_published_or_kept_as_a_draft(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        self.write(browser, "Publish this offer")
        assert "Your offer is on sale." in browser.follow().text
        self.write(browser, "Keep it as a draft", title="Dancing")
        page = browser.follow()

        assert "Dancing £12.50 an hour Draft" in page.text

    def test_are_changed_paused_published_and_ended(self, sign_in: SignInAs, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(
            provider=owner, price=Money(15_00), weekend=Money(18_00), bank_holiday=Money(25_00)
        )
        browser = sign_in(owner)

        page = browser.get("catalogue.change_offer", offer_id=offer_id)
        assert 'value="18.00"' in page.html
        assert 'value="25.00"' in page.html
        browser.submit(page, "Save", price="16.00", title="Tea for two")
        assert "Tea for two £16.00 an hour On sale" in browser.follow().text
        for button, said in (
            ("Pause this offer", "Your offer is paused."),
            ("Publish this offer", "Your offer is on sale."),
            ("End this offer for good", "Your offer has ended."),
        ):
            browser.submit(browser.get("catalogue.change_offer", offer_id=offer_id), button)
            assert said in browser.follow().text

        ended = browser.get("catalogue.change_offer", offer_id=offer_id)
        assert "It cannot be changed." in ended.text
        assert "Tea for two" not in browser.get("catalogue.my_store").text

    def test_say_what_is_wrong_beside_the_field(self, sign_in: SignInAs, make: Make) -> None:
        browser = sign_in(make.provider())

        self.write(
            browser,
            "Publish this offer",
            price="-3",
            weekend_price="0",
            late_cancel_percent="101",
            included="x\n" * 21,
        )

        assert browser.page is not None
        assert browser.page.errors == [
            "Enter an amount of more than nothing, like 12.50.",
            "Enter a price of more than nothing, like 12.50.",
            "List no more than 20 things.",
            "Enter a number between 0 and 100.",
        ]
