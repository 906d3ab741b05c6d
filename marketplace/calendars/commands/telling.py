"""Writing reminders: each visit once for each kind of letter, and again if it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.calendars.adapters.links import stop_token
from marketplace.calendars.models import Reminder, Told
from marketplace.calendars.queries.entries import Asked, entries_of_people, entries_of_store
from marketplace.calendars.queries.hats import hat_for
from marketplace.calendars.rules.entries import Entry
from marketplace.calendars.rules.reminders import Due, Kind, due, next_look
from marketplace.calendars.rules.subjects import Subject, Whose
from marketplace.calendars.rules.words import changed_words, day_words, entry_words
from marketplace.kernel.clock import local_day
from marketplace.outbox.commands import WriteLetter, write_letter

_LOOK_AHEAD = timedelta(days=60)
"""So far ahead a visit that was moved is looked for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _To:
    """Whom a letter goes to, and about whose calendar."""

    reminder: Reminder
    actor: Actor
    email: str
    secret_key: str
    at: datetime


def remind(session: Session, *, reminder_id: UUID, secret_key: str, at: datetime) -> int:
    """Write to somebody what is due about one calendar; return how many letters that is.

    Done twice, or stopped and done again, it is the same letters. Nothing is written to those who
    may not see the calendar any more, or of whom nobody knows whether they read their letters.
    """
    row = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
    if row is None or row.next_look_at is None or row.next_look_at > at:
        return 0
    hat = hat_for(session, user_id=row.user_id, subject=row.subject, at=at)
    if hat is None or not access.is_confirmed(session, user_id=row.user_id):
        row.next_look_at = next_look(row.wish, told_ahead=False, at=at)
        return 0
    email = access.person(session, user_id=row.user_id).email
    to = _To(row, hat, email, secret_key, at)
    told = _told(session, row, at)
    wanted = due(row.wish, at)
    letters = 0
    if wanted or told:
        entries = _entries(session, row.subject, hat, at)
        letters = _tell_changes(session, to, entries, told)
        letters += sum(_tell(session, to, each, entries, told) for each in wanted)
    ahead = any(each.begins_at > at and not each.is_off for each in told.values())
    row.next_look_at = next_look(row.wish, told_ahead=ahead, at=at)
    return letters


def _told(session: Session, row: Reminder, at: datetime) -> dict[str, Told]:
    """Return what was told and is still to come, by visit."""
    rows = select(Told).where(Told.reminder_id == row.id, Told.begins_at > at - _DAY)
    return {each.key: each for each in session.scalars(rows)}


def _entries(session: Session, subject: Subject, by: Actor, at: datetime) -> list[Entry]:
    today = local_day(at)
    asked = Asked(today, today + _LOOK_AHEAD, at)
    if subject.whose is Whose.PERSON:
        return entries_of_people(session, asked, person_ids=[subject.id])
    worker = by.name if subject.whose is Whose.WORKER else ""
    return entries_of_store(session, asked, provider_id=subject.id, worker=worker)


def _tell(
    session: Session, to: _To, wanted: Due, entries: Sequence[Entry], told: dict[str, Told]
) -> int:
    inside = [
        entry
        for entry in entries
        if entry.on is not None and wanted.starts_on <= entry.on < wanted.ends_before
    ]
    if wanted.kind is Kind.WEEK:
        return _tell_week(session, to, wanted, inside)
    new = [entry for entry in inside if _is_news(entry, wanted, told.get(entry.key), to.at)]
    for entry in new:
        _note_told(session, to, entry, wanted, told)
    if not new:
        return 0
    day = day_words(wanted.starts_on)
    when = "Tomorrow" if wanted.kind is Kind.EVENING else "Today"
    said = f"This is planned for {when.lower()}."
    _write(session, to, wanted.kind, f"{when}, {day}", [said], new)
    return 1


def _is_news(entry: Entry, wanted: Due, before: Told | None, at: datetime) -> bool:
    if not entry.is_planned or _begins(entry) <= at:
        return False
    if before is None:
        return True
    written_on = before.evening_on if wanted.kind is Kind.EVENING else before.morning_on
    return written_on != entry.on


def _note_told(session: Session, to: _To, entry: Entry, wanted: Due, told: dict[str, Told]) -> None:
    row = told.get(entry.key)
    if row is None:
        # Something that was told long ago and moved far away is still the same visit.
        known = select(Told).where(Told.reminder_id == to.reminder.id, Told.key == entry.key)
        row = session.scalar(known)
    if row is None:
        row = Told(
            id=uuid4(),
            reminder_id=to.reminder.id,
            key=entry.key,
            evening_on=None,
            morning_on=None,
        )
        session.add(row)
    row.what, row.begins_at, row.is_off, row.told_at = entry.what, _begins(entry), False, to.at
    if wanted.kind is Kind.EVENING:
        row.evening_on = entry.on
    else:
        row.morning_on = entry.on
    told[entry.key] = row


def _tell_week(session: Session, to: _To, wanted: Due, inside: Sequence[Entry]) -> int:
    if to.reminder.week_on == wanted.starts_on:
        return 0
    to.reminder.week_on = wanted.starts_on
    shown = [entry for entry in inside if not entry.is_off and not entry.hidden]
    if not shown:
        return 0
    subject = f"Your week from {day_words(wanted.starts_on)}"
    _write(session, to, Kind.WEEK, subject, ["This is the week to come."], shown)
    return 1


def _tell_changes(
    session: Session, to: _To, entries: Sequence[Entry], told: dict[str, Told]
) -> int:
    """Write what became of visits of which somebody was told, if they are other now."""
    now = {entry.key: entry for entry in entries}
    sentences = []
    for key, row in sorted(told.items()):
        entry = now.get(key)
        same = entry is not None and not entry.is_off and _begins(entry) == row.begins_at
        if row.is_off or row.begins_at <= to.at or same:
            continue
        sentences.append(changed_words(row.what, row.begins_at, entry))
        row.is_off, row.told_at = entry is None or entry.is_off, to.at
        if entry is not None and not entry.is_off:
            row.begins_at = _begins(entry)
    if not sentences:
        return 0
    _write(session, to, Kind.CHANGE, "Something has changed", sentences, ())
    return 1


def _begins(entry: Entry) -> datetime:
    """Return when something begins; what has a day only, at noon of it."""
    assert entry.planned_at is not None, "what one is reminded of has a day"
    return entry.planned_at


def _write(
    session: Session,
    to: _To,
    kind: Kind,
    subject: str,
    sentences: Sequence[str],
    entries: Iterable[Entry],
) -> None:
    whose = to.actor.person_name if to.actor.acts_for_another else ""
    letter = WriteLetter(
        key=f"calendar/{to.reminder.id}/{kind}/{to.at.isoformat()}",
        to=to.email,
        subject=f"{subject}: {whose}" if whose else subject,
        template="calendar_reminder",
        values={
            "name": to.actor.name,
            "whose": whose or to.actor.organisation_name,
            "sentences": list(sentences),
            "days": _days(entries),
            "path": "/work/calendar" if to.reminder.provider_id else "/calendar",
            "stop_path": f"/calendar/stop/{stop_token(to.secret_key, to.reminder.id)}",
        },
    )
    write_letter(session, letter, at=to.at)


def _days(entries: Iterable[Entry]) -> list[dict[str, object]]:
    found: dict[str, list[str]] = {}
    for entry in sorted(entries, key=lambda each: (_begins(each), each.key)):
        assert entry.on is not None, "what is written about has a day"
        found.setdefault(day_words(entry.on), []).append(entry_words(entry))
    return [{"day": day, "lines": lines} for day, lines in found.items()]
