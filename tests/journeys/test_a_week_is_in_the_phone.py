"""A person opens their week, puts it in their phone, gives it another address, and is reminded."""

from datetime import timedelta

from flask.testing import FlaskClient
from icalendar import Calendar

from marketplace.calendars.tasks import remind
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import Money
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import said, send

DAY = timedelta(days=1)


def test_a_week_is_in_the_phone(make: Make, sign_in: SignInAs, client: FlaskClient) -> None:
    now = clock.now()
    day = local_day(now) + 2 * DAY
    funded = make.funded_person(
        name="Morgan Reed", to_spend=Money(500_00), starts_on=local_day(now), at=now
    )
    store = make.provider(name="Green Hands")
    deal = make.placed(funded=funded, provider=store, first_at=local_instant(day, 14, 0), at=now)
    at_home, at_work = sign_in(funded.person), sign_in(store)

    # The provider says yes. Both see it on that day, each with the other's name.
    send(at_work, at_work.get("orders.work_order", order_id=deal.order_id), "Accept the order")
    year, number, _ = day.isocalendar()
    said(at_home.get("calendars.week", year=year, number=number), "2pm", "Green Hands", "Agreed")
    said(at_work.get("calendars.work_week", year=year, number=number), "2pm", "Morgan Reed")
    said(at_home.get("calendars.month", year=day.year, number=day.month), "Gardening, 2 hours")

    # They put it in their phone, which is signed in nowhere.
    page = at_home.click(at_home.get("calendars.index"), "Put this calendar in your phone")
    send(at_home, page, "Make a secret address", words="full")
    first = _address(at_home)
    assert "Gardening" in _summary(client, first)
    said(at_home.get("calendars.phone"), "It was looked at last on")

    # Somebody has seen the address: with one tap there is another, and the old one is gone.
    send(at_home, at_home.get("calendars.phone"), "Change the address")
    second = _address(at_home)
    assert client.get(first).status_code == 404
    assert "Gardening" in _summary(client, second)
    send(at_home, at_home.get("calendars.phone"), "Save", words="busy")
    assert _summary(client, second) == "Busy"

    # They are reminded the evening before, once.
    page = at_home.click(at_home.get("calendars.index"), "Be reminded by e-mail")
    send(at_home, page, "Save", evening="y")
    with client.application.app_context():
        evening = local_instant(day - DAY, 18, 5)
        assert [remind(evening), remind(evening)] == [1, 0]

    # It is switched off, and opens nothing.
    send(at_home, at_home.get("calendars.phone"), "Switch it off")
    assert client.get(second).status_code == 404
    said(at_home.get("access.deeds"), "switched off the calendar in a phone")


def _address(browser: Browser) -> str:
    found = browser.get("calendars.phone").soup.select_one(".calendar-address code")
    assert found is not None
    return "/" + found.get_text().split("/", 3)[3]


def _summary(client: FlaskClient, path: str) -> str:
    calendar = Calendar.from_ical(client.get(path).get_data())
    (event,) = calendar.walk("VEVENT")
    return str(event["SUMMARY"])
