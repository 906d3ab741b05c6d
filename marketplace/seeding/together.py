"""Money put together, circles that say yes in twos, and money that comes by bank transfer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access.rules import Actor, Role
from marketplace.budgets import commands as budgets
from marketplace.kernel.clock import local_day, local_instant
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders import queries as order_queries
from marketplace.orders.commands import PlaceOrder, PutInBasket
from marketplace.payments import commands as payments
from marketplace.payments import queries as payment_queries
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event

_EVENING = 18
_HEADS = (
    "Transaction Date,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount"
)


def together(cast: Cast) -> Iterator[Event]:
    """Give the pools, the suggestions of circles, and the statements of banks."""
    for row in rows("wallets", "pool"):
        yield Event(cast.ago(days=row["days_ago"]), partial(_pool, cast=cast, row=row))
    for row in rows("wallets", "circle"):
        yield Event(cast.ago(days=row["days_ago"]), partial(_circle, cast=cast, row=row))
    for row in rows("wallets", "suggestion"):
        yield Event(cast.ago(days=row["days_ago"]), partial(_suggest, cast=cast, row=row))
    days = {row["days_ago"] for row in rows("wallets", "transfer")}
    for ago in sorted(days):
        yield Event(cast.ago(days=ago), partial(_statement, cast=cast, days_ago=ago))


def _pool(session: Session, at: datetime, *, cast: Cast, row: Row) -> Iterable[Event]:
    founder = cast.people[row["person"]]
    pool_id = _id("pool", row["slug"])
    wish = budgets.MakePool(
        pool_id=pool_id,
        name=row["name"],
        purpose=row["purpose"],
        council_id=cast.councils[cast.council_of[row["person"]]],
        asks_from=Money(row["asks_from_pence"]),
    )
    budgets.make_pool(session, wish, by=founder, at=at)
    emails = {each["slug"]: each["email"] for each in rows("people", "person")}
    for slug in row["members"]:
        invitation_id = _id("pool-invitation", slug)
        invite = budgets.InviteToPool(
            invitation_id=invitation_id, pool_id=pool_id, email=emails[slug]
        )
        budgets.invite_to_pool(session, invite, by=founder, at=at)
        budgets.answer_pool_invitation(
            session, invitation_id=invitation_id, agrees=True, by=cast.people[slug], at=at
        )
    for slug, pence in row["puts_in_pence"].items():
        put = budgets.PutIntoPool(
            deposit_id=_id("pool-share", slug),
            pool_id=pool_id,
            line_id=_id("line", f"{slug}/0"),
            amount=Money(pence),
        )
        budgets.put_into_pool(session, put, by=cast.people[slug], at=at)
    return [Event(at + timedelta(days=1), partial(_buy_together, cast=cast, row=row))]


def _buy_together(session: Session, at: datetime, *, cast: Cast, row: Row) -> Iterable[Event]:
    buyer = cast.people[row["person"]]
    owner = cast.owners[row["offer"].split("/")[0]]
    wish = PutInBasket(
        line_id=_id("pool-basket", row["slug"]),
        offer_id=cast.offers[row["offer"]],
        quantity=row["quantity"],
        first_at=local_instant(_weekday(at, 3), _EVENING, 0),
        outcome_id=cast.outcomes[row["person"]][row["outcome"]],
        note=row["note"],
    )
    orders.put_in_basket(session, wish, by=buyer, at=at)
    pool_id = _id("pool", row["slug"])
    orders.choose_payer(session, provider_id=owner.works_for, pool_id=pool_id, by=buyer, at=at)
    order_id = _place(session, cast=cast, offer=row["offer"], by=buyer, at=at)

    def accept(session: Session, at: datetime) -> None:
        orders.accept_order(session, order_id=order_id, by=owner, at=at)

    return [Event(at + timedelta(hours=2), accept)]


def _circle(session: Session, at: datetime, *, cast: Cast, row: Row) -> None:
    wish = access.ChooseCircleRule(yeses=row["yeses"])
    access.choose_circle_rule(session, wish, by=cast.people[row["person"]], at=at)


def _suggest(session: Session, at: datetime, *, cast: Cast, row: Row) -> Iterable[Event]:
    by = cast.helpers[row["by"], row["person"]]
    wish = PutInBasket(
        line_id=_id("suggestion", row["slug"]),
        offer_id=cast.offers[row["offer"]],
        visits=row["visits"],
        first_at=local_instant(_weekday(cast.now + timedelta(days=7), 4), _EVENING, 0),
        outcome_id=cast.outcomes[row["person"]][row["outcome"]],
    )
    orders.put_in_basket(session, wish, by=by, at=at)
    order_id = _place(session, cast=cast, offer=row["offer"], by=by, at=at)
    yield Event(at + timedelta(hours=6), partial(_answer, cast=cast, row=row, order_id=order_id))


def _answer(session: Session, at: datetime, *, cast: Cast, row: Row, order_id: UUID) -> None:
    for email in row.get("yes", ()):
        by = cast.helpers[email, row["person"]]
        orders.approve_order(session, order_id=order_id, by=by, at=at)
    for email in row.get("no", ()):
        by = cast.helpers[email, row["person"]]
        orders.refuse_proposal(session, order_id=order_id, reason=row["words"], by=by, at=at)


def _place(session: Session, *, cast: Cast, offer: str, by: Actor, at: datetime) -> UUID:
    provider_id = cast.owners[offer.split("/", maxsplit=1)[0]].works_for
    basket = order_queries.basket(session, by=by, at=at)
    group = next(each for each in basket.groups if each.provider_id == provider_id)
    place = PlaceOrder(order_id=group.order_id, provider_id=provider_id)
    return orders.place_order(session, place, by=by, at=at)


def _statement(session: Session, at: datetime, *, cast: Cast, days_ago: int) -> None:
    """Take in a bank's file for each council whose people paid something in that day."""
    paid = [row for row in rows("wallets", "transfer") if row["days_ago"] == days_ago]
    for slug, council_id in cast.councils.items():
        mine = [row for row in paid if cast.council_of.get(row["person"], slug) == slug]
        if not any(row["person"] for row in mine):
            continue
        officer = cast.of_council(slug, Role.FINANCE_OFFICER)
        number = f"{list(cast.councils).index(slug) + 1:08}"
        lines = [_transfer(session, cast, row, council_id, number, at) for row in mine]
        wish = payments.UploadStatement(
            statement_id=_id("statement", f"{slug}/{days_ago}"),
            name=f"statement-{local_day(at)}.csv",
            content="\r\n".join([_HEADS, *lines, ""]).encode(),
        )
        payments.upload_statement(session, wish, by=officer, at=at)
        payments.take_in_statement(session, statement_id=wish.statement_id, by=officer, at=at)
        for line_id in payment_queries.lines_to_post(session, limit=len(lines)):
            payments.post_line(session, line_id=line_id, at=at)


def _transfer(
    session: Session, cast: Cast, row: Row, council_id: UUID, number: str, at: datetime
) -> str:
    words = row["words"]
    if row["person"]:
        reference = payments.make_reference(
            session,
            person_id=cast.people[row["person"]].buys_for,
            council_id=council_id,
            by_family=row["by_family"],
            at=at,
        )
        words = f"{words} {reference}"
    day = local_day(at) - timedelta(days=1)
    return f"{day:%d/%m/%Y},000000,{number},{words},,{row['amount_pence'] / 100:.2f}"


def _weekday(after: datetime, number: int) -> date:
    """Return the first such day of the week (Monday is 0) after the next day."""
    day = local_day(after) + timedelta(days=2)
    return day + timedelta(days=(number - day.weekday()) % 7)


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:{kind}/{name}")
