"""Searches are counted under a fingerprint; their words are kept only once enough people asked."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.database import reading
from marketplace.search import commands
from marketplace.search.commands import SearchMade
from marketplace.search.models import SearchCount, SearchEmptied
from marketplace.search.rules.steps import Step
from marketplace.search.views.counting import STEPS
from tests.browser import Browser
from tests.conftest import NOON
from tests.factories import Make


def search(session: Session, words: str, *, times: int, **made: object) -> list[UUID | None]:
    asked = {"words": words, "council_id": None, "results": 0, "secret": "a key"} | made
    one = SearchMade(**asked)  # type: ignore[arg-type]
    return [commands.count_search(session, one, at=NOON) for _ in range(times)]


def counts(session: Session) -> list[tuple[int, str | None]]:
    rows = select(SearchCount.times, SearchCount.words).order_by(SearchCount.times)
    return [(times, words) for times, words in session.execute(rows)]


def steps(session: Session) -> tuple[int, ...]:
    row = session.execute(
        select(
            SearchCount.times,
            SearchCount.again,
            SearchCount.opened,
            SearchCount.kept,
            SearchCount.ordered,
        ).where(SearchCount.words.is_(None))
    ).one()
    return tuple(row)


class TestWords:
    def test_four_searches_are_counted_without_their_words(self, session: Session) -> None:
        search(session, "wheelchair tango", times=4)

        assert counts(session) == [(4, None)]

    def test_the_fifth_search_keeps_the_words(self, session: Session) -> None:
        search(session, "wheelchair  Tango", times=5)

        assert counts(session) == [(5, "wheelchair tango")]

    def test_a_council_with_a_higher_threshold_waits_longer(self, session: Session) -> None:
        search(session, "wheelchair tango", times=9, words_kept_after=10)
        assert counts(session) == [(9, None)]

        search(session, "wheelchair tango", times=1, words_kept_after=10)
        assert counts(session) == [(10, "wheelchair tango")]

    def test_nothing_typed_is_not_counted(self, session: Session) -> None:
        assert search(session, "  ", times=6) == [None] * 6

        assert counts(session) == []

    def test_next_to_nothing_is_counted_apart(self, session: Session) -> None:
        search(session, "tango", times=2, results=2)
        search(session, "tango", times=1, results=3)

        assert session.scalars(select(SearchCount.few)).all() == [2]

    @settings(max_examples=20)
    @given(log=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=40))
    def test_no_log_of_searches_keeps_words_that_few_asked(
        self, session: Session, log: list[tuple[str, str]]
    ) -> None:
        councils = {name: uuid4() for name in "abc"}
        for portal, words in log:
            search(session, words, times=1, council_id=councils[portal])

        kept = select(SearchCount.council_id, SearchCount.words).where(
            SearchCount.words.is_not(None), SearchCount.council_id.in_(councils.values())
        )
        enough = {
            (councils[portal], words) for portal, words in log if log.count((portal, words)) >= 5
        }
        assert {(council, words) for council, words in session.execute(kept)} == enough


class TestSteps:
    def test_everybody_is_counted_at_one_step(self, session: Session) -> None:
        (count_id, *_) = search(session, "tango", times=3)
        assert count_id is not None

        commands.note_step(session, count_id=count_id, step=Step.OPENED, before=None)
        commands.note_step(session, count_id=count_id, step=Step.ORDERED, before=Step.OPENED)
        commands.note_step(session, count_id=count_id, step=Step.AGAIN, before=None)

        assert steps(session) == (3, 1, 0, 0, 1)

    def test_a_cookie_sent_again_and_again_counts_no_more_than_was_searched(
        self, session: Session
    ) -> None:
        (count_id, *_) = search(session, "tango", times=2)
        assert count_id is not None

        for _ in range(5):
            commands.note_step(session, count_id=count_id, step=Step.OPENED, before=None)
        commands.note_step(session, count_id=count_id, step=Step.KEPT, before=Step.AGAIN)

        assert steps(session) == (2, 0, 2, 0, 0)

    @pytest.mark.parametrize("endpoint", sorted({name for _, name in STEPS}))
    def test_each_page_that_is_a_step_is_there(self, base_app: Flask, endpoint: str) -> None:
        assert endpoint in base_app.view_functions


def test_what_is_old_is_forgotten(session: Session) -> None:
    search(session, "tango", times=2)
    commands.count_emptied(session, filters="Price: Free", council_id=None, at=NOON)

    assert commands.forget_counts(session, before=NOON.date()) == 0
    assert commands.forget_counts(session, before=NOON.date() + timedelta(days=1)) == 2


class TestVisits:
    def counted(self) -> list[SearchCount]:
        with reading() as session:
            rows = select(SearchCount).order_by(SearchCount.times, SearchCount.results)
            return list(session.scalars(rows))

    def test_a_visit_is_followed_to_its_order_without_saying_whose(
        self, browser: Browser, make: Make
    ) -> None:
        make.council(slug="ashdale", name="Ashdale Council", districts=("LS6",))
        make.provider(title="Company at home")
        found = browser.get("/find?q=company&near=LS6")
        browser.click(found, "Company at home")
        browser.get("/find?q=company&near=LS6")

        (one,) = self.counted()

        assert (one.times, one.opened, one.again, one.words) == (1, 1, 0, None)

    def test_looking_for_something_else_is_counted(self, browser: Browser) -> None:
        browser.get("/find?q=tango")
        browser.get("/find?q=waltz")

        assert sorted((one.times, one.again) for one in self.counted()) == [(1, 0), (1, 1)]

    def test_a_place_is_kept_only_as_the_council_it_belongs_to(
        self, browser: Browser, make: Make
    ) -> None:
        council_id = make.council(slug="ashdale", name="Ashdale Council", districts=("LS6",))

        browser.get("/find?q=tango&near=LS6")

        (one,) = self.counted()
        assert one.council_id == council_id

    def test_a_filter_that_empties_the_list_is_counted_in_our_own_words(
        self, browser: Browser, make: Make
    ) -> None:
        make.provider(title="Company at home")

        browser.get("/find?q=company&language=polish")
        browser.get("/find?q=company&language=polish")
        browser.get("/find?q=company&category=John+Smith")

        with reading() as session:
            rows = session.execute(select(SearchEmptied.filters, SearchEmptied.times))
            assert [(filters, times) for filters, times in rows] == [("Language: Polish", 1)]
