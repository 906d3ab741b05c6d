"""Calendars as phones fetch them: opened by a secret address alone."""

from urllib.parse import urlsplit

from flask import Response, request

from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import public
from marketplace.access.rules import TRIES_WINDOW
from marketplace.calendars import commands, queries
from marketplace.calendars.commands import Fetched
from marketplace.calendars.errors import NoCalendarError
from marketplace.calendars.rules.entries import Entry, EntryKind
from marketplace.calendars.rules.subjects import Whose
from marketplace.calendars.views.blueprint import calendars
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.downloads import CALENDAR, private_feed_answer
from marketplace.web.site import address_of, settings

_TOO_MANY = 429


@calendars.route("/calendar/feed/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """Give a calendar to whoever has its address; to nobody once its owner may not see it."""
    at = clock.now()
    try:
        fetched = _fetch(secret)
    except TooManyTriesError as refusal:
        return _refused(str(refusal))
    with reading() as session:
        hat = queries.hat_for(session, user_id=fetched.user_id, subject=fetched.subject, at=at)
        if hat is None:
            raise NoCalendarError
        for_store = fetched.subject.whose is not Whose.PERSON
        written = queries.feed_file(
            session,
            subject=fetched.subject,
            words=fetched.words,
            by=hat,
            link_of=lambda entry: _link(entry, for_store=for_store),
            domain=urlsplit(settings().base_url).hostname or "localhost",
            at=at,
        )
    return private_feed_answer(written, CALENDAR, name="calendar.ics")


def _fetch(secret: str) -> Fetched:
    at = clock.now()
    try:
        with transaction() as session:
            return commands.note_fetched(session, secret=secret, at=at)
    except NoCalendarError:
        # Outside of what was undone: a wrong address counts too.
        with transaction() as session:
            commands.count_wrong_address(session, network=request.remote_addr or "", at=at)
        raise


def _refused(sentence: str) -> Response:
    answer = Response(sentence, _TOO_MANY, content_type="text/plain; charset=utf-8")
    answer.headers["Retry-After"] = str(int(TRIES_WINDOW.total_seconds()))
    return answer


def _link(entry: Entry, *, for_store: bool) -> str:
    if entry.order_id is not None:
        page = "orders.work_order" if for_store else "orders.show"
        return address_of(page, order_id=entry.order_id)
    assert entry.kind is EntryKind.NOT_ORDERED, "activities have calendars of their own"
    page = "orders.work_standing_order" if for_store else "orders.standing_order"
    return address_of(page, standing_id=entry.standing_id)
