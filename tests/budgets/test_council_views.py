"""What a council sees of a person's own money: what the person chose, never more."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Scope
from marketplace.audit import queries as audit
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import PayIn, RecordPurchase
from marketplace.budgets.queries import CouncilSees
from marketplace.budgets.rules import Spend
from marketplace.budgets.rules.council_views import Shows
from marketplace.kernel.errors import ConflictError, NotAllowedError
from marketplace.kernel.money import Money
from tests.browser import Page
from tests.conftest import NOON, SignInAs
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded


@dataclass(frozen=True)
class Case:
    """Somebody with council money and own money, who bought two things with their own."""

    funded: Funded
    own_line_id: UUID

    @property
    def person(self) -> Actor:
        """Whose money it is."""
        return self.funded.person


@pytest.fixture
def case(make: Make) -> Case:
    """Spend £13.00 on company and £4.00 on the garden, from own money."""
    funded = make.funded_person(name="Sam Hill")
    make.category("company")
    make.category("garden")
    provider = make.provider(name="Amber Lane Help")
    with make.block() as session:
        line_id = commands.own_line(
            session,
            person_id=funded.id,
            council_id=funded.council_id,
            by_user_id=funded.id,
            at=PAID_IN,
        )
        commands.pay_in(
            session,
            line_id=line_id,
            key="test",
            amount=Money(50_00),
            why=PayIn.BANK_TRANSFER,
            by_user_id=None,
            at=PAID_IN,
        )
        for amount, category in ((Money(13_00), "company"), (Money(4_00), "garden")):
            spend = Spend.of(
                amount,
                order_id=uuid4(),
                council_id=funded.council_id,
                category=category,
                provider_id=provider.works_for,
                line_ids=(line_id,),
            )
            commands.hold(session, spend=spend, person_id=funded.id, by=funded.person, at=PAID_IN)
            commands.capture(
                session,
                order_id=spend.order_id,
                key=f"test/{category}",
                amount=amount,
                provider_id=provider.works_for,
                at=PAID_IN,
            )
    return Case(funded, line_id)


def choose(session: Session, case: Case, shows: Shows, *, by: Actor | None = None) -> None:
    """Choose what the council sees."""
    commands.choose_council_view(
        session,
        council_id=case.funded.council_id,
        shows=shows,
        by=by or case.person,
        at=NOON,
    )


def seen(session: Session, case: Case) -> CouncilSees:
    """Return what the council sees."""
    return queries.council_sees(
        session, person_id=case.funded.id, council_id=case.funded.council_id, at=NOON
    )


class TestCouncilSees:
    def test_shows_only_the_total_of_own_money_unless_chosen(
        self, session: Session, case: Case
    ) -> None:
        found = seen(session, case)

        assert [line.id for line in found.lines] == [case.funded.line_id]
        assert (found.own.shows, found.own.spent) == (Shows.TOTALS, Money(17_00))
        assert (found.own.categories, found.own.lines) == ((), ())

    def test_shows_categories_if_chosen(self, session: Session, case: Case) -> None:
        choose(session, case, Shows.CATEGORIES)

        found = seen(session, case)

        assert found.own.categories == (("Company", Money(13_00)), ("Garden", Money(4_00)))
        assert found.own.lines == ()

    def test_tells_what_was_bought_elsewhere_on_the_day_it_was_paid(
        self, session: Session, make: Make
    ) -> None:
        funded = make.funded_person()
        fare = RecordPurchase(
            purchase_id=uuid4(), amount=Money(3_00), what="A fare", paid_on=PAID_IN.date()
        )
        late = NOON + timedelta(days=9)
        commands.record_purchase(session, fare, by=funded.person, at=late)

        found = queries.council_sees(
            session, person_id=funded.id, council_id=funded.council_id, at=late
        )

        assert [(each.on, each.what) for each in found.bought] == [(fare.paid_on, "Elsewhere")]

    def test_shows_each_thing_if_chosen(self, session: Session, case: Case) -> None:
        choose(session, case, Shows.LINES)

        bought = [(each.category, each.what, each.amount) for each in seen(session, case).own.lines]

        assert sorted(bought, key=str) == [
            ("Company", "Amber Lane Help", Money(13_00)),
            ("Garden", "Amber Lane Help", Money(4_00)),
        ]

    def test_is_for_each_council_apart(self, session: Session, case: Case, make: Make) -> None:
        other = make.practitioner()
        make.line(person=case.person, practitioner=other)
        choose(session, case, Shows.LINES)

        found = queries.councils_see(session, person_id=case.funded.id, at=NOON)

        by_council = {each.council_id: each for each in found}
        assert by_council[other.works_for].own.shows is Shows.TOTALS
        assert by_council[other.works_for].own.spent == Money(0)
        assert len(by_council[other.works_for].lines) == 1

    def test_leaves_own_money_out_of_the_council_s_list(self, session: Session, case: Case) -> None:
        page = queries.people_of_council(session, council_id=case.funded.council_id)

        [row] = [row for row in page.rows if row.id == case.funded.id]
        assert (row.lines, row.available) == (1, Money(100_00))

    def test_always_shows_each_thing_bought_with_the_council_s_money(
        self, session: Session, make: Make
    ) -> None:
        deal = make.accepted(provider=make.provider(name="Amber Lane Help"))
        make.confirmed(deal)

        found = queries.council_sees(
            session, person_id=deal.funded.id, council_id=deal.funded.council_id, at=NOON
        )

        assert [(each.what, each.amount) for each in found.bought] == [
            ("Amber Lane Help", Money(30_00))
        ]
        assert found.own.spent == Money(0)


class TestChooseCouncilView:
    def test_can_be_changed_and_is_written_down(self, session: Session, case: Case) -> None:
        choose(session, case, Shows.LINES)
        choose(session, case, Shows.TOTALS)

        assert seen(session, case).own.shows is Shows.TOTALS
        deed = audit.deeds_of(session, chain_id=case.funded.id)[0]
        assert (deed.what, deed.details) == ("council-view-chosen", '{"shows":"totals"}')

    def test_is_not_for_a_supporter_who_may_not_change_the_circle(
        self, session: Session, case: Case, make: Make
    ) -> None:
        every_other = [scope for scope in Scope if scope is not Scope.MANAGE_CIRCLE]
        helper = make.supporter(person=case.person, scopes=every_other)

        with pytest.raises(NotAllowedError, match="Sam Hill has not let you choose"):
            choose(session, case, Shows.LINES, by=helper)

        manager = make.supporter(person=case.person, scopes=[Scope.MANAGE_CIRCLE])
        choose(session, case, Shows.CATEGORIES, by=manager)
        assert seen(session, case).own.shows is Shows.CATEGORIES

    def test_refuses_a_council_they_do_not_belong_to(
        self, session: Session, case: Case, make: Make
    ) -> None:
        with pytest.raises(ConflictError, match="you do not belong to it"):
            commands.choose_council_view(
                session, council_id=make.council(), shows=Shows.LINES, by=case.person, at=NOON
            )


class TestPages:
    def test_show_the_person_and_the_council_the_same(self, case: Case, sign_in: SignInAs) -> None:
        person, council = sign_in(case.person), sign_in(case.funded.practitioner)

        def theirs() -> Page:
            return council.get("budgets.person", person_id=case.funded.id)

        mine = person.get("budgets.council_views")
        assert "£17.00 in all." in mine.text
        assert "£17.00 in all." in theirs().text
        assert "£13.00" not in theirs().text
        assert "Amber Lane Help" not in theirs().text

        done = person.submit(mine, "Choose this", shows="lines")

        assert "Amber Lane Help" in person.follow(done).text
        assert "Amber Lane Help" in theirs().text
        assert "Now it is: each thing that was bought." in theirs().text

    @pytest.mark.sqlite_only
    def test_offer_no_choice_to_a_supporter_who_only_sees(
        self, case: Case, make: Make, sign_in: SignInAs
    ) -> None:
        helper = sign_in(make.supporter(person=case.person))

        page = helper.get("budgets.council_views")

        assert "£17.00 in all." in page.text
        assert "Choose this" not in page.text
        refused = helper.post(
            "budgets.choose_council_view", {"shows": "lines"}, council_id=case.funded.council_id
        )
        assert refused.status == 403

    @pytest.mark.sqlite_only
    def test_lead_who_may_choose_but_not_see_to_the_circle(
        self, case: Case, make: Make, sign_in: SignInAs
    ) -> None:
        manager = make.supporter(person=case.person, scopes=[Scope.MANAGE_CIRCLE])
        browser = sign_in(manager)
        browser.get("access.circle")

        done = browser.post(
            "budgets.choose_council_view", {"shows": "lines"}, council_id=case.funded.council_id
        )

        assert done.location == "/circle"

    @pytest.mark.sqlite_only
    def test_refuse_a_choice_that_is_none(self, case: Case, sign_in: SignInAs) -> None:
        person = sign_in(case.person)
        person.get("budgets.council_views")

        answer = person.post(
            "budgets.choose_council_view", {"shows": "nothing"}, council_id=case.funded.council_id
        )

        assert answer.status == 404

    @pytest.mark.sqlite_only
    def test_invite_who_belongs_to_no_council(self, make: Make, sign_in: SignInAs) -> None:
        page = sign_in(make.person()).get("budgets.council_views")

        assert "No council sees anything" in page.text
