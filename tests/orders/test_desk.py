"""The desk of whoever supports people: one list of people, one of what to do, few statements."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.commands import InviteSupporter
from marketplace.access.rules import Actor, Basis, Role, Scope
from marketplace.budgets.commands import AnswerRequest, AskOnce, answer_request, ask_once, set_limit
from marketplace.budgets.rules import LimitKind
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders import commands, queries
from marketplace.orders.queries import Desk
from marketplace.orders.rules import DeskKind, ends_soon, low_words
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW
from tests.statements import statements

NOW = PAID_IN
MANY = frozenset(Scope)


class TestRules:
    @given(available=st.integers(0, 100_000), week=st.integers(0, 20_000))
    def test_money_is_low_below_the_figure_or_two_weeks(self, available: int, week: int) -> None:
        low = low_words(Money(available), Money(week), below=Money(50_00))

        assert bool(low) == (available < 50_00 or available < 2 * week)
        assert not low or str(Money(available)) in low

    @pytest.mark.parametrize(
        ("last_on", "soon"),
        [(date(2026, 4, 3), True), (date(2026, 4, 4), False), (date(2026, 3, 4), True)],
    )
    def test_a_part_ends_soon_within_thirty_days(self, last_on: date, soon: bool) -> None:  # noqa: FBT001
        assert ends_soon(last_on, today=date(2026, 3, 4)) is soon
        assert not ends_soon(None, today=date(2026, 3, 4))


class Broker:
    """Somebody who supports several people."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.actor = make.person(name="Bo Marsh")
        self.email = make.email_of(self.actor)

    def supports(
        self,
        person: Actor,
        scopes: frozenset[Scope] = MANY,
        ceiling: Money | None = None,
        ends_before: date | None = None,
        at: datetime = NOW,
    ) -> None:
        with self.make.block() as session:
            wish = InviteSupporter(
                email=self.email,
                basis=Basis.NOMINATED_WORKER,
                scopes=scopes,
                ceiling=ceiling,
                ends_before=ends_before,
                invitation_id=UUID(int=self.make.number()),
            )
            row_id = access.invite_supporter(session, wish, by=person, at=at)
            access.accept_invitation(session, supporter_row_id=row_id, by=self.actor, at=at)

    def desk(self, *, at: datetime = NOW, name: str = "") -> Desk:
        with self.make.block() as session:
            return queries.desk(session, user_id=self.actor.user_id, at=at, name=name)


def kinds(desk: Desk) -> list[tuple[str, DeskKind]]:
    return [(item.person_name, item.kind) for item in desk.items]


def suggested(make: Make, funded: Funded, **wishes: object) -> UUID:
    helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE], name="Sam Lee")
    return make.placed(funded=funded, by=helper, **wishes).order_id  # type: ignore[arg-type]


class TestDesk:
    def test_shows_what_waits_the_most_urgent_first(self, session: Session, make: Make) -> None:
        broker = Broker(make)
        ann, cal = make.funded_person(name="Ann Hill"), make.funded_person(name="Cal Ray")
        for funded in (ann, cal):
            broker.supports(funded.person, ends_before=date(2027, 3, 4))
        make.placed(funded=ann)
        suggested(make, cal)
        noted = make.accepted(make.placed(funded=cal, price=Money(5_00), quantity=1))
        make.noted(noted)

        desk = broker.desk()

        assert kinds(desk) == [
            ("Cal Ray", DeskKind.SUGGESTION),
            ("Cal Ray", DeskKind.VISITS),
            ("Ann Hill", DeskKind.WAITING),
        ]
        assert desk.items[0].words.startswith("Sam Lee suggests ")
        assert [(row.person.name, row.to_do) for row in desk.people] == [
            ("Ann Hill", 0),
            ("Cal Ray", 2),
        ]
        assert [row.money.available for row in desk.people if row.money] == [
            Money(70_00),
            Money(95_00),
        ]

    def test_asks_only_for_a_yes_that_one_may_say(self, session: Session, make: Make) -> None:
        broker = Broker(make)
        no_scope, dear, said, mine = (make.funded_person() for _ in range(4))
        broker.supports(no_scope.person, frozenset({Scope.SEE}))
        broker.supports(dear.person, frozenset({Scope.APPROVE}), ceiling=Money(10_00))
        broker.supports(said.person, frozenset({Scope.APPROVE}))
        broker.supports(mine.person, frozenset({Scope.APPROVE, Scope.PROPOSE}))
        suggested(make, no_scope)
        suggested(make, dear)
        order_id = suggested(make, said)
        hats = access_queries.hats_of(session, user_id=broker.actor.user_id, at=NOW)
        of_person = {hat.person_id: hat for hat in hats}
        commands.refuse_proposal(
            session, order_id=order_id, reason="No.", by=of_person[said.id], at=NOW
        )
        make.placed(funded=mine, by=of_person[mine.id])

        assert [kind for _, kind in kinds(broker.desk())] == []

    def test_says_that_money_is_low_late_or_ends(self, session: Session, make: Make) -> None:
        broker = Broker(make)
        poor = make.funded_person(name="Ann Hill", to_spend=Money(49_99))
        late = make.funded_person(name="Cal Ray")
        ends = make.funded_person(name="Dee Fox")
        broker.supports(poor.person, frozenset({Scope.SEE}))
        broker.supports(late.person, frozenset({Scope.SEE}))
        broker.supports(ends.person, frozenset({Scope.PLAN}), ends_before=date(2026, 3, 20))

        assert kinds(broker.desk()) == [
            ("Ann Hill", DeskKind.LOW),
            ("Dee Fox", DeskKind.ENDING),
        ]
        after = kinds(broker.desk(at=datetime(2026, 4, 2, 9, tzinfo=NOW.tzinfo)))
        assert ("Cal Ray", DeskKind.LATE) in after

    def test_says_that_another_time_is_suggested(self, session: Session, make: Make) -> None:
        broker, funded = Broker(make), make.funded_person()
        broker.supports(funded.person, frozenset({Scope.PAY}))
        deal = make.placed(funded=funded)
        wish = commands.ProposeChange(
            order_id=deal.order_id, first_at=TOMORROW + timedelta(days=1), words="Friday?"
        )
        commands.propose_change(session, wish, by=deal.provider, at=NOW)

        assert [kind for _, kind in kinds(broker.desk())] == [DeskKind.OTHER_TIME]

    def test_shows_the_answers_to_what_one_asked(self, session: Session, make: Make) -> None:
        broker = Broker(make)
        funded = make.funded_person(limits=[make.limit(Money(20_00), kind=LimitKind.ASK)])
        broker.supports(funded.person)
        hat = access_queries.find_actor(
            session,
            user_id=broker.actor.user_id,
            role=Role.SUPPORTER,
            hat_id=funded.id,
            at=NOW,
        )
        assert hat is not None
        wish = AskOnce(
            request_id=UUID(int=5),
            limit_id=make.lines(funded)[0].limits[0].id,
            provider_id=make.provider().works_for,
            amount=Money(30_00),
            what="Two hours of gardening",
            words="The hedge is high.",
        )
        request_id = ask_once(session, wish, by=hat, at=NOW)
        before = broker.desk().items
        answer = AnswerRequest(request_id=request_id, agree=True, reason="Go ahead.")
        answer_request(session, answer, by=funded.practitioner, at=NOW)

        items = broker.desk().items

        assert before == ()
        assert [(item.kind, item.request_id) for item in items] == [(DeskKind.ANSWER, request_id)]
        assert items[0].words == ("Priya Nair said yes to Two hours of gardening, £30.00: Go ahead")
        assert broker.desk(at=NOW + timedelta(days=27)).items[-1].kind is DeskKind.ANSWER

    def test_shows_what_somebody_asks_one(self, session: Session, make: Make) -> None:
        broker, funded = Broker(make), make.funded_person(name="Ann Hill")
        broker.supports(funded.person)
        limit = replace(
            make.limit(Money(20_00), kind=LimitKind.ASK),
            asks_id=broker.actor.user_id,
            asks_name="Bo Marsh",
        )
        set_limit(session, line_id=funded.line_id, limit=limit, by=funded.practitioner, at=NOW)
        wish = AskOnce(
            request_id=UUID(int=6),
            limit_id=limit.limit_id,
            provider_id=make.provider().works_for,
            amount=Money(30_00),
            what="A day at the sea",
            words="I have not been out.",
        )
        ask_once(session, wish, by=funded.person, at=NOW)

        items = broker.desk().items

        assert [(item.kind, item.words) for item in items] == [
            (DeskKind.QUESTION, "Ann Hill asks you for A day at the sea, £30.00")
        ]

    def test_calls_money_low_by_what_is_usually_spent(self, session: Session, make: Make) -> None:
        broker, funded = Broker(make), make.funded_person(to_spend=Money(640_00))
        broker.supports(funded.person, frozenset({Scope.SEE}))
        make.confirmed(make.accepted(make.placed(funded=funded, price=Money(520_00), quantity=1)))

        items = broker.desk(at=TOMORROW).items

        assert [item.kind for item in items] == [DeskKind.LOW]
        assert "£120.00 is left" in items[0].words
        assert "£65.00 a week" in items[0].words

    def test_finds_people_by_name(self, session: Session, make: Make) -> None:
        broker = Broker(make)
        for name in ("Ann Hill", "Cal Ray", "Hannah Moss"):
            funded = make.funded_person(name=name, to_spend=Money(1_00))
            broker.supports(funded.person)

        desk = broker.desk(name=" ANN ")

        assert [row.person.name for row in desk.people] == ["Ann Hill", "Hannah Moss"]
        assert {item.person_name for item in desk.items} == {"Ann Hill", "Hannah Moss"}

    def test_leaves_out_whom_one_no_longer_supports(self, session: Session, make: Make) -> None:
        broker, funded = Broker(make), make.funded_person()
        broker.supports(funded.person, ends_before=date(2026, 3, 6))

        assert len(broker.desk().people) == 1
        assert broker.desk(at=NOW + timedelta(days=2)) == Desk(people=(), items=())

    def test_asks_the_database_as_often_for_many_as_for_one(
        self, session: Session, make: Make
    ) -> None:
        broker = Broker(make)
        broker.supports(make.funded_person().person)
        one = asked_for(session, broker)
        for _ in range(5):
            funded = make.funded_person()
            broker.supports(funded.person)
            suggested(make, funded)

        assert len(broker.desk().people) == 6
        assert asked_for(session, broker) == one
        assert one <= 10


def asked_for(session: Session, broker: Broker) -> int:
    session.flush()
    session.expire_all()
    with statements() as sent:
        broker.desk()
    return len(sent)


class TestDeskPage:
    def test_switches_the_hat_and_opens_the_order(self, make: Make, sign_in: SignInAs) -> None:
        at = clock.now()
        broker = Broker(make)
        funded = make.funded_person(name="Ann Hill", starts_on=at.date(), at=at)
        broker.supports(funded.person, at=at)
        order_id = suggested(make, funded, at=at, first_at=at + timedelta(days=2))
        browser = sign_in(broker.actor)

        page = browser.get("orders.desk")
        browser.submit(page, "Open : Waits for your yes or no, for Ann Hill")
        order = browser.follow()

        assert order.url.endswith(f"/orders/{order_id}")
        assert "You are acting for Ann Hill" in order.text
        assert order.button("Say yes and place the order")

    def test_filters_without_a_name_in_the_address(self, make: Make, sign_in: SignInAs) -> None:
        broker = Broker(make)
        for name in ("Ann Hill", "Cal Ray"):
            broker.supports(make.person(name=name), at=clock.now())
        browser = sign_in(broker.actor)

        found = browser.submit(browser.get("orders.desk"), "Show these", name="cal")
        nobody = browser.submit(browser.get("orders.desk"), "Show these", name="zoe")

        assert "Cal Ray" in found.text
        assert "Ann Hill" not in found.text
        assert "?" not in found.url
        assert "Nobody whom you support has this name." in nobody.text

    def test_pages_through_many(self, make: Make, sign_in: SignInAs) -> None:
        broker = Broker(make)
        for number in range(21):
            broker.supports(make.person(name=f"Person {number:02}"), at=clock.now())
        browser = sign_in(broker.actor)

        first = browser.get("orders.desk")
        second = browser.click(first, "More people")
        asked = browser.submit(browser.get("orders.desk"), "Show these", name="person")
        more = browser.submit(asked, "More people")

        assert "21 people, page 1 of 2" in first.text
        assert "Person 20" in second.text
        assert "Person 20" not in first.text
        assert "Person 20" in more.text

    def test_invites_whoever_supports_nobody(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("orders.desk")

        assert "You support nobody yet" in page.text

    def test_leads_nowhere_else(self, make: Make, sign_in: SignInAs) -> None:
        person = make.person()
        browser = sign_in(person)

        page = browser.post(
            "access.hats",
            {"role": "person", "hat_id": str(person.user_id), "next": "//evil.example/"},
        )

        assert "evil" not in str(page.response.headers.get("Location"))
