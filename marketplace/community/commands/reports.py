"""Somebody says that an entry is wrong; whoever looks after it answers."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.community.commands.keeping import (
    GroupLetter,
    checked_text,
    locked_listing,
    note_listing,
    tell_keepers,
)
from marketplace.community.errors import WrongStateError
from marketplace.community.models import EntryReport, Group, Listing
from marketplace.community.queries.people import is_keeper, keeper_ids, may_moderate
from marketplace.community.rules import (
    LINE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REPORT_WAITS_DAYS,
    GroupState,
    ListingState,
    ReportAnswer,
)
from marketplace.councils.queries import CouncilCard, council
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter


def report_entry(
    session: Session, *, report_id: UUID, listing_id: UUID, words: str, email: str, at: datetime
) -> None:
    """Note that an entry is wrong and tell who looks after it; sent twice it is one report.

    Raises:
        NotFoundError: there is no such entry that everybody may see.
        BadEntryError: it does not say what is wrong.
    """
    listing, group = locked_listing(session, listing_id=listing_id)
    if listing.state is not ListingState.OPEN or group.state is not GroupState.SHOWN:
        raise NotFoundError
    said = checked_text(words, what="words", longest=REASON_LENGTH_MAX, needed=True)
    kept = bool(keeper_ids(session, group_id=group.id))
    values = {
        "id": report_id,
        "listing_id": listing_id,
        "words": said,
        "email": checked_text(email, what="e-mail address", longest=LINE_LENGTH_MAX).lower(),
        "reported_at": at,
        # Where nobody looks after an entry there is nobody to wait for.
        "due_at": at + timedelta(days=_days_to_answer(session, group) if kept else 0),
        "passed_on_at": None,
        "answer": None,
        "answer_words": "",
        "answered_at": None,
    }
    if not insert_once(session, EntryReport, values):
        return
    record(
        session,
        what="entry-reported",
        chain_id=group.id,
        subject_id=listing.id,
        by_user_id=None,
        at=at,
    )
    letter = GroupLetter(
        key=f"entry-reported/{report_id}",
        subject=f"Somebody says that “{listing.title}” is wrong",
        template="entry_reported",
        values={
            "title": listing.title,
            "words": said,
            "report_id": str(report_id),
            "kept": kept,
        },
    )
    tell_keepers(session, group, letter, at=at)


def answer_report(
    session: Session,
    *,
    report_id: UUID,
    answer: ReportAnswer,
    words: str,
    by: Actor,
    at: datetime,
) -> None:
    """Answer a report as keeper or moderator, tell who reported, and forget who that was.

    Raises:
        NotFoundError: it is not for them to answer.
        WrongStateError: it was answered otherwise already.
        BadEntryError: the words are too long.
    """
    listing_id = session.scalar(select(EntryReport.listing_id).where(EntryReport.id == report_id))
    if listing_id is None:
        raise NotFoundError
    listing, group = locked_listing(session, listing_id=listing_id)
    if not (is_keeper(session, group_id=group.id, user_id=by.user_id) or may_moderate(group, by)):
        raise NotFoundError
    report = session.get_one(EntryReport, report_id, populate_existing=True)
    if report.answer is answer:
        return
    if report.answer is not None:
        raise WrongStateError("This was answered already.")
    report.answer, report.answered_at = answer, at
    report.answer_words = checked_text(words, what="words", longest=REASON_LENGTH_MAX)
    if answer is ReportAnswer.ENDED:
        listing.state, listing.changed_at = ListingState.ENDED, at
    else:
        # Whoever answers has looked at it.
        listing.confirmed_at = at
    _tell_reporter(session, report, listing, at)
    report.email = ""
    note_listing(session, f"report-{answer}", listing, by.user_id, at)


def pass_on_reports(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Tell councils of reports that nobody answered in their days, once each; return how many."""
    due = (
        select(EntryReport, Listing, Group)
        .join(Listing, Listing.id == EntryReport.listing_id)
        .join(Group, Group.id == Listing.group_id)
        .where(
            EntryReport.answered_at.is_(None),
            EntryReport.passed_on_at.is_(None),
            EntryReport.due_at <= at,
        )
        .order_by(EntryReport.due_at, EntryReport.id)
        .limit(limit)
        .with_for_update(of=EntryReport, skip_locked=True)
    )
    found = session.execute(due).all()
    for report, listing, group in found:
        report.passed_on_at = at
        said = _council(session, group)
        if said is not None:
            _tell_council(session, said, report, listing, group, at)
    return len(found)


def forget_reporters(session: Session, *, before: datetime, at: datetime) -> int:
    """Take away the addresses of who reported something long ago; return how many."""
    del at  # every rule is called alike
    rows = session.execute(
        update(EntryReport)
        .where(EntryReport.reported_at < before, EntryReport.email != "")
        .values(email="")
        .returning(EntryReport.id)
    )
    return len(rows.all())


def _tell_council(
    session: Session,
    said: CouncilCard,
    report: EntryReport,
    listing: Listing,
    group: Group,
    at: datetime,
) -> None:
    letter = WriteLetter(
        key=f"report-overdue/{report.id}",
        to=said.email,
        subject=f"Nobody has answered: “{listing.title}” may be wrong",
        template="report_overdue",
        values={
            "title": listing.title,
            "group": group.name,
            "words": report.words,
            "report_id": str(report.id),
        },
    )
    write_letter(session, letter, at=at)


def _tell_reporter(session: Session, report: EntryReport, listing: Listing, at: datetime) -> None:
    assert report.answer is not None, "only what was answered is told"
    if not report.email:
        return
    letter = WriteLetter(
        key=f"report-answered/{report.id}",
        to=report.email,
        subject=f"You told us that “{listing.title}” is wrong",
        template="report_answered",
        values={
            "title": listing.title,
            "answer": report.answer.told,
            "words": report.answer_words,
            "listing_id": str(listing.id),
            "ended": report.answer is ReportAnswer.ENDED,
        },
    )
    write_letter(session, letter, at=at)


def _days_to_answer(session: Session, group: Group) -> int:
    said = _council(session, group)
    return REPORT_WAITS_DAYS if said is None else said.auto_confirm_days


def _council(session: Session, group: Group) -> CouncilCard | None:
    return None if group.council_id is None else council(session, council_id=group.council_id)
