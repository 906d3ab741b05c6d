"""Searches are counted under a fingerprint; their words are kept only once enough people asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.search import commands
from marketplace.search.commands import SearchMade
from marketplace.search.models import SearchCount
from tests.conftest import NOON


def search(session: Session, words: str, *, times: int) -> None:
    made = SearchMade(words=words, council_id=None, results=0, secret="a key")
    for _ in range(times):
        commands.count_search(session, made, at=NOON)


def counts(session: Session) -> list[tuple[int, str | None]]:
    rows = select(SearchCount.times, SearchCount.words).order_by(SearchCount.times)
    return [(times, words) for times, words in session.execute(rows)]


def test_four_searches_are_counted_without_their_words(session: Session) -> None:
    search(session, "wheelchair tango", times=4)

    assert counts(session) == [(4, None)]


def test_the_fifth_search_keeps_the_words(session: Session) -> None:
    search(session, "wheelchair  Tango", times=5)

    assert counts(session) == [(5, "wheelchair tango")]


def test_nothing_typed_is_not_counted(session: Session) -> None:
    search(session, "  ", times=6)

    assert counts(session) == []
