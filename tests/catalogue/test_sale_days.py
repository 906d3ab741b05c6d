"""Offers that are on sale from one day until another."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.audit.queries import deeds_about
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadSaleDaysError
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import (
    ANY_DAY,
    OfferState,
    SaleDays,
    check_sale_days,
    standing_on,
    why_too_late,
)
from marketplace.catalogue.tasks import keep_sale_days
from marketplace.database import transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.operations import JOBS
from marketplace.outbox.queries import index_changes
from tests.catalogue.test_offers import offer_wish
from tests.conftest import NOON, SignInAs
from tests.factories import Make

DAY = timedelta(days=1)
TODAY = NOON.date()
WEEK = SaleDays(TODAY, TODAY + 6 * DAY)
NEXT_WEEK = SaleDays(TODAY + 7 * DAY, TODAY + 13 * DAY)
LAST_WEEK = SaleDays(TODAY - 7 * DAY, TODAY - DAY)
DRAFT, ON_SALE, PAUSED, ENDED = OfferState


class TestRules:
    @pytest.mark.parametrize(
        ("state", "ready", "days", "becomes"),
        [
            (DRAFT, False, WEEK, (DRAFT, False)),
            (DRAFT, True, NEXT_WEEK, (DRAFT, True)),
            (DRAFT, True, WEEK, (ON_SALE, False)),
            (DRAFT, True, ANY_DAY, (ON_SALE, False)),
            (DRAFT, True, LAST_WEEK, (DRAFT, False)),
            (ON_SALE, False, WEEK, (ON_SALE, False)),
            (ON_SALE, False, NEXT_WEEK, (PAUSED, True)),
            (ON_SALE, False, LAST_WEEK, (PAUSED, False)),
            (PAUSED, True, WEEK, (ON_SALE, False)),
            (PAUSED, False, WEEK, (PAUSED, False)),
            (ENDED, True, WEEK, (ENDED, False)),
        ],
    )
    def test_say_where_an_offer_stands_on_a_day(
        self, state: OfferState, *, ready: bool, days: SaleDays, becomes: tuple[OfferState, bool]
    ) -> None:
        assert standing_on(TODAY, state, days, ready=ready) == becomes

    def test_name_the_days(self) -> None:
        first, last = date(2026, 12, 1), date(2026, 12, 24)

        assert SaleDays(first, last).words == "From 1 December 2026 until 24 December 2026"
        assert SaleDays(last=last).words == "Until 24 December 2026"
        assert SaleDays(first).words == "From 1 December 2026"
        assert ANY_DAY.words == ""

    def test_refuse_days_that_cannot_be(self) -> None:
        with pytest.raises(BadSaleDaysError, match="before the first"):
            check_sale_days(SaleDays(TODAY + DAY, TODAY), kept=ANY_DAY, today=TODAY)
        with pytest.raises(BadSaleDaysError, match="has passed"):
            check_sale_days(LAST_WEEK, kept=WEEK, today=TODAY)
        for days in (ANY_DAY, SaleDays(TODAY, TODAY), SaleDays(TODAY - DAY, TODAY)):
            check_sale_days(days, kept=ANY_DAY, today=TODAY)
        check_sale_days(LAST_WEEK, kept=LAST_WEEK, today=TODAY)

    def test_name_the_last_day_to_who_comes_too_late(self) -> None:
        last = date(2026, 12, 24)

        assert why_too_late("Goose", last, [last]) == ""
        assert why_too_late("Goose", None, [last]) == ""
        assert why_too_late("Goose", last, [last, last + DAY]) == (
            "Goose is on sale until 24 December 2026. Choose a day up to then."
        )


def stands(session: Session, offer_id: UUID) -> tuple[OfferState, bool]:
    """Return the state of an offer, and whether it waits."""
    offer = session.get_one(Offer, offer_id, populate_existing=True)
    return offer.state, offer.ready


class TestTheJob:
    def test_puts_an_offer_on_sale_on_its_first_day_and_takes_it_off_after_its_last(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(at=NOON)
        offer_id = make.offer(provider=owner, sale_days=NEXT_WEEK, at=NOON)

        def after(days: int) -> tuple[int, tuple[OfferState, bool]]:
            moved = commands.keep_sale_days(session, at=NOON + days * DAY)
            session.flush()
            return moved, stands(session, offer_id)

        assert after(0) == (0, (DRAFT, True))
        assert after(6) == (0, (DRAFT, True))
        assert after(7) == (1, (ON_SALE, False))
        assert after(7) == (0, (ON_SALE, False))
        assert after(13) == (0, (ON_SALE, False))
        assert after(14) == (1, (PAUSED, False))
        assert after(15) == (0, (PAUSED, False))
        said = [row.changes for row in queries.versions_of(session, offer_id=offer_id, by=owner)]
        assert said == [
            ("Its last day on sale is over.", "It was paused."),
            ("Its first day on sale came.", "It was published."),
            ("It was written.",),
        ]
        deeds = deeds_about(session, subject_id=offer_id)
        assert [(deed.what, deed.by_user_id) for deed in deeds][-2:] == [
            ("offer-on-sale", None),
            ("offer-paused", None),
        ]
        kinds = {row.kind for row in index_changes(session, limit=100)}
        assert kinds == {"offer", "provider"}

    def test_lets_what_was_paused_by_hand_be(self, session: Session, make: Make) -> None:
        owner = make.provider(at=NOON)
        waiting = make.offer(provider=owner, sale_days=NEXT_WEEK, at=NOON)
        on_sale = make.offer(provider=owner, sale_days=WEEK, at=NOON)
        for offer_id in (waiting, on_sale):
            commands.set_offer_state(session, offer_id=offer_id, state=PAUSED, by=owner, at=NOON)

        assert commands.keep_sale_days(session, at=NOON + 8 * DAY) == 0
        assert stands(session, waiting) == (DRAFT, False)
        assert stands(session, on_sale) == (PAUSED, False)

    def test_goes_by_the_clock_of_the_people(self, session: Session, make: Make) -> None:
        day = SaleDays(date(2026, 7, 1), None)
        offer_id = make.offer(provider=make.provider(at=NOON), sale_days=day, at=NOON)
        midnight = datetime(2026, 6, 30, 23, tzinfo=NOON.tzinfo)

        assert commands.keep_sale_days(session, at=midnight - timedelta(minutes=1)) == 0
        assert commands.keep_sale_days(session, at=midnight) == 1
        assert stands(session, offer_id) == (ON_SALE, False)

    def test_is_run_by_the_worker_and_twice_is_once(self, make: Make) -> None:
        offer_id = make.offer(provider=make.provider(at=NOON), sale_days=NEXT_WEEK, at=NOON)
        late = NOON + 8 * DAY

        assert keep_sale_days in JOBS
        assert (keep_sale_days(NOON), keep_sale_days(late), keep_sale_days(late)) == (0, 1, 0)
        with transaction() as session:
            assert stands(session, offer_id) == (ON_SALE, False)


class TestSellingForSomeDays:
    def rewrite(self, session: Session, offer_id: UUID, owner: Actor, days: SaleDays) -> None:
        make = replace(offer_wish(), offer_id=offer_id, sale_days=days)
        commands.change_offer(session, make, by=owner, at=NOON)

    def test_follows_days_that_are_changed(self, session: Session, make: Make) -> None:
        owner = make.provider(at=NOON)
        offer_id = make.offer(provider=owner, at=NOON)

        self.rewrite(session, offer_id, owner, NEXT_WEEK)
        assert stands(session, offer_id) == (PAUSED, True)
        newest = queries.versions_of(session, offer_id=offer_id, by=owner)[0]
        assert newest.changes[-3:] == (
            "The first day on sale is now 11 March 2026; there was none.",
            "The last day on sale is now 17 March 2026; there was none.",
            "It waits for its first day.",
        )
        self.rewrite(session, offer_id, owner, WEEK)
        assert stands(session, offer_id) == (ON_SALE, False)

    def test_keeps_its_days_when_an_older_version_is_put_back(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(at=NOON)
        offer_id = make.offer(provider=owner, sale_days=WEEK, at=NOON)
        self.rewrite(session, offer_id, owner, NEXT_WEEK)

        commands.put_back(session, offer_id=offer_id, number=1, by=owner, at=NOON)

        kept = queries.kept_offer(session, offer_id=offer_id, by=owner)
        assert (kept.sale_days, kept.ready) == (NEXT_WEEK, True)

    def test_cannot_begin_again_after_the_last_day(self, session: Session, make: Make) -> None:
        owner = make.provider(at=NOON)
        offer_id = make.offer(provider=owner, sale_days=WEEK, at=NOON)
        later = NOON + 8 * DAY
        commands.keep_sale_days(session, at=later)

        with pytest.raises(BadSaleDaysError) as refusal:
            commands.set_offer_state(session, offer_id=offer_id, state=ON_SALE, by=owner, at=later)
        assert str(refusal.value) == "The last day on sale was 10 March 2026. Change it first."

    def test_what_cannot_be_is_not_kept(self, session: Session, make: Make) -> None:
        owner = make.provider(at=NOON)
        wish = replace(offer_wish(), offer_id=uuid4(), sale_days=LAST_WEEK)

        with pytest.raises(BadSaleDaysError):
            commands.add_offer(session, wish, by=owner, at=NOON)
        kept = select(Offer.id).where(Offer.id == wish.offer_id)
        assert session.scalar(kept.execution_options(autoflush=False)) is None


def typed(day: date) -> str:
    """Write a day as people do."""
    return f"{day.day} {day.month} {day.year}"


class TestPages:
    def test_wait_for_the_first_day_and_say_so(self, sign_in: SignInAs, make: Make) -> None:
        today = local_day(clock.now())
        browser = sign_in(make.provider())
        days = SaleDays(today + 7 * DAY, today + 9 * DAY)
        browser.submit(
            browser.get("catalogue.add_offer"),
            "Publish this offer",
            data={
                "title": "A goose",
                "category": "company",
                "unit": "item",
                "price": "40",
                "on_sale_from": typed(today + 7 * DAY),
                "on_sale_until": typed(today + 9 * DAY),
            },
        )

        page = browser.follow()
        assert "Your offer is ready. It goes on sale by itself on" in page.text
        assert f"Ready {days.words}" in page.text
        page = browser.click(page, "A goose")
        browser.submit(page, "Pause this offer")
        assert "Ready" not in browser.follow().text

    def test_keep_all_that_was_typed_when_the_days_are_wrong(
        self, sign_in: SignInAs, make: Make
    ) -> None:
        today = local_day(clock.now())
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        browser = sign_in(owner)
        page = browser.get("catalogue.change_offer", offer_id=offer_id)

        def save(first: date, last: date) -> tuple[list[str], bool]:
            wrong = browser.submit(
                page, "Save", about="Crisp.", on_sale_from=typed(first), on_sale_until=typed(last)
            )
            kept = all(each in wrong.html for each in ("Crisp.", typed(first), typed(last)))
            return wrong.errors, kept

        assert save(today, today - DAY) == (["The last day is before the first day."], True)
        passed = ["The last day has passed. Choose a day to come, or leave it empty."]
        assert save(today - 9 * DAY, today - 2 * DAY) == (passed, True)

    def test_show_the_last_day_to_whoever_looks(self, sign_in: SignInAs, make: Make) -> None:
        last = local_day(clock.now()) + 5 * DAY
        offer_id = make.offer(sale_days=SaleDays(last=last))

        page = sign_in(make.person()).get("search.offer", offer_id=offer_id)

        assert f"Until {last.day} {last:%B %Y}. You cannot order it for a day after" in page.text

    def test_say_why_what_is_over_is_not_published(self, sign_in: SignInAs, make: Make) -> None:
        today = local_day(clock.now())
        owner = make.provider()
        at = clock.now() - 9 * DAY
        days = SaleDays(last=today - 2 * DAY)
        offer_id = make.offer(provider=owner, sale_days=days, at=at)
        keep_sale_days(clock.now())
        browser = sign_in(owner)

        page = browser.get("catalogue.change_offer", offer_id=offer_id)
        browser.submit(page, "Publish this offer")

        assert "The last day on sale was" in browser.follow().text
