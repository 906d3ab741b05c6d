"""The coming days of entries are written down, so that "what is on" reads only those it shows."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.community import commands, queries
from marketplace.community.models import Listing
from marketplace.community.queries import Wanted
from marketplace.community.rules import Change
from marketplace.kernel.clock import local_day
from tests.conftest import NOON
from tests.factories import Make
from tests.statements import statements

TODAY = local_day(NOON)


def on(session: Session, *, days: int = 7, page: int = 1, **wanted: object) -> queries.WhatsOnPage:
    """Return what is on, as it is wanted."""
    return queries.whats_on_page(
        session,
        Wanted(**wanted),  # type: ignore[arg-type]
        first=TODAY,
        days=days,
        at=NOON,
        page=page,
    )


class TestDays:
    def test_of_a_new_entry_are_there_at_once(self, session: Session, make: Make) -> None:
        make.activity(at=NOON)

        assert not queries.some_days_due(session, at=NOON)
        assert on(session, days=7).total == 1

    def test_that_run_out_are_written_further_once(self, session: Session, make: Make) -> None:
        make.activity(at=NOON)
        later = NOON + timedelta(days=40)

        assert queries.some_days_due(session, at=later)
        assert queries.some_days_missing(session, until=local_day(later) + timedelta(days=31))
        assert commands.keep_days_ahead(session, at=later) == 1

        assert not queries.some_days_due(session, at=later)
        assert commands.keep_days_ahead(session, at=later) == 0
        first = local_day(later)
        page = queries.whats_on_page(session, Wanted(), first=first, days=28, at=later)
        assert page.total == 4

    def test_of_an_older_database_are_written_when_they_are_missed(
        self, session: Session, make: Make
    ) -> None:
        make.activity(at=NOON)
        session.execute(update(Listing).values(days_until=None))

        assert queries.some_days_missing(session, until=TODAY)
        assert commands.keep_days_ahead(session, at=NOON) == 1

    def test_go_with_an_entry_that_ends(self, session: Session, make: Make) -> None:
        listing_id = make.activity(at=NOON)

        commands.end_listing(session, listing_id=listing_id, by_user_id=None, at=NOON)

        assert on(session).total == 0

    def test_follow_what_its_keeper_moves_or_cancels(self, session: Session, make: Make) -> None:
        make.council()
        keeper = make.person()
        slug = make.kept_group(by=keeper)
        listing_id = make.entry(slug=slug, by=keeper, at=NOON)
        (time,) = on(session).happenings
        moved_on = TODAY + timedelta(days=10)

        commands.change_date(
            session,
            commands.ChangeDate(
                listing_id=listing_id,
                on_day=time.occurrence.day,
                what=Change.MOVED,
                moved_on=moved_on,
            ),
            by=keeper,
            at=NOON,
        )

        assert on(session).total == 0
        assert [local_day(each.at) for each in on(session, days=14).happenings] == sorted(
            [moved_on, time.occurrence.day + timedelta(days=7)]
        )


class TestPages:
    def test_have_fifty_times_and_counts_of_all(self, session: Session, make: Make) -> None:
        for _ in range(53):
            make.activity(at=NOON)

        first, second, beyond = (on(session, page=page) for page in (1, 2, 10**9))

        assert (len(first.happenings), len(second.happenings)) == (50, 3)
        assert (first.total, first.pages, beyond.page) == (53, 2, 2)
        assert sum(first.counts["part"].values()) == 53
        assert not {each.listing.id for each in first.happenings} & {
            each.listing.id for each in second.happenings
        }

    def test_take_as_many_statements_for_many_as_for_few(
        self, session: Session, make: Make
    ) -> None:
        make.activity(at=NOON)
        session.flush()
        with statements() as few:
            on(session)
        for _ in range(20):
            make.activity(at=NOON)
        session.flush()
        with statements() as many:
            on(session)

        assert len(few) == len(many) == 3
