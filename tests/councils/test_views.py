"""Looking after councils, their portals and staff."""

from uuid import UUID, uuid4

import pytest

from marketplace.access.rules import Role
from marketplace.councils import queries
from marketplace.database import reading
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make

PORTAL: dict[str, object] = {
    "name": "Green Valley Council",
    "slug": "green-valley",
    "strapline": "Good days, near home",
    "welcome": "Come in and look round.",
    "brand": "#1d5c63",
    "accent": "#e07a5f",
    "email": "hello@green-valley.example",
    "safeguarding_team": "Valley Safe Team",
    "safeguarding_phone": "01632 960555",
    "districts": "ls6, LS7 bd1",
}


@pytest.fixture
def council_id(make: Make) -> UUID:
    return make.council(name="Old Council", slug="old")


@pytest.fixture
def administrator(make: Make, sign_in: SignInAs, council_id: UUID) -> Browser:
    return sign_in(
        make.staff(
            organisation_id=council_id,
            role=Role.ADMINISTRATOR,
            name="Ada Moss",
            organisation_name="Old Council",
        )
    )


def make_portal(browser: Browser, **fields: object) -> Page:
    return browser.submit(browser.get("councils.new"), "Open the portal", PORTAL | fields)


class TestIndex:
    def test_lists_all_councils_and_lets_one_change_one_s_own(
        self, administrator: Browser, make: Make
    ) -> None:
        make.council(name="Another Council")

        page = administrator.get("councils.index")

        assert "Another Council" in page.text
        assert len([link for link in page.soup.select("a") if "/edit" in str(link["href"])]) == 1

    def test_is_for_administrators_alone(
        self, make: Make, sign_in: SignInAs, council_id: UUID
    ) -> None:
        finance = make.staff(organisation_id=council_id, role=Role.FINANCE_OFFICER)

        assert sign_in(finance).get("councils.index").status == 403
        assert sign_in(make.person()).get("councils.new").status == 403


class TestNew:
    def test_opens_a_portal_that_its_maker_looks_after(self, administrator: Browser) -> None:
        page = administrator.follow(make_portal(administrator))

        assert "The portal of Green Valley Council is open." in page.text
        assert administrator.click(page, "Change words, colours and rules").status == 200
        portal = administrator.get("/green-valley/")
        assert portal.heading == "Good days, near home"
        assert "--brand: #1d5c63" in administrator.get("/green-valley/theme.css").html
        with reading() as session:
            made = queries.council_at(session, slug="green-valley")
        assert made.districts == ("LS6", "LS7", "BD1")
        assert (made.auto_confirm_days, made.small_number_threshold) == (7, 5)
        assert made.stores_open_unchecked

    def test_a_form_sent_twice_is_one_council(self, administrator: Browser) -> None:
        asked = administrator.get("councils.new")
        for _ in range(2):
            page = administrator.submit(asked, "Open the portal", PORTAL)

        assert page.location == "/councils"
        with reading() as session:
            assert len(queries.councils(session)) == 2

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"slug": "old"}, "There is already a portal at /old/."),
            ({"slug": "orders"}, "orders is a page of the market itself. Choose another address."),
            (
                {"slug": "Green Valley"},
                "Use 3 to 40 small letters, digits and hyphens, like green-valley.",
            ),
            (
                {"brand": "#ffee00"},
                (
                    "White words on #ffee00 have a contrast of 1.2. It must be at least 4.5. "
                    "Choose a darker colour."
                ),
            ),
            ({"accent": "orange"}, "Write the colour as #rrggbb, like #1d5c63."),
            ({"districts": "Leeds"}, "LEEDS is not the first half of a postcode, like LS6 or BD1."),
            ({"auto_confirm_days": "0"}, "Enter a number between 1 and 60."),
            ({"ask_days": "61"}, "Enter a number between 1 and 60."),
            ({"small_number_threshold": "1"}, "Enter a number between 2 and 100."),
            ({"name": ""}, "Enter the name of the council."),
            ({"name": "x" * 10_000}, "Use at most 120 characters. You have used 10,000."),
        ],
    )
    def test_refuses_with_a_sentence_and_keeps_the_rest(
        self, administrator: Browser, fields: dict[str, object], error: str
    ) -> None:
        page = make_portal(administrator, **fields)

        assert page.errors == [error]
        assert "Valley Safe Team" in page.html


class TestEdit:
    def test_changes_words_and_rules_but_not_the_address(
        self, administrator: Browser, council_id: UUID
    ) -> None:
        asked = administrator.get("councils.edit", council_id=council_id)

        page = administrator.submit(
            asked, "Save the changes", name="New Council", stores_open_unchecked=None
        )

        assert page.location == "/councils"
        assert "administrator, New Council" in administrator.follow(page).text
        with reading() as session:
            council = queries.council_at(session, slug="old")
        assert council.name == "New Council"
        assert not council.stores_open_unchecked
        assert council.districts == ("LS6",)

    def test_another_council_s_is_not_there(self, administrator: Browser, make: Make) -> None:
        other = make.council()

        assert administrator.get("councils.edit", council_id=other).status == 404
        assert administrator.get("councils.staff", council_id=uuid4()).status == 404


class TestStaff:
    def test_is_added_by_address(
        self, administrator: Browser, make: Make, council_id: UUID
    ) -> None:
        make.person(name="Kim Park", email="kim@mail.example")
        asked = administrator.get("councils.staff", council_id=council_id)

        page = administrator.submit(
            asked, "Give them the role", email="Kim@mail.example", role="commissioner"
        )

        assert "Kim Park , commissioner" in administrator.follow(page).text

    def test_has_to_have_joined(self, administrator: Browser, council_id: UUID) -> None:
        asked = administrator.get("councils.staff", council_id=council_id)

        page = administrator.submit(
            asked, "Give them the role", email="kim@mail.example", role="commissioner"
        )

        assert page.errors == [
            "Nobody has joined with this address and confirmed it. Ask them to join first."
        ]

    def test_the_last_administrator_stays(self, administrator: Browser, council_id: UUID) -> None:
        asked = administrator.get("councils.staff", council_id=council_id)

        page = administrator.follow(administrator.submit(asked, "Take this role away"))

        assert "This is the last administrator." in page.text
        assert "Ada Moss" in page.text

    def test_loses_a_role_at_once(
        self, administrator: Browser, make: Make, sign_in: SignInAs, council_id: UUID
    ) -> None:
        other = make.staff(organisation_id=council_id, role=Role.ADMINISTRATOR, name="Zoe Zed")
        theirs = sign_in(other)
        assert theirs.get("councils.index").status == 200
        administrator.get("councils.staff", council_id=council_id)

        administrator.post(
            "councils.end_staff",
            {"user_id": other.user_id, "role": "administrator"},
            council_id=council_id,
        )

        assert theirs.get("councils.index").status == 403

    def test_what_is_nobody_s_role_is_not_there(
        self, administrator: Browser, council_id: UUID
    ) -> None:
        administrator.get("councils.staff", council_id=council_id)

        for sent in ({"user_id": "x", "role": "king"}, {"user_id": uuid4(), "role": "moderator"}):
            page = administrator.post("councils.end_staff", sent, council_id=council_id)
            assert page.status == 404
