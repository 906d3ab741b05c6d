"""Asking the market: what is kept, what is seen, and who is told."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role, Scope
from marketplace.asking import commands, queries
from marketplace.asking.commands import PostAsk
from marketplace.asking.errors import BadAskError, TooManyAsksError
from marketplace.asking.models import Ask, Telling
from marketplace.asking.rules import BudgetPer, Often
from marketplace.catalogue.commands import pause_store
from marketplace.catalogue.rules import CheckState, ProviderKind
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

TODAY = date(2026, 3, 4)


def wish(**more: object) -> PostAsk:
    """Return a wish for company near LS6."""
    some = {
        "ask_id": uuid4(),
        "title": "Somebody to swim with",
        "words": "On Tuesdays.",
        "category": "company",
        "near": "LS6 3HN",
    }
    return PostAsk(**some | more)  # type: ignore[arg-type]


def told(session: Session, *providers: Actor) -> list[bool]:
    """Tell which of some providers were told of an ask."""
    found = set(session.scalars(select(Telling.provider_id)))
    return [each.works_for in found for each in providers]


class TestPosting:
    def test_keeps_what_was_said_and_shows_only_what_may_be_seen(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(
            funded.person,
            title="Ada wants to swim",
            words="I live at 14 Heron Street, LS6 3HN. Ring 01632 960777.",
            often=Often.WEEKLY,
            days=("tue",),
            budget=Money(20_00),
        )

        kept = session.get_one(Ask, ask_id)
        assert kept.words == "I live at 14 Heron Street, LS6 3HN. Ring 01632 960777."
        assert kept.seen_title == "[left out] wants to swim"
        assert kept.seen_words == "I live at [left out], [left out]. Ring [left out]."
        assert (kept.district, kept.council_id) == ("LS6", funded.council_id)
        assert (kept.budget_per, kept.budget_shown) == (BudgetPer.HOUR, False)
        assert "3HN" not in kept.place + kept.district

    def test_sent_twice_is_one_ask(self, session: Session, make: Make, funded: Funded) -> None:
        make.approved(council_id=funded.council_id)
        twice = wish()

        for _ in range(2):
            commands.post_ask(session, twice, by=funded.person, at=PAID_IN)

        assert queries.asks_of(session, by=funded.person).total == 1
        assert len(session.scalars(select(Telling)).all()) == 1

    def test_waits_the_councils_days_unless_told_otherwise(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        first = session.get_one(Ask, make.ask(funded.person))
        until = TODAY + timedelta(days=20)
        second = session.get_one(Ask, make.ask(funded.person, answers_until=until))

        assert (first.answers_until, first.unmet_on) == (date(2026, 3, 11), date(2026, 3, 12))
        assert (second.answers_until, second.unmet_on) == (until, date(2026, 3, 12))

    def test_a_town_is_named_beside_the_district(self, session: Session, make: Make) -> None:
        ask_id = make.ask(make.person(), near="Skipton")

        kept = session.get_one(Ask, ask_id)
        assert (kept.place, kept.council_id) == ("Skipton", None)

    def test_the_preview_is_exactly_what_providers_see(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        provider = make.approved(council_id=funded.council_id)
        sent = wish(
            title="Ada wants to swim",
            days=("mon", "tue"),
            languages=("urdu",),
            gender="woman",
            for_whom=("autism",),
            times=("morning",),
            from_on=TODAY,
            budget=Money(14_00),
            budget_shown=True,
        )

        before = commands.preview_ask(session, sent, by=funded.person, at=PAID_IN)
        commands.post_ask(session, sent, by=funded.person, at=PAID_IN)

        after = queries.ask_near(session, ask_id=sent.ask_id, by=provider, at=PAID_IN).seen
        assert before.seen == after
        assert before.left_out == ("a name",)
        assert [words for words, _ in after.in_words] == [
            *("Kind of support", "Where", "How often", "Days", "Times", "From"),
            *("Who it is for", "Language", "Who should come", "Money they think of"),
            "Answers until",
        ]

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"title": " "}, "title"),
            ({"title": "x" * 81}, "title"),
            ({"words": ""}, "words"),
            ({"words": "x" * 3_001}, "words"),
            ({"category": "magic"}, "category"),
            ({"near": "Nowhere-at-all"}, "near"),
            ({"near": "ZZ99 9ZZ"}, "near"),
            ({"from_on": date(2026, 3, 3)}, "from_on"),
            ({"answers_until": date(2026, 3, 3)}, "answers_until"),
            ({"answers_until": date(2026, 5, 4)}, "answers_until"),
        ],
    )
    def test_says_beside_what_is_missing(
        self, session: Session, make: Make, funded: Funded, more: dict[str, object], field: str
    ) -> None:
        make.category()

        with pytest.raises(BadAskError) as refused:
            commands.post_ask(session, wish(**more), by=funded.person, at=PAID_IN)
        assert refused.value.field == field

    def test_ten_open_ones_are_enough(self, session: Session, make: Make, funded: Funded) -> None:
        for _ in range(10):
            make.ask(funded.person)

        with pytest.raises(TooManyAsksError, match="Close one of them first"):
            make.ask(funded.person)


class TestWhoMay:
    def test_a_supporter_who_suggests_asks_in_the_persons_name(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE], name="Sam Hill")
        ask_id = make.ask(helper, words="Ada is Sam’s aunt.")

        kept = session.get_one(Ask, ask_id)
        assert (kept.person_id, kept.asked_by_name) == (funded.id, "Sam Hill")
        assert kept.seen_words == "[left out] is [left out]’s aunt."
        assert queries.asks_of(session, by=funded.person).total == 1

    def test_who_only_looks_may_not(self, session: Session, make: Make, funded: Funded) -> None:
        make.category()
        looks = make.supporter(person=funded.person, scopes=[Scope.SEE])

        with pytest.raises(NotAllowedError):
            commands.post_ask(session, wish(), by=looks, at=PAID_IN)
        with pytest.raises(NotFoundError):
            queries.asks_of(session, by=looks)

    def test_nobody_else_reads_it(self, session: Session, make: Make, funded: Funded) -> None:
        ask_id = make.ask(funded.person)

        for other in (make.person(), make.provider(), funded.practitioner):
            with pytest.raises(NotFoundError):
                queries.ask_for(session, ask_id=ask_id, by=other, at=PAID_IN)


class TestTelling:
    def test_only_checked_open_stores_that_sell_it_there(
        self, session: Session, make: Make
    ) -> None:
        council_id = make.council(opens_unchecked=False)
        funded = make.funded_person(council_id=council_id)
        checked = make.approved(council_id=council_id)
        applied = make.provider()
        make.standing(provider=applied, council_id=council_id, state=CheckState.APPLIED)
        suspended = make.provider()
        make.standing(provider=suspended, council_id=council_id, state=CheckState.SUSPENDED)
        elsewhere = make.approved(council_id=make.council(districts=("BD1",)))
        far = make.approved(council_id=council_id, postcode="BS5 6AA")
        paused = make.approved(council_id=council_id)
        pause_store(session, by=paused, at=PAID_IN)
        unknown = make.provider()

        make.ask(funded.person)

        found = told(session, checked, applied, suspended, elsewhere, far, paused, unknown)
        assert found == [True, False, False, False, False, False, False]

    def test_small_and_large_alike(self, session: Session, make: Make, funded: Funded) -> None:
        stores = [make.approved(council_id=funded.council_id, kind=kind) for kind in ProviderKind]

        make.ask(funded.person)

        assert told(session, *stores) == [True] * len(ProviderKind)

    def test_nobody_is_asked_to_answer_themself(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        own = make.approved(council_id=funded.council_id, owner=funded.person)

        make.ask(funded.person)

        assert told(session, own) == [False]

    def test_the_letter_says_where_and_what_kind_and_nothing_else(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        provider = make.approved(council_id=funded.council_id)
        make.ask(funded.person, words="I am shy.")

        to = make.email_of(provider)
        [letter] = session.scalars(
            select(Letter).where(Letter.to == to, Letter.template == "ask_near")
        )
        assert letter.subject == "Somebody in LS6 asks for help: Company"
        assert "shy" not in str(letter.values)
        assert "Ada" not in str(letter.values)

    def test_who_wants_no_letters_still_has_the_list(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        quiet = make.approved(council_id=funded.council_id)
        for wanted in (False, False):
            commands.choose_letters(session, wanted=wanted, by=quiet, at=PAID_IN)
        assert queries.wants_no_letters(session, provider_id=quiet.works_for)
        make.ask(funded.person)

        assert session.scalars(select(Letter).where(Letter.template == "ask_near")).all() == []
        assert queries.asks_near(session, by=quiet, at=PAID_IN).total == 1
        for wanted in (True, True):
            commands.choose_letters(session, wanted=wanted, by=quiet, at=PAID_IN)
        assert not queries.wants_no_letters(session, provider_id=quiet.works_for)

    def test_only_who_looks_after_the_store_chooses_that(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        provider = make.approved(council_id=funded.council_id)
        worker = make.staff(organisation_id=provider.works_for, role=Role.PROVIDER_WORKER)

        with pytest.raises(NotAllowedError):
            commands.choose_letters(session, wanted=False, by=worker, at=PAID_IN)

    def test_who_comes_later_is_told_the_next_day_and_nobody_twice(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        early = make.approved(council_id=funded.council_id)
        ask_id = make.ask(funded.person)
        late = make.approved(council_id=funded.council_id)
        tomorrow = PAID_IN + timedelta(days=1)

        assert queries.asks_to_tell(session, at=PAID_IN) == []
        assert commands.tell_more_of(session, ask_id, at=PAID_IN) == 0
        assert queries.asks_to_tell(session, at=tomorrow) == [ask_id]
        assert [commands.tell_more_of(session, ask_id, at=tomorrow) for _ in range(2)] == [1, 0]
        assert told(session, early, late) == [True, True]
        assert queries.asks_to_tell(session, at=tomorrow) == []

    def test_enough_answers_are_enough(self, session: Session, make: Make, funded: Funded) -> None:
        stores = [make.approved(council_id=funded.council_id) for _ in range(5)]
        ask_id = make.ask(funded.person)
        for each in stores:
            make.answer(ask_id, each)
        make.approved(council_id=funded.council_id)

        assert commands.tell_more_of(session, ask_id, at=PAID_IN + timedelta(days=1)) == 0

    def test_nobody_is_told_once_the_time_is_over(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        ask_id = make.ask(funded.person)
        make.approved(council_id=funded.council_id)

        assert commands.tell_more_of(session, ask_id, at=PAID_IN + timedelta(days=8)) == 0
        assert commands.tell_more_of(session, uuid4(), at=PAID_IN) == 0


class TestModeration:
    def test_takes_it_down_and_says_why(self, session: Session, make: Make, funded: Funded) -> None:
        provider = make.approved(council_id=funded.council_id)
        moderator = make.staff(organisation_id=funded.council_id, role=Role.MODERATOR)
        ask_id = make.ask(funded.person)
        make.answer(ask_id, provider)
        [listed] = queries.asks_to_moderate(session, by=moderator).rows
        assert (listed.id, listed.told) == (ask_id, 1)

        for _ in range(2):
            commands.take_down(session, ask_id, "It is an advert.", by=moderator, at=PAID_IN)

        shown = queries.ask_for(session, ask_id=ask_id, by=funded.person, at=PAID_IN)
        assert (shown.state.value, shown.reason) == ("taken_down", "It is an advert.")
        letters = select(Letter.template).where(
            Letter.template.in_(["ask_taken_down", "ask_thanked"])
        )
        assert sorted(session.scalars(letters)) == ["ask_taken_down", "ask_thanked"]
        assert queries.asks_to_moderate(session, by=moderator).total == 0
        assert queries.ask_to_moderate(session, ask_id=ask_id, by=moderator).reason

    def test_needs_a_reason_and_the_right_council(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        moderator = make.staff(organisation_id=funded.council_id, role=Role.MODERATOR)
        ask_id = make.ask(funded.person)

        with pytest.raises(BadAskError):
            commands.take_down(session, ask_id, " ", by=moderator, at=PAID_IN)
        elsewhere = replace(moderator, organisation_id=make.council())
        for by in (elsewhere, funded.practitioner):
            with pytest.raises(NotFoundError):
                commands.take_down(session, ask_id, "Why not.", by=by, at=PAID_IN)
        with pytest.raises(NotFoundError):
            queries.asks_to_moderate(session, by=funded.practitioner)
        with pytest.raises(NotFoundError):
            queries.ask_to_moderate(session, ask_id=ask_id, by=elsewhere)

    def test_what_belongs_to_no_council_is_everybodys(self, session: Session, make: Make) -> None:
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)
        ask_id = make.ask(make.person(), near="BS5")

        commands.take_down(session, ask_id, "It is an advert.", by=moderator, at=PAID_IN)
        assert session.get_one(Ask, ask_id).council_id is None
