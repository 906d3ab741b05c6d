"""Offers: written, published, paused, ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands.keeping import has_category, note, own_offer, own_store
from marketplace.catalogue.commands.sale_days import settle_state
from marketplace.catalogue.commands.versions import (
    content_of,
    keep_first_version,
    keep_version,
)
from marketplace.catalogue.errors import BadOfferError, BadSaleDaysError
from marketplace.catalogue.models import Offer, OfferVersion
from marketplace.catalogue.rules import (
    ANY_DAY,
    NAME_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    OfferState,
    PriceBands,
    SaleDays,
    Unit,
    bands_of,
    check_sale_days,
    checked_menu,
    checked_text,
    next_offer_state,
    sale_day,
)
from marketplace.kernel.ages import ANY_AGE, Ages, ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO
from marketplace.outbox.commands import ask_to_index

NOTICE_HOURS_MAX = 8760
INCLUDED_MAX = 20
PLACES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffer:
    """What an offer is to say and cost."""

    offer_id: UUID
    title: str
    category: str
    unit: Unit
    bands: PriceBands
    summary: str = ""
    about: str = ""
    included: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    must_choose: bool = False
    notice_hours: int = 24
    late_cancel_percent: int = 0
    terms: str = ""
    days: tuple[str, ...] = field(default=())
    times: tuple[str, ...] = field(default=())
    ages: Ages = ANY_AGE
    places_free: int | None = None
    sale_days: SaleDays = ANY_DAY


def add_offer(
    session: Session, wish: WriteOffer, *, by: Actor, at: datetime, publish: bool = False
) -> UUID:
    """Write a new offer, as a draft unless it is published at once; sent twice it is one offer.

    Raises:
        NotFoundError: the one who asks looks after no store.
        BadOfferError: the price, category, notice or share cannot be.
        BadSaleDaysError: it cannot be on sale on such days.
        BadWordsError: a text is missing or too long.
    """
    provider = own_store(session, by)
    earlier = session.get(Offer, wish.offer_id)
    if earlier is not None:
        if earlier.provider_id != provider.id:
            raise NotFoundError
        return earlier.id
    return new_offer(session, provider.id, wish, by=by, at=at, publish=publish)


def new_offer(
    session: Session,
    provider_id: UUID,
    wish: WriteOffer,
    *,
    by: Actor,
    at: datetime,
    publish: bool,
) -> UUID:
    """Write the first or a further offer of a store that is locked already.

    Raises:
        BadOfferError: the price, category, notice or share cannot be.
        BadSaleDaysError: it cannot be on sale on such days.
        BadWordsError: a text is missing or too long.
    """
    offer = Offer(
        id=wish.offer_id,
        provider_id=provider_id,
        state=OfferState.DRAFT,
        ready=publish,
        made_at=at,
        confirmed_at=at,
    )
    _write(session, offer, wish, today=local_day(at))
    session.add(offer)
    keep_first_version(session, offer, by=by, at=at)
    note(session, "offer-made", provider_id=provider_id, subject_id=offer.id, by=by, at=at)
    ask_to_index(session, kind="offer", subject_id=offer.id, at=at)
    ask_to_index(session, kind="provider", subject_id=provider_id, at=at)
    return offer.id


def change_offer(session: Session, wish: WriteOffer, *, by: Actor, at: datetime) -> None:
    """Change what an offer says and costs; orders already placed keep what they copied.

    Raises:
        NotFoundError: it is not one of their offers.
        WrongStateError: it has ended.
        BadOfferError: the price, category, notice or share cannot be.
        BadSaleDaysError: it cannot be on sale on such days.
        BadWordsError: a text is missing or too long.
    """
    rewrite_offer(session, own_offer(session, wish.offer_id, by), wish, by=by, at=at)


def rewrite_offer(
    session: Session, offer: Offer, wish: WriteOffer, *, by: Actor, at: datetime, words: str = ""
) -> bool:
    """Change one's own offer that is locked, and keep the version; tell whether it is different.

    Raises:
        WrongStateError: it has ended.
        BadOfferError: the price, category, notice or share cannot be.
        BadSaleDaysError: it cannot be on sale on such days.
        BadWordsError: a text is missing or too long.
    """
    if offer.state is OfferState.ENDED:
        next_offer_state(offer.state, OfferState.ON_SALE)
    before, price = content_of(offer), offer.price
    _write(session, offer, wish, today=local_day(at))
    offer.confirmed_at = at
    is_new = keep_version(session, offer, before, by=by, at=at, words=words)
    details = {"price_pence": offer.price.pence, "was_pence": price.pence}
    _changed(session, "offer-changed", offer, by, at, details)
    return is_new


def put_back(session: Session, *, offer_id: UUID, number: int, by: Actor, at: datetime) -> bool:
    """Let an offer say and cost again what it did in a version; whether it is on sale stays.

    That is a new version. Orders, and prices agreed with councils, keep what was agreed.

    Raises:
        NotFoundError: it is not one of their offers, or there is no such version.
        WrongStateError: it has ended.
        BadOfferError: what it said then cannot be any more.
    """
    offer = own_offer(session, offer_id, by)
    version = session.scalar(
        select(OfferVersion).where(OfferVersion.offer_id == offer_id, OfferVersion.number == number)
    )
    if version is None:
        raise NotFoundError
    wish = replace(wish_of(offer_id, version.content), sale_days=offer.sale_days)
    words = f"Put back as it was in version {number}."
    return rewrite_offer(session, offer, wish, by=by, at=at, words=words)


def set_offer_state(
    session: Session, *, offer_id: UUID, state: OfferState, by: Actor, at: datetime
) -> None:
    """Publish, pause or end an offer.

    Raises:
        NotFoundError: it is not one of their offers.
        WrongStateError: it has ended, or was never published.
        BadSaleDaysError: its last day on sale has passed.
    """
    offer = own_offer(session, offer_id, by)
    before, was = content_of(offer), (offer.state, offer.ready)
    if state is OfferState.ON_SALE:
        _publish(offer, today=local_day(at))
    elif state is OfferState.PAUSED and offer.ready:
        offer.ready = False
    else:
        offer.state, offer.ready = next_offer_state(offer.state, state), False
    if (offer.state, offer.ready) == was:
        return
    offer.confirmed_at = at
    keep_version(session, offer, before, by=by, at=at)
    what = "ready" if offer.ready else state.value.replace("_", "-")
    _changed(session, f"offer-{what}", offer, by, at, {})


def _publish(offer: Offer, *, today: date) -> None:
    """Put an offer on sale, or let it wait for its first day."""
    next_offer_state(offer.state, OfferState.ON_SALE)
    if offer.sale_days.over_on(today):
        assert offer.sale_days.last is not None, "only a last day can have passed"
        raise BadSaleDaysError(
            f"The last day on sale was {sale_day(offer.sale_days.last)}. Change it first."
        )
    offer.ready = True
    settle_state(offer, today=today)


def _changed(
    session: Session, what: str, offer: Offer, by: Actor, at: datetime, details: dict[str, int]
) -> None:
    note(
        session,
        what,
        provider_id=offer.provider_id,
        subject_id=offer.id,
        by=by,
        at=at,
        details={**details},
    )
    ask_to_index(session, kind="offer", subject_id=offer.id, at=at)
    ask_to_index(session, kind="provider", subject_id=offer.provider_id, at=at)


def check_bands(bands: PriceBands) -> None:
    """Refuse a price of nothing.

    Raises:
        BadOfferError: one of the prices is not above nothing.
    """
    if any(each is not None and each <= ZERO for each in bands.prices):
        raise BadOfferError("Enter a price of more than nothing, like 12.50.")


def _write(session: Session, offer: Offer, wish: WriteOffer, *, today: date) -> None:
    check_sale_days(wish.sale_days, kept=offer.sale_days, today=today)
    check_bands(wish.bands)
    if not has_category(session, wish.category):
        raise BadOfferError("Choose what kind of support this is.")
    if not 0 <= wish.notice_hours <= NOTICE_HOURS_MAX:
        raise BadOfferError(f"Notice is between 0 and {NOTICE_HOURS_MAX:,} hours.")
    if not 0 <= wish.late_cancel_percent <= 100:  # noqa: PLR2004 - a hundred per cent
        raise BadOfferError("What is paid for a late cancellation is between 0 and 100 per cent.")
    if wish.places_free is not None and not 0 <= wish.places_free <= PLACES_MAX:
        raise BadOfferError(f"Places are between 0 and {PLACES_MAX:,}, or left empty.")
    if len(wish.included) > INCLUDED_MAX:
        raise BadOfferError(f"List no more than {INCLUDED_MAX} things that are included.")
    offer.title = checked_text(
        wish.title, what="title", longest=NAME_LENGTH_MAX, needed=True, one_line=True
    )
    offer.summary = checked_text(
        wish.summary, what="summary", longest=SUMMARY_LENGTH_MAX, one_line=True
    )
    offer.about = checked_text(wish.about, what="description")
    offer.terms = checked_text(wish.terms, what="terms")
    lines = (
        checked_text(line, what="line", longest=NAME_LENGTH_MAX, one_line=True)
        for line in wish.included
    )
    offer.included = [line for line in lines if line]
    offer.menu = list(checked_menu(wish.menu, must_choose=wish.must_choose))
    offer.must_choose = wish.must_choose
    offer.category, offer.unit = wish.category, wish.unit
    offer.set_bands(wish.bands)
    offer.notice_hours, offer.late_cancel_percent = wish.notice_hours, wish.late_cancel_percent
    offer.days, offer.times = list(wish.days), list(wish.times)
    allowed = ages(wish.ages.youngest, wish.ages.oldest)
    offer.youngest, offer.oldest = allowed.youngest, allowed.oldest
    offer.places_free = wish.places_free
    offer.on_sale_from, offer.on_sale_until = wish.sale_days.first, wish.sale_days.last
    settle_state(offer, today=today)


def wish_of(offer_id: UUID, content: Mapping[str, Any]) -> WriteOffer:
    """Return what an offer said in a version as something to write."""
    return WriteOffer(
        offer_id=offer_id,
        title=content["title"],
        category=content["category"],
        unit=Unit(content["unit"]),
        bands=bands_of(content),
        summary=content["summary"],
        about=content["about"],
        included=tuple(content["included"]),
        menu=tuple(content.get("menu", ())),
        must_choose=content.get("must_choose", False),
        notice_hours=content["notice_hours"],
        late_cancel_percent=content["late_cancel_percent"],
        terms=content["terms"],
        days=tuple(content["days"]),
        times=tuple(content["times"]),
        ages=Ages(content["youngest"], content["oldest"]),
        places_free=content["places_free"],
        sale_days=SaleDays(
            *(_day(content.get(name)) for name in ("on_sale_from", "on_sale_until"))
        ),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
