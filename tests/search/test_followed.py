"""What a search that is followed tells: everything it finds, and all of its days."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from icalendar import Calendar

from marketplace.community.commands import ChangeDate, change_date
from marketplace.community.rules import Change
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.search.views import feeds
from tests.browser import Browser
from tests.factories import Make


def test_an_entry_with_a_cancelled_day_stays_in_the_news_beside_the_cancellation(
    app: Flask, browser: Browser, make: Make
) -> None:
    make.council()
    ada, at = make.person(), clock.now()
    wish = make.entry_wish()
    listing_id = make.entry(slug=make.kept_group(by=ada), by=ada, wish=wish, at=at)
    today = clock.local_day(at)
    on_day = wish.timetable.days(first=today + timedelta(days=1), days=30)[0]
    with app.app_context(), transaction() as session:
        cancelled = ChangeDate(listing_id=listing_id, on_day=on_day, what=Change.CANCELLED)
        change_date(session, cancelled, by=ada, at=at)

    feed = ET.fromstring(browser.client.get("/find/news.rss", query_string={"q": wish.title}).data)

    marks = [item.findtext("guid") for item in feed.iter("item")]
    assert {str(listing_id), f"{listing_id}/{on_day}"} <= set(marks)
    assert len(marks) == len(set(marks))


def test_the_calendar_has_what_is_dated_though_more_is_found_that_is_not(
    browser: Browser, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PAGE_SIZE_MAX", 1)
    provider = make.provider(title="Zither lessons")
    for _ in range(5):
        make.offer(provider=provider, title="Zither")
    make.activity(title="Music with a zither and more", at=clock.now())

    for asked in ("q=", "q=zither", "q=zither&kind=activity&kind=offer"):
        calendar = Calendar.from_ical(browser.client.get(f"/find/calendar.ics?{asked}").data)

        told = {str(event["summary"]) for event in calendar.walk("VEVENT")}
        assert told == {"Music with a zither and more"}

    only_offers = browser.client.get("/find/calendar.ics?q=zither&kind=offer")
    assert not Calendar.from_ical(only_offers.data).walk("VEVENT")
