"""Money that somebody asks about, for the small market: limits, clawbacks, handovers, pools."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor
from marketplace.budgets import commands
from marketplace.budgets.commands import AskOnce, GiveNotice, NewLimit, OfferLine, RecordPurchase
from marketplace.budgets.rules import LimitWindow
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.factories.money import Funded
from tests.house.access.pictures import dot

_DAY = timedelta(days=1)
_NOTICE_DAYS = 14


def add_money_asked(
    make: Make, actors: Mapping[str, Actor], funded: Funded, *, now: datetime
) -> Mapping[str, list[str]]:
    """Make one of everything that is asked, answered, offered and shared; say whose pages are."""
    then = now - _DAY
    bought = _bought(make, funded, at=then)
    pool, invitation = _pools(make, funded, at=then)
    back = _asked_back(make, funded, at=now - (_NOTICE_DAYS + 6) * _DAY)
    asks_council, asks_supporter, requests = _requests(make, actors, funded, at=then)
    handover_id = _offered(make, funded, at=then)
    looks = [f"/wallet/lines/{funded.line_id}", bought, pool, f"/wallet/notices/{back}"]
    once = f"/limits/{asks_council}/ask?provider={actors['rival'].works_for}"
    return {
        "person": [
            *looks,
            invitation,
            once,
            f"/wallet/lines/{funded.line_id}/limits/new",
            f"/wallet/limits/{asks_supporter}/end",
            f"/requests/{requests['person']}",
            f"/requests/{requests['person']}/answer",
        ],
        "supporter": [*looks, once, f"/requests/{requests['supporter']}/answer"],
        "helper": [*looks, f"/requests/{requests['practitioner']}"],
        "practitioner": [
            f"/people/{funded.id}",
            f"/requests/{requests['practitioner']}",
            f"/requests/{requests['practitioner']}/answer",
            f"/people/handovers/{handover_id}",
            f"/clawbacks/{back}",
        ],
        "officer": [f"/clawbacks/{back}"],
    }


def _bought(make: Make, funded: Funded, *, at: datetime) -> str:
    wish = RecordPurchase(
        purchase_id=uuid4(),
        amount=Money(7_50),
        what="A bus to the library",
        paid_on=local_day(at),
        photo=dot(),
    )
    with make.block() as session:
        commands.record_purchase(session, wish, by=funded.person, at=at)
    return f"/wallet/bought/{wish.purchase_id}"


def _pools(make: Make, funded: Funded, *, at: datetime) -> tuple[str, str]:
    """Make a pool with the person in it, and one into which they are asked."""
    other, another = (
        make.funded_person(name=name, council_id=funded.council_id, starts_on=local_day(at), at=at)
        for name in ("Noor Vale", "Tam Orr")
    )
    pooled = make.pool(members=[funded, other], put_in=[Money(30_00), Money(20_00)], at=at)
    strange = make.pool(members=[another], put_in=[Money(10_00)], at=at)
    invitation_id = make.asked_into_pool(
        strange.pool_id, make.email_of(funded.person), asked_by=another.person, at=at
    )
    return f"/pools/{pooled.pool_id}", f"/pools/invitations/{invitation_id}"


def _asked_back(make: Make, funded: Funded, *, at: datetime) -> UUID:
    """Ask money of a line of its own back, so long ago that a second officer may decide."""
    line_id = make.line(
        person=funded.person,
        practitioner=funded.practitioner,
        instalment=Money(40_00),
        starts_on=local_day(at),
        at=at,
    )
    wish = GiveNotice(
        clawback_id=uuid4(),
        line_id=line_id,
        amount=Money(15_00),
        reason="It was paid in twice.",
        evidence="Our bank statement of that day.",
        days=_NOTICE_DAYS,
        content=dot(),
        file_name="statement.png",
    )
    with make.block() as session:
        return commands.give_notice(session, wish, by=funded.practitioner, at=at)


def _requests(
    make: Make, actors: Mapping[str, Actor], funded: Funded, *, at: datetime
) -> tuple[UUID, UUID, dict[str, UUID]]:
    """Ask to go past a limit once: the practitioner, the supporter, and the person."""
    supporter, provider_id = actors["supporter"], actors["provider"].works_for
    councils = make.lines(funded, at=at)[0].limits[0].id
    friends = _own_limit(make, funded, asks=supporter, at=at)
    own = _own_limit(make, funded, asks=None, at=at)
    asked = {}
    for answers, limit_id, by in (
        ("practitioner", councils, funded.person),
        ("supporter", friends, funded.person),
        ("person", own, supporter),
    ):
        wish = AskOnce(
            request_id=uuid4(),
            limit_id=limit_id,
            provider_id=provider_id,
            amount=Money(450_00),
            what="A week by the sea",
            words="I have not been away for two years.",
        )
        with make.block() as session:
            asked[answers] = commands.ask_once(session, wish, by=by, at=at)
    return councils, friends, asked


def _own_limit(make: Make, funded: Funded, *, asks: Actor | None, at: datetime) -> UUID:
    wish = NewLimit(
        window=LimitWindow.YEAR,
        amount=Money(1_900_00),
        reason="It is to last.",
        asks_id=asks.user_id if asks else None,
        asks_name=asks.name if asks else "",
    )
    with make.block() as session:
        commands.set_limit(session, line_id=funded.line_id, limit=wish, by=funded.person, at=at)
    return wish.limit_id


def _offered(make: Make, funded: Funded, *, at: datetime) -> UUID:
    """Let another council offer a line to the person's."""
    third = make.funded_person(name="Kit Lowe", starts_on=local_day(at), at=at)
    wish = OfferLine(
        handover_id=uuid4(),
        line_id=third.line_id,
        to_council_id=funded.council_id,
        reason="They move.",
    )
    with make.block() as session:
        return commands.offer_line(session, wish, by=third.practitioner, at=at)
