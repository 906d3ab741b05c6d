"""Who sells here, what nobody found, and what was refused."""

from uuid import UUID

from sqlalchemy import BigInteger, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from marketplace.budgets.models import Refusal
from marketplace.budgets.rules import RefusalReason
from marketplace.catalogue.models import Category, Provider, ProviderCouncil
from marketplace.catalogue.rules import CheckState, ProviderKind, ProviderState
from marketplace.councils.models import Council
from marketplace.kernel.clock import local_instant
from marketplace.kernel.money import Money
from marketplace.reports.rules import Row, Scope, quarter_start, share
from marketplace.search.models import SearchCount

UNMET_SHOWN = 20


def threshold_of(session: Session, council_id: UUID) -> int:
    """Return below how many people a council shows nothing."""
    return session.get_one(Council, council_id).small_number_threshold


def category_names(session: Session) -> dict[str, str]:
    """Return what the categories are called, by their slugs."""
    rows = select(Category.slug, Category.name).order_by(Category.sort, Category.slug)
    return dict(session.execute(rows).all())


def providers(session: Session, scope: Scope) -> list[Row]:
    """Return how many providers a council's portal has, and of which kind. Not about people."""
    new = ProviderCouncil.since_at >= local_instant(quarter_start(scope.period.last_on), 0, 0)
    checked = ProviderCouncil.state == CheckState.CHECKED
    rows = session.execute(
        select(
            Provider.kind,
            func.count(),
            func.sum(case((checked, 1), else_=0)),
            func.sum(case((new, 1), else_=0)),
        )
        .join(ProviderCouncil, ProviderCouncil.provider_id == Provider.id)
        .where(
            ProviderCouncil.council_id == scope.council_id,
            ProviderCouncil.state.in_([CheckState.APPLIED, CheckState.CHECKED]),
            Provider.state.in_([ProviderState.OPEN, ProviderState.PAUSED]),
        )
        .group_by(Provider.kind)
    )
    found = {kind: numbers for kind, *numbers in rows}
    whole = sum(numbers[0] for numbers in found.values())
    kinds = [
        Row(kind.label, None, (numbers[0], share(numbers[0], whole), *numbers[1:]))
        for kind in ProviderKind
        for numbers in [found.get(kind, [0, 0, 0])]
    ]
    totals = (sum(numbers[place] for numbers in found.values()) for place in (1, 2))
    return [*kinds, Row("All", None, (whole, share(whole, whole), *totals))]


def unmet(session: Session, scope: Scope) -> tuple[list[Row], int]:
    """Return the words most often searched for in vain, and how many searches were in vain.

    The words were kept only because enough people had searched for them.
    """
    in_vain = [
        SearchCount.council_id == scope.council_id,
        SearchCount.day >= scope.period.starts_on,
        SearchCount.day < scope.period.ends_before,
        SearchCount.results == 0,
    ]
    times = func.sum(SearchCount.times)
    words = func.max(SearchCount.words)
    rows = session.execute(
        select(words, times)
        .where(*in_vain)
        .group_by(SearchCount.fingerprint)
        .having(words.is_not(None))
        .order_by(times.desc(), words)
        .limit(UNMET_SHOWN)
    )
    whole = session.scalar(select(cast(func.coalesce(times, 0), BigInteger)).where(*in_vain)) or 0
    return [Row(str(said), None, (int(count),)) for said, count in rows], whole


def refusals(session: Session, scope: Scope) -> list[Row]:
    """Return why spends were refused: how often, and how much was wanted."""
    wanted = cast(func.sum(type_coerce(Refusal.wanted, BigInteger)), BigInteger)
    chosen = [
        Refusal.council_id == scope.council_id,
        Refusal.at >= scope.period.starts_at,
        Refusal.at < scope.period.ends_at,
    ]
    if scope.category:
        chosen.append(Refusal.category == scope.category)
    rows = session.execute(
        select(Refusal.why, func.count(Refusal.person_id.distinct()), func.count(), wanted)
        .where(*chosen)
        .group_by(Refusal.why)
    )
    found = {why: (people, times, Money(pence)) for why, people, times, pence in rows}
    return [
        Row(_WHY[why], people, (times, amount))
        for why in RefusalReason
        for people, times, amount in [found.get(why, (0, 0, Money(0)))]
    ]


_WHY = {
    RefusalReason.NO_LINE: "No money for it at that time",
    RefusalReason.MONEY: "Not enough money left",
    RefusalReason.LIMIT: "A limit stopped it",
    RefusalReason.ASK: "A limit asks to talk first",
    RefusalReason.RULE: "The funder’s rules do not allow it",
    RefusalReason.AUTHORITY: "Whoever asked may not spend it",
}
