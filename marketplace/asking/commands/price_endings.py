"""A price that was agreed with one person, ended before its day: by the store, or given up."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.asking.commands.letters import News, tell_asker, tell_store
from marketplace.asking.commands.recording import note
from marketplace.asking.errors import AskOverError, BadAskError
from marketplace.asking.models import Answer, Ask
from marketplace.asking.queries.person import own_ask
from marketplace.asking.queries.prices import price_ends_on
from marketplace.asking.rules import REASON_LENGTH_MAX
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.errors import BadOfferError
from marketplace.catalogue.rules import per_unit
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPrice:
    """The last day on which a price counts, and what is said about it."""

    last_on: date
    words: str = ""


def end_price(session: Session, ask_id: UUID, wish: EndPrice, *, by: Actor, at: datetime) -> None:
    """End, for a store, the price it said to the one who chose it. The same day twice is once.

    What is ordered already keeps its price. A standing order asks before its later weeks cost more.

    Raises:
        NotFoundError: it is not their answer, or they do not look after the store.
        AskOverError: no price of this answer counts any more.
        BadAskError: the day has gone, or is later than the price counts.
    """
    if not by.may(Permission.KEEP_STORE):
        raise NotFoundError
    ask = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    answer = session.scalar(
        select(Answer).where(Answer.ask_id == ask_id, Answer.provider_id == by.works_for)
    )
    if ask is None or answer is None:
        raise NotFoundError
    if not _ended(session, ask, answer, wish, by=by, at=at):
        return
    news = News(
        key=f"price-ended/{answer.id}/{wish.last_on}",
        subject=f"{answer.provider_name} ends a price early",
        template="ask_price_ended",
        values={"provider": answer.provider_name, **_values(answer, wish)},
    )
    tell_asker(session, ask, news, at=at)


def give_up_price(
    session: Session, ask_id: UUID, wish: EndPrice, *, by: Actor, at: datetime
) -> None:
    """End, for the person who chose it, a price that a store has said. The same day twice is once.

    Raises:
        NotFoundError: it is not theirs, nor of the person they ask for.
        AskOverError: no price of a chosen answer counts any more.
        BadAskError: the day has gone, or is later than the price counts.
    """
    ask = own_ask(session, ask_id, by=by, lock=True)
    answer = session.get(Answer, ask.chosen_answer_id) if ask.chosen_answer_id else None
    if answer is None:
        raise AskOverError("Nothing is chosen here, so no price counts.")
    if not _ended(session, ask, answer, wish, by=by, at=at):
        return
    news = News(
        key=f"price-given-up/{answer.id}/{wish.last_on}",
        subject="A price that you said ends early",
        template="ask_price_given_up",
        values={
            "title": ask.seen_title,
            "path": f"/people-asking/{ask.id}",
            **_values(answer, wish),
        },
    )
    tell_store(session, answer.provider_id, news, at=at)


def _ended(
    session: Session, ask: Ask, answer: Answer, wish: EndPrice, *, by: Actor, at: datetime
) -> bool:
    ends_on = price_ends_on(session, ask, answer, on=local_day(at))
    if ends_on is None or answer.offer_id is None:
        raise AskOverError("This price does not count any more.")
    try:
        news = catalogue.end_personal_price(
            session,
            offer_id=answer.offer_id,
            person_id=ask.person_id,
            last_on=wish.last_on,
            at=at,
        )
    except BadOfferError as refusal:
        raise BadAskError(str(refusal), field="last_on") from refusal
    if news:
        answer.price_until = wish.last_on
        last_on = wish.last_on.isoformat()
        note(session, "price-ended-for-one", ask, by, at=at, last_on=last_on)
    return news


def _values(answer: Answer, wish: EndPrice) -> dict[str, str]:
    assert answer.price is not None, "a price counts"
    assert answer.unit is not None, "a price is for something"
    return {
        "price": f"{answer.price} {per_unit(answer.unit)}",
        "last_on": f"{wish.last_on:%A} {wish.last_on.day} {wish.last_on:%B %Y}",
        "words": wish.words.strip()[:REASON_LENGTH_MAX],
    }
