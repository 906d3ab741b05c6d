"""Rating what was delivered, replying once, and keeping ratings fair."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.commands import add_membership
from marketplace.access.rules import Actor, Role, Scope
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.models import IndexChange, Letter
from marketplace.ratings import commands, queries
from marketplace.ratings.errors import (
    AlreadyRepliedError,
    BadRatingError,
    NotDeliveredError,
    OwnStoreRatingError,
    PersonsOwnRatingError,
)
from marketplace.ratings.queries import RatingRow
from marketplace.ratings.rules import Answers, HidingRule, Standing
from tests.factories import Make
from tests.factories.orders import Deal
from tests.factories.payments import PAY_DAY

GOOD = Answers(on_time=True, to_standard=True, again=True, score=5, words="Kind and careful.")
BAD = Answers(on_time=False, to_standard=False, again=False, score=1, words="Never came.")


@pytest.fixture
def deal(make: Make) -> Deal:
    """Return an order of which something was delivered and confirmed."""
    deal = make.accepted()
    make.confirmed(deal)
    return deal


@pytest.fixture
def moderator(make: Make, deal: Deal) -> Actor:
    return make.staff(organisation_id=deal.funded.council_id, role=Role.MODERATOR)


def visible(session: Session, deal: Deal) -> list[RatingRow]:
    """Return the ratings of a deal's provider that everybody reads."""
    return queries.ratings_of(session, provider_id=deal.provider.works_for)


def standing(session: Session, deal: Deal) -> Standing:
    """Return what the ratings of a deal's provider add up to."""
    provider_id = deal.provider.works_for
    return queries.standing(session, provider_ids=[provider_id])[provider_id]


class TestRateOrder:
    def test_is_read_by_everybody(self, session: Session, deal: Deal) -> None:
        commands.rate_order(session, deal.order_id, BAD, by=deal.person, at=PAY_DAY)

        (rating,) = visible(session, deal)
        assert (rating.score, rating.words, rating.by_supporter) == (1, "Never came.", False)
        assert standing(session, deal) == Standing(
            count=1,
            mean_tenths=10,
            shrunken_tenths=33,
            on_time_percent=0,
            to_standard_percent=0,
            again_percent=0,
            spread=(1, 0, 0, 0, 0),
        )

    def test_can_be_changed_and_stays_one(self, session: Session, deal: Deal) -> None:
        commands.rate_order(session, deal.order_id, BAD, by=deal.person, at=PAY_DAY)
        later = PAY_DAY + timedelta(days=1)

        commands.rate_order(session, deal.order_id, GOOD, by=deal.person, at=later)

        (rating,) = visible(session, deal)
        assert (rating.score, rating.written_at, rating.changed_at) == (5, PAY_DAY, later)

    def test_asks_for_the_provider_to_be_indexed_again(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        make.rating(deal, at=PAY_DAY)

        change = session.scalars(select(IndexChange).where(IndexChange.asked_at == PAY_DAY)).one()
        assert (change.kind, change.subject_id) == ("provider", deal.provider.works_for)

    def test_says_that_a_supporter_wrote_it(self, session: Session, make: Make, deal: Deal) -> None:
        supporter = make.supporter(person=deal.person, scopes=[Scope.PAY])

        commands.rate_order(session, deal.order_id, GOOD, by=supporter, at=PAY_DAY)

        assert visible(session, deal)[0].by_supporter

    def test_lets_the_person_write_over_a_supporter_but_not_the_other_way(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        supporter = make.supporter(person=deal.person, scopes=[Scope.PAY])
        commands.rate_order(session, deal.order_id, BAD, by=supporter, at=PAY_DAY)
        commands.rate_order(session, deal.order_id, GOOD, by=deal.person, at=PAY_DAY)

        with pytest.raises(PersonsOwnRatingError):
            commands.rate_order(session, deal.order_id, BAD, by=supporter, at=PAY_DAY)

        assert [row.by_supporter for row in visible(session, deal)] == [False]

    def test_waits_for_a_confirmed_delivery(self, session: Session, make: Make) -> None:
        deal = make.accepted()

        with pytest.raises(NotDeliveredError):
            commands.rate_order(session, deal.order_id, GOOD, by=deal.person, at=PAY_DAY)

    def test_does_not_find_somebody_elses_order(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        with pytest.raises(NotFoundError):
            commands.rate_order(session, deal.order_id, GOOD, by=make.person(), at=PAY_DAY)

    def test_does_not_find_somebody_elses_open_order(self, session: Session, make: Make) -> None:
        deal = make.placed()

        with pytest.raises(NotFoundError):
            commands.rate_order(session, deal.order_id, GOOD, by=make.person(), at=PAY_DAY)

    def test_refuses_a_supporter_who_works_there(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        supporter = make.supporter(person=deal.person, scopes=[Scope.PAY])
        hire(make, supporter, deal)

        with pytest.raises(OwnStoreRatingError):
            commands.rate_order(session, deal.order_id, GOOD, by=supporter, at=PAY_DAY)

    def test_refuses_a_person_who_works_there(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        supporter = make.supporter(person=deal.person, scopes=[Scope.PAY])
        hire(make, deal.person, deal)

        for author in (deal.person, supporter):
            with pytest.raises(OwnStoreRatingError):
                commands.rate_order(session, deal.order_id, GOOD, by=author, at=PAY_DAY)


class TestReply:
    def test_is_read_beside_the_rating(self, session: Session, make: Make, deal: Deal) -> None:
        rating_id = make.rating(deal)

        commands.reply(session, rating_id, "Thank you.", by=deal.provider, at=PAY_DAY)
        commands.reply(session, rating_id, "Thank you.", by=deal.provider, at=PAY_DAY)

        assert visible(session, deal)[0].reply == "Thank you."

    def test_is_given_once(self, session: Session, make: Make, deal: Deal) -> None:
        rating_id = make.rating(deal)
        commands.reply(session, rating_id, "Thank you.", by=deal.provider, at=PAY_DAY)

        with pytest.raises(AlreadyRepliedError):
            commands.reply(session, rating_id, "No.", by=deal.provider, at=PAY_DAY)

    def test_needs_words(self, session: Session, make: Make, deal: Deal) -> None:
        with pytest.raises(BadRatingError, match="Write your reply"):
            commands.reply(session, make.rating(deal), "  ", by=deal.provider, at=PAY_DAY)

    def test_is_the_rated_stores_alone(self, session: Session, make: Make, deal: Deal) -> None:
        with pytest.raises(NotFoundError):
            commands.reply(session, make.rating(deal), "Ha.", by=make.provider(), at=PAY_DAY)


class TestHideRating:
    def test_takes_it_out_of_sight_and_out_of_the_mean(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id = make.rating(deal)

        hide(session, rating_id, moderator)

        assert visible(session, deal) == []
        assert standing(session, deal) == Standing()

    def test_tells_its_author_the_rule_and_the_reason(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        hide(session, make.rating(deal), moderator)

        (rating,) = queries.ratings_by(session, person_id=deal.person.buys_for)
        assert (rating.hidden_rule, rating.hidden_reason) == (
            HidingRule.NAMES_SOMEBODY,
            "It names a worker.",
        )
        letter = session.scalars(select(Letter).where(Letter.template == "rating_hidden")).one()
        assert letter.to == make.email_of(deal.person)
        assert letter.values["reason"] == "It names a worker."

    def test_needs_a_reason(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id = make.rating(deal)

        with pytest.raises(BadRatingError):
            commands.hide_rating(
                session, rating_id, HidingRule.INSULTS, " ", by=moderator, at=PAY_DAY
            )

    def test_is_for_moderators_of_the_council_that_paid(
        self, session: Session, make: Make, deal: Deal
    ) -> None:
        stranger = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        with pytest.raises(NotFoundError):
            hide(session, make.rating(deal), stranger)

    def test_can_be_undone(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id = make.rating(deal)
        hide(session, rating_id, moderator)

        commands.show_again(session, rating_id, by=moderator, at=PAY_DAY)
        commands.show_again(session, rating_id, by=moderator, at=PAY_DAY)

        assert len(visible(session, deal)) == 1

    def test_lasts_when_the_words_are_changed_and_comes_first_for_moderators(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        hide(session, make.rating(deal), moderator)
        other = make.accepted(funded=deal.funded)
        make.confirmed(other)
        make.rating(other, at=PAY_DAY + timedelta(hours=1))

        later = PAY_DAY + timedelta(days=1)
        commands.rate_order(session, deal.order_id, GOOD, by=deal.person, at=later)

        assert visible(session, deal) == []
        found = queries.to_moderate(session, council_id=moderator.works_for).rows
        assert [row.changed_since_hidden for row in found] == [True, False]


class TestReportRating:
    def test_puts_it_before_a_moderator_once(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id, reader = make.rating(deal), make.person()

        for _ in range(2):
            commands.report_rating(
                session, rating_id, HidingRule.INSULTS, "Rude.", by=reader, at=PAY_DAY
            )

        (row,) = queries.to_moderate(session, council_id=moderator.works_for).rows
        assert [(report.rule, report.words) for report in row.reports] == [
            (HidingRule.INSULTS, "Rude.")
        ]

    def test_is_settled_when_a_moderator_leaves_the_rating(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id = make.rating(deal)
        report(session, rating_id, make.person())

        commands.keep_rating(session, rating_id, by=moderator, at=PAY_DAY)

        found = queries.rating_to_moderate(session, rating_id=rating_id, seen_by=moderator)
        assert found.reports == ()
        assert len(visible(session, deal)) == 1

    def test_finds_no_rating_that_is_hidden(
        self, session: Session, make: Make, deal: Deal, moderator: Actor
    ) -> None:
        rating_id = make.rating(deal)
        hide(session, rating_id, moderator)

        with pytest.raises(NotFoundError):
            report(session, rating_id, make.person())


def test_a_standing_counts_every_score(session: Session, make: Make) -> None:
    provider = make.provider()
    for score in (5, 5, 2):
        deal = make.accepted(provider=provider)
        make.confirmed(deal)
        make.rating(deal, score=score, on_time=score > 2)

    found = queries.standing(session, provider_ids=None)[provider.works_for]

    assert (found.count, found.mean_tenths, found.spread) == (3, 40, (0, 1, 0, 0, 2))
    assert (found.on_time_percent, found.again_percent) == (67, 100)


def hide(session: Session, rating_id: UUID, moderator: Actor) -> None:
    """Hide a rating because it names somebody."""
    rule, reason = HidingRule.NAMES_SOMEBODY, "It names a worker."
    commands.hide_rating(session, rating_id, rule, reason, by=moderator, at=PAY_DAY)


def report(session: Session, rating_id: UUID, reader: Actor) -> None:
    """Say that a rating insults somebody."""
    commands.report_rating(session, rating_id, HidingRule.INSULTS, "", by=reader, at=PAY_DAY)


def hire(make: Make, somebody: Actor, deal: Deal) -> None:
    """Let somebody work for a deal's provider."""
    with make.block() as session:
        add_membership(
            session,
            user_id=somebody.user_id,
            organisation_id=deal.provider.works_for,
            organisation_name=deal.provider.organisation_name,
            role=Role.PROVIDER_WORKER,
            by_user_id=None,
            at=PAY_DAY,
        )
