"""For which ages an entry is, and what it costs where that is not always the same."""

from sqlalchemy.orm import Session

from marketplace.community import queries
from marketplace.community.commands import PutListing, put_listing
from marketplace.community.queries import Wanted
from marketplace.kernel import clock
from marketplace.kernel.ages import Ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO
from marketplace.search import queries as search
from marketplace.search.rules import Facet, facet_values
from tests.browser import Browser
from tests.conftest import NOON, SignInAs
from tests.factories import Make

NOT_SAID = {"cost_known": False, "cost_words": "Ask them what it costs"}


def put(session: Session, make: Make, title: str, **more: object) -> None:
    """Put an entry in as an import does."""
    wish: dict[str, object] = {
        "group_id": make.group(),
        "slug": title,
        "title": title,
        "category": "company",
        "about": "Tea.",
        "venue": "The hall",
        "postcode": "LS6 2AB",
        "cost": ZERO,
        "cost_words": "Free",
        **dict.fromkeys(("for_whom", "access", "languages"), ()),
        "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "on_day": None,
        "starts": "10:30",
        "minutes": 60,
        "contact": "",
        **more,
    }
    put_listing(session, PutListing(**wish), by_user_id=None, at=NOON)  # type: ignore[arg-type]


class TestCost:
    def test_that_nobody_says_is_not_free(self, session: Session, make: Make) -> None:
        put(session, make, "tea")
        put(session, make, "trip", **NOT_SAID)

        page = queries.whats_on_page(
            session, Wanted(free=True), first=local_day(NOON), days=7, at=NOON
        )
        entries = search.entries(session, changed=None, at=NOON)
        free = {
            entry.title: bool(facet_values(entry)[Facet.FREE])
            for entry in entries
            if entry.kind == "activity"
        }

        assert [each.listing.title for each in page.happenings] == ["tea"]
        assert page.counts["free"] == {"yes": 1}
        assert free == {"tea": True, "trip": False}
        trip = next(
            card
            for card in queries.findable_listings(session, ids=None, at=NOON)
            if card.title == "trip"
        )
        assert (trip.known_cost, trip.is_free) == (None, False)


class TestForm:
    def test_keeps_ages_and_a_cost_that_people_ask_for(
        self, sign_in: SignInAs, browser: Browser, make: Make
    ) -> None:
        make.council()
        keeper = make.person()
        slug = make.kept_group(by=keeper)
        listing_id = make.entry(slug=slug, by=keeper, at=clock.now())
        kept = sign_in(keeper)

        page = kept.get("community.change_listing", listing_id=listing_id)
        kept.submit(page, "Save the changes", youngest="14", oldest="25", cost_asked="y")

        shown = browser.get("community.activity", listing_id=listing_id).text
        assert "14 to 25" in shown
        assert "Ask them what it costs" in shown
        again = kept.get("community.change_listing", listing_id=listing_id)
        typed = {name: again.soup.select_one(f"[name={name}]") for name in ("youngest", "oldest")}
        assert {name: box and box["value"] for name, box in typed.items()} == {
            "youngest": "14",
            "oldest": "25",
        }

    def test_says_which_ages_cannot_be(self, sign_in: SignInAs, make: Make) -> None:
        make.council()
        keeper = make.person()
        listing_id = make.entry(slug=make.kept_group(by=keeper), by=keeper, at=clock.now())
        kept = sign_in(keeper)

        page = kept.get("community.change_listing", listing_id=listing_id)
        refused = kept.submit(page, "Save the changes", youngest="26", oldest="14")

        assert "The oldest age has to be the same as the youngest, or more." in refused.text


class TestGroups:
    def test_are_for_the_ages_of_all_they_offer(self, session: Session, make: Make) -> None:
        group_id = make.group()
        put(session, make, "tots", group_id=group_id, ages=Ages(None, 4))
        put(session, make, "over-sixties", group_id=group_id, ages=Ages(65, None))

        (group,) = queries.findable_groups(session, ids=[group_id], at=NOON)

        assert group.ages == {"children", "older"}
