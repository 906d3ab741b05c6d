"""A limit that somebody wishes to set: checked, and put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.budgets import queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.models import FundingLine, Hold, HoldShare
from marketplace.budgets.rules import (
    Limit,
    LimitKind,
    LimitWindow,
    Measure,
    Narrowing,
    check_amount,
    check_words,
    window_of,
)
from marketplace.budgets.rules.lines import check_not_own
from marketplace.catalogue import queries as catalogue
from marketplace.councils import queries as councils
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import PENCE_MAX, ZERO, Money

COUNT_MOST = 1000
NARROWED_TO_MOST = 50
ABOUT_LENGTH_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """The most that may be spent in a window, and why. The id comes from the form."""

    window: LimitWindow
    reason: str
    amount: Money = ZERO
    kind: LimitKind = LimitKind.REFUSE
    measure: Measure = Measure.AMOUNT
    count_max: int = 0
    narrowed: Narrowing = Narrowing.NOTHING
    narrowed_to: tuple[str, ...] = ()
    others: bool = False
    about: str = ""
    """What it is narrowed to, in words; set by :func:`spell_out` from what it names."""
    asks_id: UUID | None = None
    asks_name: str = ""
    second_look: str = ""
    """Why it is right although it may come between the person and food or safety."""
    limit_id: UUID = field(default_factory=uuid4)


def author_name(by: Actor) -> str:
    """Return who set a limit, as the person reads it."""
    return f"{by.name} ({by.organisation_name})" if by.organisation_name else by.name


def line_to_limit(session: Session, line_id: UUID, by: Actor) -> FundingLine:
    """Return a line on which somebody may set limits.

    Raises:
        NotFoundError: it is not of their council, or not of the person whose hat they wear.
        NotAllowedError: they see it, but may set no limit on it.
    """
    line = session.get(FundingLine, line_id)
    if line is not None and line.pool_id is not None:
        raise NotFoundError  # a share in a pool has the limits of the line it came from
    if by.person_id is not None:
        if line is None or line.person_id != by.person_id or line.closed_at is not None:
            raise NotFoundError
        if not by.may(Permission.MANAGE_CIRCLE):
            raise NotAllowedError(f"{by.person_name} has not asked you to look after limits.")
        return line
    if not by.may(Permission.OPEN_FUNDING_LINES):
        raise NotAllowedError("Only a practitioner of a council can change a limit.")
    if line is None or line.council_id != by.works_for or line.closed_at is not None:
        raise NotFoundError
    check_not_own(line.person_id, by_user_id=by.user_id)
    if line.funder.is_private:
        raise NotAllowedError("This is their own money. Only they can set a limit on it.")
    return line


def spell_out(
    session: Session, line: FundingLine, wish: NewLimit, *, by: Actor, at: datetime
) -> NewLimit:
    """Check a limit, and return it with what it is about and who is asked in words.

    Raises:
        BadLineError: an amount, a name or a reason cannot be like this.
    """
    check_wish(wish)
    wish = replace(wish, about=_about(session, line, wish))
    if wish.asks_id is None:
        return replace(wish, asks_name="")
    may = {one.id: one for one in queries.who_may_be_asked(session, line_id=line.id, by=by, at=at)}
    if wish.asks_id not in may:
        raise BadLineError("asks", "Choose who is asked from the list.")
    return replace(wish, asks_name=may[wish.asks_id].name)


def as_it_would_be(
    session: Session, *, line_id: UUID, wish: NewLimit, by: Actor, at: datetime
) -> Limit:
    """Return a limit as a spend would see it, before it is set.

    Raises:
        NotFoundError: they have no such line.
        NotAllowedError: they may set no limit on it.
        BadLineError: an amount, a name or a reason cannot be like this.
    """
    line = line_to_limit(session, line_id, by)
    return limit_of(line, spell_out(session, line, wish, by=by, at=at), by=by, at=at)


def limit_of(line: FundingLine, wish: NewLimit, *, by: Actor, at: datetime) -> Limit:
    """Return a limit that is spelled out as a spend would see it today."""
    return Limit(
        id=wish.limit_id,
        window=wish.window,
        span=window_of(wish.window, local_day(at), line_starts_on=line.starts_on),
        kind=wish.kind,
        reason=wish.reason,
        set_by_name=author_name(by),
        amount=wish.amount,
        measure=wish.measure,
        count_max=wish.count_max,
        narrowed=wish.narrowed,
        narrowed_to=frozenset(wish.narrowed_to),
        others=wish.others,
        about=wish.about,
        asks_name=wish.asks_name,
    )


def check_wish(wish: NewLimit) -> None:
    """Refuse a limit that cannot be.

    Raises:
        BadLineError: names the field, and what to do about it.
    """
    if wish.measure is Measure.COUNT:
        _check_count(wish)
    elif wish.narrowed is Narrowing.NOTHING:
        check_amount("amount", wish.amount)
    elif wish.amount < ZERO:
        raise BadLineError("amount", "Enter an amount of nothing or more, like 12.50.")
    if wish.amount.pence > PENCE_MAX:
        raise BadLineError("amount", f"Enter an amount of no more than {Money(PENCE_MAX)}.")
    if (wish.narrowed is Narrowing.NOTHING) != (not wish.narrowed_to):
        raise BadLineError("narrowed_to", "Choose what the limit is for.")
    if len(set(wish.narrowed_to)) > NARROWED_TO_MOST:
        raise BadLineError("narrowed_to", f"Choose at most {NARROWED_TO_MOST}.")
    check_words("reason", wish.reason, sentence="Say why there is this limit.")


def _check_count(wish: NewLimit) -> None:
    if not 0 <= wish.count_max <= COUNT_MOST or wish.amount:
        raise BadLineError(
            "count_max", f"Enter how many orders, as a whole number of at most {COUNT_MOST:,}."
        )
    if wish.window is LimitWindow.ORDER and wish.count_max:
        raise BadLineError("window", "Choose over what time the orders are counted.")


def _about(session: Session, line: FundingLine, wish: NewLimit) -> str:
    match wish.narrowed:
        case Narrowing.CATEGORY:
            names = {row.slug: _small(row.name) for row in catalogue.categories(session)}
            return _words([_known(names, slug) for slug in wish.narrowed_to])
        case Narrowing.OUTCOME:
            outcomes = queries.outcomes_of(session, person_id=line.person_id)
            sentences = {str(row.id): row.sentence.rstrip(".") for row in outcomes}
            return _words([_known(sentences, chosen) for chosen in wish.narrowed_to])
        case Narrowing.PROVIDER:
            return _words(_providers(session, line, wish.narrowed_to))
        case _:
            return ""


def _known(names: dict[str, str], chosen: str) -> str:
    if chosen not in names:
        raise BadLineError("narrowed_to", "Choose what the limit is for from the list.")
    return names[chosen]


def _providers(session: Session, line: FundingLine, chosen: Sequence[str]) -> list[str]:
    """Return the names of providers who sell where the line's council pays, or have sold to it."""
    try:
        wanted = [UUID(one) for one in chosen]
    except ValueError:
        raise BadLineError("narrowed_to", "Choose the providers from the list.") from None
    names = catalogue.provider_names(session, provider_ids=wanted)
    if len(names) < len(set(wanted)):
        raise BadLineError("narrowed_to", "One of these providers is not in this market.")
    stores = catalogue.stores(session, provider_ids=wanted)
    sold = set(
        session.scalars(
            select(Hold.provider_id)
            .join(HoldShare, HoldShare.hold_id == Hold.id)
            .where(HoldShare.line_id == line.id, Hold.provider_id.in_(wanted))
        )
    )
    for provider_id, name in names.items():
        at = stores[provider_id].councils if provider_id in stores else None
        here = at is not None and (not at or line.council_id in {row.council_id for row in at})
        if not here and provider_id not in sold:
            council = councils.council(session, council_id=line.council_id)
            raise BadLineError("narrowed_to", f"{name} does not sell to people of {council.name}.")
    return [names[provider_id] for provider_id in wanted]


def _words(names: Sequence[str]) -> str:
    """Write a list as people do, as far as there is room: "meals, company and 3 more"."""
    kept = list(dict.fromkeys(names))
    shown = kept
    while len(shown) > 1 and len(", ".join(shown)) > ABOUT_LENGTH_MAX:
        shown = shown[:-1]
    if len(shown) < len(kept):
        return f"{', '.join(shown)} and {len(kept) - len(shown)} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else ""


def _small(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
