"""Rating, replying, reporting, hiding and showing again."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.audit.commands import record
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, ask_to_index, write_letter
from marketplace.ratings import queries
from marketplace.ratings.errors import (
    AlreadyRepliedError,
    OwnStoreRatingError,
    PersonsOwnRatingError,
)
from marketplace.ratings.models import Rating, RatingReport
from marketplace.ratings.queries import Rated
from marketplace.ratings.rules import (
    REASON_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answers,
    HidingRule,
    checked_answers,
    checked_words,
)


def rate_order(
    session: Session, order_id: UUID, answers: Answers, *, by: Actor, at: datetime
) -> UUID:
    """Rate a delivered order, or change what was said of it; return the rating's id.

    Raises:
        NotFoundError: it is not an order of theirs.
        NotDeliveredError: nothing of it was delivered and confirmed yet.
        OwnStoreRatingError: they or the person work for the provider.
        PersonsOwnRatingError: the person has written it, and a supporter may not change that.
        BadRatingError: the score is not 1 to 5, or there are too many words.
    """
    checked_answers(answers)
    order = queries.ratable(session, order_id=order_id, seen_by=by, at=at)
    _refuse_staff(session, order, by)
    new = {
        "id": uuid4(),
        "order_id": order_id,
        "provider_id": order.provider_id,
        "provider_name": order.provider_name,
        "person_id": order.person_id,
        "council_id": order.council_id,
        "author_id": by.user_id,
        "by_supporter": by.acts_for_another,
        "on_time": answers.on_time,
        "to_standard": answers.to_standard,
        "again": answers.again,
        "score": answers.score,
        "words": answers.words.strip(),
        "written_at": at,
        "hidden_reason": "",
        "reply": "",
    }
    made = insert_once(session, Rating, new)
    rating = _locked(session, Rating.order_id == order_id)
    if not made:
        _change(rating, answers, by, at)
    _record(session, "order-rated" if made else "rating-changed", rating, by, at)
    return rating.id


def reply(session: Session, rating_id: UUID, words: str, *, by: Actor, at: datetime) -> None:
    """Reply to a rating of one's own store, once.

    Raises:
        NotFoundError: it is not a rating of their store, or it is hidden.
        AlreadyRepliedError: there is a reply already, and it says something else.
        BadRatingError: there are no words, or too many.
    """
    checked = checked_words(words, most=WORDS_LENGTH_MAX, needed="Write your reply.")
    rating = _locked(session, Rating.id == rating_id)
    if rating.provider_id != by.works_for or rating.hidden_at is not None:
        raise NotFoundError
    if rating.reply == checked:
        return
    if rating.replied_at is not None:
        raise AlreadyRepliedError
    rating.reply, rating.replied_at = checked, at
    _record(session, "rating-replied", rating, by, at, chain_id=rating.provider_id)


def report_rating(
    session: Session, rating_id: UUID, rule: HidingRule, words: str, *, by: Actor, at: datetime
) -> None:
    """Say that a rating breaks a rule; saying so twice is once.

    Raises:
        NotFoundError: there is no such rating, or it is hidden.
        BadRatingError: there are too many words.
    """
    rating = session.get(Rating, rating_id)
    if rating is None or rating.hidden_at is not None:
        raise NotFoundError
    said = checked_words(words, most=REASON_LENGTH_MAX, needed="") if words.strip() else ""
    values = {"rating_id": rating_id, "by_user_id": by.user_id, "rule": rule, "words": said}
    if insert_once(session, RatingReport, {"id": uuid4(), "at": at, **values}):
        _record(session, "rating-reported", rating, by, at, chain_id=rating.council_id)


def hide_rating(
    session: Session, rating_id: UUID, rule: HidingRule, reason: str, *, by: Actor, at: datetime
) -> None:
    """Hide a rating by a rule, with a reason that its author reads. A low score is no rule.

    Raises:
        NotFoundError: it is not a rating that their council looks after.
        BadRatingError: there is no reason, or it is too long.
    """
    checked = checked_words(
        reason, most=REASON_LENGTH_MAX, needed="Write the reason. The author will read it."
    )
    rating = _of_council(session, rating_id, by)
    rating.hide(rule, checked, by_user_id=by.user_id, at=at)
    _settle_reports(session, rating, at)
    _write_to_author(session, rating, rule, checked, at)
    _record(session, "rating-hidden", rating, by, at, chain_id=rating.council_id)


def show_again(session: Session, rating_id: UUID, *, by: Actor, at: datetime) -> None:
    """Show a hidden rating again.

    Raises:
        NotFoundError: it is not a rating that their council looks after.
    """
    rating = _of_council(session, rating_id, by)
    if rating.hidden_at is None:
        return
    rating.show()
    _record(session, "rating-shown", rating, by, at, chain_id=rating.council_id)


def keep_rating(session: Session, rating_id: UUID, *, by: Actor, at: datetime) -> None:
    """Leave a reported rating as it is.

    Raises:
        NotFoundError: it is not a rating that their council looks after.
    """
    rating = _of_council(session, rating_id, by)
    _settle_reports(session, rating, at)
    _record(session, "rating-kept", rating, by, at, chain_id=rating.council_id)


def _refuse_staff(session: Session, order: Rated, by: Actor) -> None:
    staff = access.staff_of(session, organisation_id=order.provider_id)
    if {by.user_id, order.person_id} & {person.id for person, _ in staff}:
        raise OwnStoreRatingError


def _change(rating: Rating, answers: Answers, by: Actor, at: datetime) -> None:
    if by.acts_for_another and not rating.by_supporter:
        raise PersonsOwnRatingError(by.person_name)
    rating.set_answers(answers)
    rating.words = answers.words.strip()
    rating.author_id, rating.by_supporter, rating.changed_at = by.user_id, by.acts_for_another, at


def _locked(session: Session, condition: ColumnElement[bool]) -> Rating:
    found = session.scalar(
        select(Rating).where(condition).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError
    return found


def _of_council(session: Session, rating_id: UUID, by: Actor) -> Rating:
    rating = _locked(session, Rating.id == rating_id)
    if rating.council_id != by.works_for:
        raise NotFoundError
    return rating


def _settle_reports(session: Session, rating: Rating, at: datetime) -> None:
    session.execute(
        update(RatingReport)
        .where(RatingReport.rating_id == rating.id, RatingReport.settled_at.is_(None))
        .values(settled_at=at)
    )


def _write_to_author(
    session: Session, rating: Rating, rule: HidingRule, reason: str, at: datetime
) -> None:
    try:
        author = access.person(session, user_id=rating.author_id)
    except NotFoundError:
        return  # They have closed their account: there is nobody to write to.
    write_letter(
        session,
        WriteLetter(
            key=f"rating-hidden/{rating.id}/{at.isoformat()}",
            to=author.email,
            subject=f"Your rating of {rating.provider_name} has been hidden",
            template="rating_hidden",
            values={
                "name": author.name,
                "provider": rating.provider_name,
                "rule": rule.label,
                "reason": reason,
                "path": f"/orders/{rating.order_id}/rate",
            },
        ),
        at=at,
    )


def _record(
    session: Session,
    what: str,
    rating: Rating,
    by: Actor,
    at: datetime,
    *,
    chain_id: UUID | None = None,
) -> None:
    # Ratings are in what is found: the provider and its offers are to be indexed again.
    ask_to_index(session, kind="provider", subject_id=rating.provider_id, at=at)
    record(
        session,
        what=what,
        chain_id=chain_id or rating.person_id,
        subject_id=rating.id,
        by_user_id=by.user_id,
        for_person_id=None if chain_id else rating.person_id,
        at=at,
        details={"score": rating.score},
    )


def forget_person(session: Session, *, user_id: UUID) -> None:
    """Take away the words of somebody who has left; their answers and the score stay."""
    session.execute(update(Rating).where(Rating.author_id == user_id).values(words=""))
    session.execute(update(RatingReport).where(RatingReport.by_user_id == user_id).values(words=""))
