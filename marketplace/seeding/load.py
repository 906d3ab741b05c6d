"""Loads the demonstration into an empty market."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.budgets.commands import count_weeks
from marketplace.councils.queries import councils
from marketplace.outbox.commands import withdraw_letters
from marketplace.seeding import (
    asking,
    billing,
    cards,
    checking,
    disputing,
    furnishing,
    keeping,
    money,
    paying,
    people,
    reminding,
    shops,
    standing,
    stopping,
    stories,
    talking,
    today,
    together,
    wallets,
    year,
)
from marketplace.seeding import councils as portals
from marketplace.seeding.cast import Cast

Progress = Callable[[str], None]


def is_empty(session: Session) -> bool:
    """Tell whether nobody has used the market yet."""
    return not councils(session)


def load(session: Session, *, now: datetime, progress: Progress) -> Cast:
    """Play the demonstration up to an instant; the market must be empty."""
    cast = Cast(now.replace(microsecond=0))
    portals.add_categories(session)
    portals.add_councils(session, cast)
    progress("Councils are open")
    shops.add_providers(session, cast)
    billing.agree_to_invoices(session, cast)
    shops.add_groups(session, cast)
    progress("Stores and groups are open")
    people.add_people(session, cast)
    people.add_circles(session, cast)
    keeping.keep_groups(session, cast)
    furnishing.furnish_stores(session, cast)
    checking.check_stores(session, cast)
    furnishing.keep_lists(session, cast)
    reminding.remind_people(session, cast)
    events = [
        *people.lines(cast),
        *money.instalments(cast),
        *stories.stories(cast),
        *standing.standing_orders(cast),
        *money.payment_runs(cast),
        *money.bank_accounts(cast),
        *paying.last_runs(cast),
        *wallets.wallets(cast),
        *cards.card_payments(cast),
        *together.together(cast),
        *talking.talking(cast),
        *today.todays_visits(cast),
        *asking.asks(cast),
        *disputing.disputing(cast),
        *stopping.stopping(cast),
    ]
    year.play(session, events, until=cast.now, progress=_months(progress))
    while count_weeks(session, at=cast.now):  # how long the money lasts is told from these
        pass
    # Nobody wants a year of letters at once.
    withdraw_letters(session, before=cast.now - timedelta(days=1))
    return cast


def _months(progress: Progress) -> Callable[[datetime], None]:
    told: set[str] = set()

    def tell(at: datetime) -> None:
        month = f"{at:%B %Y}"
        if month not in told:
            told.add(month)
            progress(f"Playing {month}")

    return tell
