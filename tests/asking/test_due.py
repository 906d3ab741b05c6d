"""What time does to an ask, what is counted of it, and what is taken away."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.asking import commands, queries, tasks
from marketplace.asking.models import Answer, Ask, Telling, UnmetNeed
from marketplace.asking.rules import AnswerState, AskState
from marketplace.catalogue.queries import offers_in_category
from marketplace.database import reading
from marketplace.kernel.clock import local_instant
from marketplace.reports import queries as reports
from tests.asking.seen import letters
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

ON_TIME = PAID_IN + timedelta(days=7)
OVER = PAID_IN + timedelta(days=8)
"""The first day after the council's seven."""


def counted(session: Session) -> list[tuple[date, str, str, int]]:
    rows = select(UnmetNeed.day, UnmetNeed.category, UnmetNeed.district, UnmetNeed.people)
    return [tuple(row) for row in session.execute(rows.order_by(UnmetNeed.day))]  # type: ignore[misc]


class TestUnanswered:
    def test_is_counted_and_told_once_all_days_are_over(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(funded.person, words="I am shy.")

        assert queries.asks_due(session, at=ON_TIME) == []
        assert commands.look_after_ask(session, ask_id, at=ON_TIME) == 0
        assert queries.asks_due(session, at=OVER) == [ask_id]
        assert [commands.look_after_ask(session, ask_id, at=OVER) for _ in range(2)] == [1, 0]

        assert counted(session) == [(date(2026, 3, 12), "company", "LS6", 1)]
        assert session.get_one(Ask, ask_id).state is AskState.UNANSWERED
        [letter] = letters(session, "ask_unanswered")
        assert (letter.to, letter.subject) == (
            make.email_of(funded.person),
            "Nobody has answered you",
        )
        assert letter.values["find"] == "/find"

    def test_who_waits_longer_is_told_and_can_still_be_answered(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        until = date(2026, 3, 25)
        ask_id = make.ask(funded.person, answers_until=until)

        commands.look_after_ask(session, ask_id, at=OVER)

        kept = session.get_one(Ask, ask_id)
        assert (kept.state, kept.look_on) == (AskState.OPEN, date(2026, 3, 26))
        assert len(counted(session)) == 1
        make.answer(ask_id, wren, at=OVER)

    def test_is_over_after_the_last_day_and_counted_once(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(funded.person, answers_until=date(2026, 3, 25))

        for days in range(40):
            commands.look_after_ask(session, ask_id, at=PAID_IN + timedelta(days=days))

        assert session.get_one(Ask, ask_id).state is AskState.UNANSWERED
        assert [number for *_, number in counted(session)] == [1]
        assert queries.ask_for(session, ask_id=ask_id, by=funded.person, at=OVER).is_counted
        assert len(letters(session, "ask_unanswered")) == 2

    def test_ends_sooner_than_the_council_counts_if_they_want_that(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(funded.person, answers_until=date(2026, 3, 5))

        assert commands.look_after_ask(session, ask_id, at=PAID_IN + timedelta(days=2)) == 1

        assert session.get_one(Ask, ask_id).state is AskState.UNANSWERED
        assert counted(session) == []
        found = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=OVER)
        assert not found.is_counted

    def test_is_open_again_when_they_wait_longer(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        commands.look_after_ask(session, ask_id, at=OVER)

        commands.extend_ask(session, ask_id, date(2026, 3, 20), by=funded.person, at=OVER)

        make.answer(ask_id, wren, at=OVER)
        assert queries.ask_for(session, ask_id=ask_id, by=funded.person, at=OVER).takes_answers

    def test_an_answer_that_was_taken_back_is_none(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)
        commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)

        commands.look_after_ask(session, ask_id, at=OVER)

        assert len(counted(session)) == 1

    def test_is_not_counted_before_its_day_whenever_it_is_looked_at(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)
        commands.withdraw_answer(session, ask_id, by=wren, at=PAID_IN)

        assert commands.look_after_ask(session, ask_id, at=PAID_IN + timedelta(days=1)) == 0

        assert session.get_one(Ask, ask_id).look_on == OVER.date()
        assert counted(session) == []

    def test_one_person_counts_once_a_month_for_the_same(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for person in (funded.person, funded.person, make.person()):
            commands.look_after_ask(session, make.ask(person), at=OVER)

        assert counted(session) == [(date(2026, 3, 12), "company", "LS6", 2)]

    def test_a_month_begins_at_midnight_where_the_people_are(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        first = local_instant(date(2026, 6, 1), 0, 30)  # the last of May in UTC
        for asked_at in (first - timedelta(days=10), first, first + timedelta(days=5)):
            ask_id = make.ask(funded.person, at=asked_at - timedelta(days=8))
            commands.look_after_ask(session, ask_id, at=asked_at)

        assert [(day, people) for day, _, _, people in counted(session)] == [
            (date(2026, 5, 22), 1),
            (date(2026, 6, 1), 1),
        ]


class TestAnswered:
    def test_is_reminded_once_and_ends_after_a_month(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)

        done = [
            commands.look_after_ask(session, ask_id, at=PAID_IN + timedelta(days=days))
            for days in range(60)
        ]

        assert [days for days, some in enumerate(done) if some] == [8, 38]
        assert len(letters(session, "ask_choose")) == 1
        assert session.get_one(Ask, ask_id).state is AskState.LAPSED
        [thanks] = letters(session, "ask_thanked")
        assert thanks.values["why"] == "lapsed"
        assert session.scalars(select(Answer.state)).one() is AnswerState.THANKED
        assert counted(session) == []

    def test_is_left_alone_while_answers_may_come(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        robin = make.approved(council_id=funded.council_id)
        ask_id = make.ask(funded.person)
        for store in (wren, robin):
            make.answer(ask_id, store)
        commands.withdraw_answer(session, ask_id, by=robin, at=PAID_IN)

        assert commands.look_after_ask(session, ask_id, at=PAID_IN + timedelta(days=1)) == 0
        commands.end_ask(session, ask_id, found_elsewhere=True, by=funded.person, at=PAID_IN)

        assert [each.to for each in letters(session, "ask_thanked")] == [make.email_of(wren)]


class TestReports:
    def scope(self, session: Session, funded: Funded) -> reports.Demand:
        found = reports.scope_of(session, council_id=funded.council_id, today=date(2026, 3, 31))
        return reports.demand(session, found)

    def test_few_are_not_shown(self, session: Session, make: Make, funded: Funded) -> None:
        for person in [funded.person, *(make.person() for _ in range(3))]:
            commands.look_after_ask(session, make.ask(person), at=OVER)

        tables = self.scope(session, funded).tables
        for key in ("unanswered-kinds", "unanswered-districts"):
            [row] = tables[key].cells()
            assert row[1] == "fewer than 5"

    def test_enough_are_shown_by_kind_and_area(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for _ in range(5):
            commands.look_after_ask(session, make.ask(make.person()), at=OVER)
        commands.look_after_ask(session, make.ask(make.person(), near="BS5"), at=OVER)

        tables = self.scope(session, funded).tables
        assert tables["unanswered-kinds"].cells() == [["Company", 5]]
        assert tables["unanswered-districts"].cells() == [["LS6", 5]]

    def test_the_category_asked_for_counts_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        for _ in range(5):
            commands.look_after_ask(session, make.ask(make.person()), at=OVER)

        scope = reports.scope_of(
            session, council_id=funded.council_id, category="garden", today=date(2026, 3, 31)
        )
        assert reports.demand(session, scope).tables["unanswered-kinds"].rows == ()


class TestForgetting:
    def test_takes_the_words_and_takes_back_what_is_open(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)

        commands.forget_person(session, user_id=funded.id, at=PAID_IN)
        session.expire_all()

        kept = session.get_one(Ask, ask_id)
        assert (kept.words, kept.seen_words, kept.title) == ("Taken away",) * 3
        assert (kept.state, kept.asked_by_name) == (AskState.WITHDRAWN, "Somebody who has left")
        assert len(letters(session, "ask_thanked")) == 1

    def test_takes_what_somebody_wrote_for_a_store(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ask_id = make.ask(funded.person)
        make.answer(ask_id, wren)

        commands.forget_person(session, user_id=wren.user_id, at=PAID_IN)
        session.expire_all()

        [card] = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN).answers
        assert card.words == "Taken away"

    def test_takes_what_ended_long_ago_whole_and_leaves_what_is_open(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        ended, still = make.ask(funded.person), make.ask(funded.person)
        make.answer(ended, wren)
        commands.end_ask(session, ended, found_elsewhere=True, by=funded.person, at=PAID_IN)

        assert commands.forget_asks(session, before=PAID_IN) == 0
        assert commands.forget_asks(session, before=PAID_IN + timedelta(days=1)) == 1
        session.expire_all()
        assert session.scalars(select(Ask.id)).all() == [still]
        assert session.scalars(select(Answer.id)).all() == []
        assert set(session.scalars(select(Telling.ask_id))) == {still}

    def test_takes_counts_of_long_ago(self, session: Session, make: Make, funded: Funded) -> None:
        commands.look_after_ask(session, make.ask(funded.person), at=OVER)

        assert commands.forget_unmet(session, before=date(2026, 3, 12)) == 0
        assert commands.forget_unmet(session, before=date(2026, 3, 13)) == 1


class TestTakingAway:
    def test_each_has_what_they_wrote_and_the_person_the_answers(
        self, session: Session, make: Make, funded: Funded, wren: Actor
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        make.answer(make.ask(helper, words="She likes to swim."), wren, words="We swim.")
        commands.choose_letters(session, wanted=False, by=wren, at=PAID_IN)

        told = {
            who.user_id: {
                kind: len(kept.rows)
                for kind, kept in queries.data_of(session, user_id=who.user_id).items()
            }
            for who in (funded.person, helper, wren, make.person())
        }

        assert [list(each.values()) for each in told.values()] == [
            [1, 1, 0, 0],
            [1, 0, 0, 0],
            [0, 0, 1, 1],
            [0, 0, 0, 0],
        ]


def test_the_worker_tells_and_counts_and_a_second_time_changes_nothing(
    app: Flask, make: Make
) -> None:
    council_id = make.council()
    ask_id = make.ask(make.funded_person(council_id=council_id).person)
    make.approved(council_id=council_id)
    tomorrow = datetime(2026, 3, 5, 7, tzinfo=UTC)

    assert [tasks.tell_of_asks(tomorrow) for _ in range(2)] == [1, 0]
    assert tasks.look_after_asks(tomorrow) == 0
    assert [tasks.look_after_asks(OVER) for _ in range(2)] == [1, 0]

    with reading() as session:
        assert session.get_one(Ask, ask_id).state is AskState.UNANSWERED
        assert len(offers_in_category(session, category="company")) == 1
