"""A provider's day on a phone in a real browser: two taps, no network, signed out meanwhile."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Error, FilePayload, Page, expect
from sqlalchemy import select

from marketplace.access.rules import Actor
from marketplace.audit.queries import deeds_about
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.orders.models import PhoneDeed, Visit, VisitPhoto
from marketplace.orders.rules import NoteKind, VisitState
from tests.conftest import SignInAs
from tests.e2e.conftest import Street, open_page
from tests.factories import Make
from tests.factories.orders import Deal
from tests.house.access.pictures import dot

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PHONE = {"width": 320, "height": 700}
KEPT = "Kept on this phone, not sent yet."


_NUMBERS = count(10_000)


class Newcomers(Make):
    """Makes people and stores that the street does not know yet."""

    def number(self) -> int:
        """Return a number that nothing of the street has."""
        return next(_NUMBERS)


@pytest.fixture
def deal(street: Street) -> Deal:
    """Let somebody order gardening from a new store, for half an hour ago."""
    make, now = Newcomers(transaction), clock.now()
    began, at = now - timedelta(minutes=30), now - timedelta(days=2)
    funded = make.funded_person(name="Ida Moss", starts_on=clock.local_day(at), at=at)
    placed = make.placed(funded=funded, provider=make.provider(), first_at=began, at=at)
    return make.accepted(placed, at=at)


@pytest.fixture
def phone(street: Street, deal: Deal) -> Iterator[BrowserContext]:
    """Open a phone's browser in which the store is signed in."""
    with street.visitor() as context:
        _sign_in(street, context, deal.provider)
        yield context


@pytest.fixture
def wire(street: Street, deal: Deal) -> Iterator[BrowserContext]:
    """Open the same where a test can cut between the page and the server."""
    with street.visitor(workers=False) as context:
        _sign_in(street, context, deal.provider)
        yield context


def test_two_taps_note_a_visit_and_it_can_be_undone(phone: BrowserContext, deal: Deal) -> None:
    page = open_page(phone, "/work")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    page.get_by_role("link", name="Today’s visits").first.click()
    page.get_by_role("button", name="Done as agreed").click()

    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    assert _visit(deal).note_kind is NoteKind.FULL
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It is taken back")).to_be_visible()
    assert _visit(deal).state is VisitState.PLANNED


def test_a_note_without_network_is_kept_and_sent_once(phone: BrowserContext, deal: Deal) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    _say_part(page)
    expect(page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    assert _visit(deal).state is VisitState.PLANNED

    phone.set_offline(False)

    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    visit = _visit(deal)
    assert (visit.note_kind, visit.minutes, visit.note) == (NoteKind.PART, 60, "Rain came.")
    assert _kept(page) == []
    sent = _sent(visit.id)
    assert [(each.what, each.said_at is not None) for each in sent] == [("part", True)]
    assert _deeds(deal).count("visit-noted") == 1


def test_a_note_whose_answer_was_lost_is_still_one_note(wire: BrowserContext, deal: Deal) -> None:
    page = open_page(wire, "/work/today")
    lost: list[str] = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Let the first note through to the server, and lose what it answers."""
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/work/phone", lose)
    page.get_by_role("button", name="Done as agreed").click()
    noted = page.get_by_role("heading", name="Noted today")
    # It tries again by itself; that may be before anybody could read that there is no network.
    expect(page.get_by_text("There is no network here.").or_(noted).first).to_be_visible()

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(noted).to_be_visible()
    assert len(lost) == 1
    assert _visit(deal).state is VisitState.NOTED
    assert _deeds(deal).count("visit-noted") == 1


def test_a_note_of_somebody_signed_out_waits_until_they_sign_in(
    street: Street, phone: BrowserContext, deal: Deal
) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    phone.clear_cookies()

    phone.set_offline(False)

    expect(page.get_by_text("You are signed out. Nothing is lost")).to_be_visible()
    assert len(_kept(page)) == 1
    _sign_in(street, phone, deal.provider)
    page.goto("/work/today")
    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    assert _deeds(deal).count("visit-noted") == 1


def test_a_note_that_is_refused_stays_with_the_reason(phone: BrowserContext, deal: Deal) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    page.get_by_role("button", name="Done as agreed").click()
    Newcomers(transaction).noted(deal, note=NoteKind.MISSED, at=clock.now())

    phone.set_offline(False)

    expect(page.get_by_text("Not taken: This visit is noted already")).to_be_visible()
    page.get_by_role("button", name="Throw it away").click()
    assert _kept(page) == []


def test_signing_out_says_what_is_not_sent_and_then_clears_it(
    wire: BrowserContext, deal: Deal
) -> None:
    page = open_page(wire, "/work/today")
    page.route("**/work/phone", lambda route: route.abort())
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    page.locator(".account__menu summary").click()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("One note is kept on this phone and not sent.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert _kept(page) == []


def test_a_picture_without_network_is_kept_and_sent_once_with_its_note(
    phone: BrowserContext, deal: Deal
) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    _picture(page, dot(), alt="The beds are weeded.")
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text("With a picture: The beds are weeded.")).to_be_visible()
    assert len(_pictures_kept(page)) == 1
    page.evaluate("window.dispatchEvent(new Event('online'))")

    phone.set_offline(False)

    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    assert _photos(_visit(deal).id) == ["The beds are weeded."]
    assert (_kept(page), _pictures_kept(page)) == ([], [])
    assert _deeds(deal).count("visit-noted") == 1


def test_a_picture_whose_answer_was_lost_is_still_one(wire: BrowserContext, deal: Deal) -> None:
    page = open_page(wire, "/work/today")
    lost: list[bool] = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Let the first note through to the server, and lose what it answers."""
        if route.request.method == "POST" and not lost:
            lost.append(True)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/work/phone", lose)
    _picture(page, dot(), alt="The beds are weeded.")
    page.get_by_role("button", name="Done as agreed").click()
    noted = page.get_by_role("heading", name="Noted today")
    expect(page.get_by_text("There is no network here.").or_(noted).first).to_be_visible()

    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(noted).to_be_visible()
    assert _photos(_visit(deal).id) == ["The beds are weeded."]
    assert _deeds(deal).count("visit-noted") == 1
    assert _pictures_kept(page) == []


def test_a_picture_that_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    phone: BrowserContext, deal: Deal
) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    done, alt = page.get_by_role("button", name="Done as agreed"), "The beds."
    _picture(page, dot(), alt="")
    done.click()
    expect(page.get_by_text("Say in a few words what the picture shows.")).to_be_visible()
    _picture(page, b"x" * (12 * 1024 * 1024 + 1), alt=alt)
    done.click()
    expect(page.get_by_text("That picture is bigger than 12 MB.")).to_be_visible()
    _picture(page, b"words", alt=alt, kind="text/plain")
    done.click()
    expect(page.get_by_text("Choose a JPEG, PNG or WebP file.")).to_be_visible()
    others = [{"key": str(number), "owner": "?", "alt": "Beds."} for number in range(10)]
    page.evaluate("notes => localStorage.setItem('kept-notes', JSON.stringify(notes))", others)
    _picture(page, dot(), alt=alt)
    done.click()
    expect(page.get_by_text("10 pictures are kept on this phone")).to_be_visible()

    expect(page.get_by_label("What does the picture show?")).to_have_value(alt)
    assert len(_kept(page)) == len(others)
    assert _pictures_kept(page) == []


def test_a_picture_that_is_refused_can_be_left_out(phone: BrowserContext, deal: Deal) -> None:
    page = open_page(phone, "/work/today")
    _picture(page, b"no picture at all", alt="The beds.")
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text("Not taken: We cannot open that as a picture.")).to_be_visible()
    assert _visit(deal).state is VisitState.PLANNED

    page.get_by_role("button", name="Send it without the picture").click()

    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    assert _photos(_visit(deal).id) == []
    assert (_kept(page), _pictures_kept(page)) == ([], [])


def test_signing_out_takes_the_pictures_away(wire: BrowserContext, deal: Deal) -> None:
    page = open_page(wire, "/work/today")
    page.route("**/work/phone", lambda route: route.abort())
    _picture(page, dot(), alt="The beds.")
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    assert len(_pictures_kept(page)) == 1
    page.locator(".account__menu summary").click()

    for said in ("One note is kept on this phone and not sent.", "You are signed out."):
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text(said)).to_be_visible()

    assert _pictures_kept(page) == []


def test_the_note_of_another_is_not_sent_as_ones_own(
    street: Street, phone: BrowserContext, deal: Deal
) -> None:
    page = open_page(phone, "/work/today")
    phone.set_offline(True)
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    phone.clear_cookies()
    _sign_in(street, phone, Newcomers(transaction).provider())

    phone.set_offline(False)

    expect(page.get_by_text("Somebody else is signed in here now.")).to_be_visible()
    assert _visit(deal).state is VisitState.PLANNED


def test_the_page_opens_without_network_and_not_after_signing_out(
    phone: BrowserContext, deal: Deal
) -> None:
    page = open_page(phone, "/work/today")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    phone.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Done as agreed").click()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    page.reload()
    expect(page.get_by_text(KEPT).first).to_be_visible()
    token = page.locator("input[name=csrf_token]").first
    assert token.get_attribute("value") == ""

    phone.set_offline(False)
    expect(page.get_by_role("heading", name="Noted today")).to_be_visible()
    assert _deeds(deal).count("visit-noted") == 1
    page.locator(".account__menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
    phone.set_offline(True)
    with pytest.raises(Error):
        page.goto("/work/today")


def test_it_is_two_taps_without_script_too(street: Street, deal: Deal) -> None:
    with street.visitor(javascript=False) as context:
        _sign_in(street, context, deal.provider)
        page = open_page(context, "/work")
        page.get_by_role("link", name="Today’s visits").first.click()
        expect(page.get_by_text("Add a picture", exact=False).first).to_be_hidden()
        page.get_by_role("button", name="Done as agreed").click()

        expect(page.get_by_text("It is noted.")).to_be_visible()
    assert _visit(deal).note_kind is NoteKind.FULL


def _say_part(page: Page) -> None:
    page.get_by_text("Something else").click()
    page.get_by_label("Part of it", exact=True).check()
    page.get_by_label("how much?").select_option(label="1 hour: £15.00")
    page.get_by_label("Anything to say").fill("Rain came.")
    page.get_by_role("button", name="Send this").click()


def _sign_in(street: Street, context: BrowserContext, actor: Actor) -> None:
    with street.app.app_context():
        cookie = SignInAs(street.app)(actor).client.get_cookie("session")
    assert cookie is not None
    url = street.website.address
    context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])


def _visit(deal: Deal) -> Visit:
    with reading() as session:
        return session.scalars(select(Visit).where(Visit.order_id == deal.order_id)).one()


def _sent(visit_id: UUID) -> list[PhoneDeed]:
    with reading() as session:
        return list(session.scalars(select(PhoneDeed).where(PhoneDeed.visit_id == visit_id)))


def _deeds(deal: Deal) -> list[str]:
    with reading() as session:
        return [deed.what for deed in deeds_about(session, subject_id=deal.order_id)]


def _kept(page: Page) -> list[object]:
    kept: list[object] = page.evaluate("JSON.parse(localStorage.getItem('kept-notes')) || []")
    return kept


def _picture(page: Page, content: bytes, *, alt: str, kind: str = "image/png") -> None:
    """Choose a picture for the only visit, and say what it shows."""
    chooser = page.get_by_label("A picture", exact=True)
    if not chooser.is_visible():
        page.get_by_text("Add a picture").first.click()
    chooser.set_input_files(FilePayload(name="beds.png", mimeType=kind, buffer=content))
    page.get_by_label("What does the picture show?").fill(alt)


def _photos(visit_id: UUID) -> list[str]:
    with reading() as session:
        return list(session.scalars(select(VisitPhoto.alt).where(VisitPhoto.visit_id == visit_id)))


def _pictures_kept(page: Page) -> list[object]:
    """Return the keys of the pictures that the browser keeps."""
    kept: list[object] = page.evaluate(
        """async () => {
          const names = (await indexedDB.databases()).map((each) => each.name);
          if (!names.includes("kept-pictures")) return [];
          const pictures = await import("/static/js/kept-pictures.js");
          return pictures.keys();
        }"""
    )
    return kept
