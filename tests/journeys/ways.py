"""Ways through the pages that several stories take."""

from datetime import timedelta

from marketplace.kernel import clock
from tests.browser import Browser, Page


def day(from_today: int = 0) -> str:
    """Return a day as a person types it, so many days from today."""
    on = clock.local_day(clock.now()) + timedelta(days=from_today)
    return f"{on.day} {on.month} {on.year}"


def said(page: Page, *sentences: str) -> None:
    """Hold a page to saying each of these."""
    missing = [sentence for sentence in sentences if sentence not in page.text]
    assert not missing, f"{page.url} does not say {missing}:\n{page.text}"


def not_said(page: Page, *words: str) -> None:
    """Hold a page to saying none of these, in what is read or behind it."""
    found = [word for word in words if word in page.html]
    assert not found, f"{page.url} says {found}"


def send(browser: Browser, page: Page, button: str, **fields: object) -> Page:
    """Fill in a form, press its button, and go where that leads."""
    return browser.follow(browser.submit(page, button, fields))


def choice(page: Page, name: str, words: str) -> str:
    """Return the value of the choice with these words, as its label is read."""
    for control in page.soup.select(f"input[name={name}]"):
        label = page.soup.find("label", attrs={"for": control["id"]})
        if label is not None and words in label.get_text(" "):
            return str(control["value"])
    for option in page.soup.select(f"select[name={name}] option"):
        if words in option.get_text(" "):
            return str(option["value"])
    raise AssertionError(f"{page.url} offers no {name} with {words!r}")


def put_in_basket(browser: Browser, words: str, offer: str, **fields: object) -> Page:
    """Search for words, open the offer of that name, and put it in the basket.

    It is for the first of the person's outcomes unless told otherwise.
    """
    found = browser.get(f"/find?q={words}")
    form = browser.click(browser.click(found, offer), "Choose when and how much")
    outcomes = form.soup.select("input[name=outcome_id]")
    if outcomes:
        fields.setdefault("outcome_id", outcomes[0]["value"])
    return send(browser, form, "Put it in the basket", **fields)


def half_of_it(browser: Browser, page: Page, *, words: str) -> Page:
    """Say that half of a visit happened: the middle one of the parts that can be chosen."""
    parts = [str(part["value"]) for part in page.soup.select("select[name=how_much] option")][1:]
    half = parts[len(parts) // 2]
    return send(browser, page, "Send this", outcome="part", how_much=half, words=words)
