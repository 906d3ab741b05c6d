"""Writing many offers at once, from a table: each line as if it had been typed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.catalogue.commands.keeping import own_store
from marketplace.catalogue.commands.offers import (
    WriteOffer,
    new_offer,
    rewrite_offer,
    set_offer_state,
    wish_of,
)
from marketplace.catalogue.commands.versions import content_of
from marketplace.catalogue.errors import (
    BadOfferError,
    BadSaleDaysError,
    BadWordsError,
    WrongStateError,
)
from marketplace.catalogue.models import Offer
from marketplace.catalogue.queries.offers import categories
from marketplace.catalogue.rules import OfferState, PriceBands, SaleDays, changes
from marketplace.catalogue.rules.offer_tables import (
    ABOUT,
    BANK_HOLIDAY,
    DAYS,
    EVENING,
    FIRST_DAY,
    INCLUDED,
    LAST_DAY,
    LATE,
    MENU,
    NOTICE,
    OLDEST,
    PLACES,
    SUMMARY,
    TERMS,
    TIMES,
    WEEKEND,
    YOUNGEST,
    OfferLine,
)
from marketplace.kernel.ages import BadAgesError, ages
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.tables import BadCellsError, WrongLine, shown


@dataclass(frozen=True, slots=True)
class LineTaken:
    """One line that was taken: which offer, whether it is new, and what is different."""

    number: int
    title: str
    is_new: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManyWritten:
    """What became of the lines of a table."""

    taken: tuple[LineTaken, ...]
    same: tuple[int, ...]
    """Lines that say what the offer says already."""
    wrong: tuple[WrongLine, ...]

    @property
    def added(self) -> int:
        """How many offers are new."""
        return sum(line.is_new for line in self.taken)

    @property
    def changed(self) -> int:
        """How many offers are different."""
        return len(self.taken) - self.added


def write_many(
    session: Session, lines: Sequence[OfferLine], *, by: Actor, at: datetime
) -> ManyWritten:
    """Write what the good lines of a table say; the others are told with their reasons.

    A line without the id of an offer is about the offer of this name, or about a new one. So the
    same table twice is once.

    Raises:
        NotFoundError: the one who asks looks after no store.
    """
    provider = own_store(session, by)
    offers = _Offers(session, provider.id)
    taken: list[LineTaken] = []
    same: list[int] = []
    wrong: list[WrongLine] = []
    for line in lines:
        try:
            with session.begin_nested():
                taken.append(_take(session, line, offers, by=by, at=at))
        except _SameError:
            same.append(line.number)
        except (
            BadAgesError,
            BadCellsError,
            BadOfferError,
            BadSaleDaysError,
            BadWordsError,
            NotFoundError,
            WrongStateError,
        ) as refusal:
            wrong.append(WrongLine(line.number, str(refusal)))
    return ManyWritten(tuple(taken), tuple(same), tuple(wrong))


class _SameError(Exception):
    """Ends a savepoint in which nothing became different. Nothing of it is kept."""


class _Offers:
    """The offers of a store that is locked, by id and by name, and the kinds of support."""

    def __init__(self, session: Session, provider_id: UUID) -> None:
        self.provider_id = provider_id
        rows = select(Offer).where(Offer.provider_id == provider_id).order_by(Offer.id)
        self._rows = list(
            session.scalars(rows.with_for_update().execution_options(populate_existing=True))
        )
        self._written: set[UUID] = set()
        known = categories(session)
        self._kinds = {row.name.casefold(): row.slug for row in known}
        self._kinds |= {row.slug: row.slug for row in known}
        self._names = [row.name for row in known]

    def kind(self, line: OfferLine) -> str:
        """Return the category a line names."""
        found = self._kinds.get(" ".join(line.kind.split()).casefold())
        if found is None:
            raise BadCellsError(
                f"“{shown(line.kind)}” is no kind of support we know: {', '.join(self._names)}."
            )
        return found

    def find(self, line: OfferLine) -> Offer | None:
        """Return the offer a line is about; None for a new one. No two lines are about one."""
        found = self._by_id(line) if line.offer_id else self._by_name(line)
        if found is not None:
            if found.id in self._written:
                raise BadCellsError("Another line is about the same offer.")
            self._written.add(found.id)
        return found

    def _by_id(self, line: OfferLine) -> Offer:
        for offer in self._rows:
            if offer.id == line.offer_id:
                return offer
        raise NotFoundError(
            "We cannot find that offer in your store. Leave the first column empty for a new one."
        )

    def _by_name(self, line: OfferLine) -> Offer | None:
        called = [
            offer
            for offer in self._rows
            if offer.title.casefold() == line.title.casefold()
            and offer.state is not OfferState.ENDED
        ]
        if len(called) > 1:
            raise BadCellsError(
                f"{len(called)} of your offers are called this. Fill in the first column."
            )
        return called[0] if called else None


def _take(
    session: Session, line: OfferLine, offers: _Offers, *, by: Actor, at: datetime
) -> LineTaken:
    found = offers.find(line)
    kind = offers.kind(line)
    if found is None:
        wish = _wish(line, _blank(line, _new_id(session, offers.provider_id, line), kind))
        publish = line.state is OfferState.ON_SALE
        if line.state is OfferState.PAUSED:
            raise BadCellsError("A new offer cannot be paused. Write yes, draft, or nothing.")
        new_offer(session, offers.provider_id, wish, by=by, at=at, publish=publish)
        return LineTaken(line.number, line.title, is_new=True, changes=())
    before = content_of(found)
    base = replace(wish_of(found.id, before), category=kind)
    rewrite_offer(session, found, _wish(line, base), by=by, at=at)
    said = OfferState.ON_SALE if found.ready else found.state
    if line.state is not None and line.state is not said:
        if line.state is OfferState.DRAFT:
            raise BadCellsError("It was published, so it cannot be a draft again. Write no.")
        set_offer_state(session, offer_id=found.id, state=line.state, by=by, at=at)
    different = changes(before, content_of(found))
    if not different:
        raise _SameError
    return LineTaken(line.number, found.title, is_new=False, changes=different)


def _new_id(session: Session, provider_id: UUID, line: OfferLine) -> UUID:
    """Return an id that the same line gets again, unless an ended offer of its name has it."""
    number = 0
    while True:
        offer_id = uuid5(provider_id, f"{line.title.casefold()}/{number}")
        if session.get(Offer, offer_id) is None:
            return offer_id
        number += 1


def _wish(line: OfferLine, base: WriteOffer) -> WriteOffer:
    """Return what an offer is to say: the line, and what it says now where the line is silent."""
    numbers, bands, sale_days = line.numbers, base.bands, base.sale_days
    notice, late = numbers.get(NOTICE), numbers.get(LATE)
    return replace(
        base,
        title=line.title,
        unit=line.unit,
        bands=PriceBands(
            line.price,
            line.prices.get(EVENING, bands.evening),
            line.prices.get(WEEKEND, bands.weekend),
            line.prices.get(BANK_HOLIDAY, bands.bank_holiday),
        ),
        summary=line.texts.get(SUMMARY, base.summary),
        about=line.texts.get(ABOUT, base.about),
        terms=line.texts.get(TERMS, base.terms),
        included=line.lists.get(INCLUDED, base.included),
        menu=line.lists.get(MENU, base.menu),
        must_choose=base.must_choose if line.must_choose is None else line.must_choose,
        days=line.lists.get(DAYS, base.days),
        times=line.lists.get(TIMES, base.times),
        notice_hours=base.notice_hours if notice is None else notice,
        late_cancel_percent=base.late_cancel_percent if late is None else late,
        ages=ages(numbers.get(YOUNGEST, base.ages.youngest), numbers.get(OLDEST, base.ages.oldest)),
        places_free=numbers.get(PLACES, base.places_free),
        sale_days=SaleDays(
            line.sale_days.get(FIRST_DAY, sale_days.first),
            line.sale_days.get(LAST_DAY, sale_days.last),
        ),
    )


def _blank(line: OfferLine, offer_id: UUID, kind: str) -> WriteOffer:
    return WriteOffer(
        offer_id=offer_id,
        title=line.title,
        category=kind,
        unit=line.unit,
        bands=PriceBands(line.price),
    )
