"""What people mistype gets a clear sentence, and what they typed is still there."""

from io import BytesIO

import pytest

from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, said, send

AMOUNTS = ["£12.5", "-3", "1e9", "٣", "12,00", "1" * 10_000, "twelve", "0"]
SEARCHES = ['"', "*", "%", "", "   ", "\\", "'; DROP", "(", "a" * 2_000, "\x00", "AND OR NOT"]
DAYS = ["31 2 2026", "29 2 2027", "0 0 0", "tomorrow-ish", "1 1 1", "٣ ٣ ٢٠٢٦"]


@pytest.mark.sqlite_only
def test_amounts_and_days_that_cannot_be_are_explained(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(make.provider())
    form = browser.click(browser.get("catalogue.my_store"), "Add an offer")
    for amount in AMOUNTS:
        page = browser.submit(
            form, "Publish", title="Walks", category="company", unit="hour", price=amount
        )
        assert page.status == 200, amount[:20]
        assert len(page.errors) == 1, amount[:20]
        assert f'value="{amount}"' in page.html

    funded = make.funded_person()
    make.offer(title="Gardening together")
    at_home = sign_in(funded.person)
    offer = at_home.click(at_home.get("/find?q=gardening"), "Gardening together")
    form = at_home.click(offer, "Choose when and how much")
    outcome = form.soup.select("input[name=outcome_id]")[0]["value"]
    for typed in DAYS:
        page = at_home.submit(
            form, "Put it in the basket", on_day=typed, at_time="2pm", outcome_id=outcome
        )
        assert len(page.errors) == 1, typed
        assert f'value="{typed}"' in page.html
    gone = at_home.submit(
        form, "Put it in the basket", on_day=day(-3), at_time="2pm", outcome_id=outcome
    )
    assert len(gone.errors) == 1


@pytest.mark.sqlite_only
def test_a_funding_line_before_the_plan_is_refused(make: Make, sign_in: SignInAs) -> None:
    practitioner = make.practitioner()
    browser = sign_in(practitioner)
    shown = send(
        browser,
        browser.get("budgets.add_person"),
        "Add this person",
        name="Morgan Reed",
        email="morgan@mail.example",
    )
    form = browser.click(shown, "Open a funding line")
    page = browser.submit(
        form,
        "Open the funding line",
        yearly="1,300",
        starts_on=day(10),
        ends_on=day(3),
        holder="direct_payment",
        outcomes="I see my friends.",
    )
    assert len(page.errors) == 1
    said(page, "I see my friends.")


@pytest.mark.sqlite_only
def test_too_many_words_are_counted_and_kept(make: Make, sign_in: SignInAs) -> None:
    browser = sign_in(make.provider())
    form = browser.get("catalogue.change_store")

    page = browser.submit(form, "Save", name="n" * 10_000)

    assert any("You have used 10,000." in error for error in page.errors)
    assert "n" * 10_000 in page.html


@pytest.mark.sqlite_only
@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\nno", b"GIF"])
def test_what_is_no_picture_is_refused(make: Make, sign_in: SignInAs, content: bytes) -> None:
    browser = sign_in(make.provider())
    form = browser.get("catalogue.pictures")

    page = browser.submit(
        form, "Show this picture", picture=(BytesIO(content), "me.png"), alt="Me at the door"
    )

    assert page.status == 200
    assert len(page.errors) == 1
    said(page, "There is a problem")
    assert "Me at the door" in page.html


def test_any_search_is_answered(make: Make, browser: Browser) -> None:
    make.provider(name="Green Hands", title="Gardening together")

    for words in SEARCHES:
        found = browser.client.get("/find", query_string={"q": words})
        suggested = browser.client.get("/find/suggest", query_string={"q": words})
        assert (found.status_code, suggested.status_code) == (200, 200), words[:20]
    said(browser.get("/find?q="), "Green Hands")


def test_a_postcode_that_does_not_exist_is_said(make: Make, browser: Browser) -> None:
    make.provider(name="Green Hands", title="Gardening together")
    for near in ("ZZ99", "ZZ99+9ZZ", "nowhere"):
        page = browser.get(f"/find?q=gardening&near={near}")
        page = browser.follow(page) if page.location else page
        said(page, "Gardening together")
        assert page.soup.select(".notice") != [], near
