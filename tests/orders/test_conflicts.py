"""Orders from which somebody near the person earns: shown, confirmed by the person, or refused."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.commands import DecideFamily, Declare
from marketplace.access.queries import NamedStore
from marketplace.access.rules import Actor, Basis, Role, Scope
from marketplace.councils import commands as councils
from marketplace.councils import queries as council_queries
from marketplace.councils.rules import FamilyCarers
from marketplace.kernel.errors import NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.commands import Decided
from marketplace.orders.errors import ConflictedError, FamilyCarerError, OwnStoreError
from marketplace.orders.rules import OrderState
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded

NOW = PAID_IN
BUYER = [Scope.PAY, Scope.PROPOSE, Scope.APPROVE, Scope.SEE]


def works_for(session: Session, helper: Actor, provider: Actor) -> None:
    access.add_membership(
        session,
        user_id=helper.user_id,
        organisation_id=provider.works_for,
        organisation_name="Green Hands",
        role=Role.PROVIDER_WORKER,
        by_user_id=None,
        at=NOW,
    )


def declares(
    session: Session, funded: Funded, helper: Actor, *providers: Actor, family: bool = False
) -> None:
    rows = access_queries.circle_of(session, person_id=funded.id)
    row_id = next(row.id for row in rows if row.supporter_id == helper.user_id)
    said = Declare(
        supporter_row_id=row_id,
        sells=bool(providers),
        family=family,
        stores=tuple(NamedStore(one.works_for, "Green Hands") for one in providers),
    )
    access.declare(session, said, by=helper, at=NOW)


def council_says(session: Session, funded: Funded, policy: FamilyCarers) -> None:
    card = council_queries.council(session, council_id=funded.council_id)
    wish = councils.CouncilPortal(
        **{
            name: getattr(card, name)
            for name in councils.CouncilPortal.__slots__
            if name != "family_carers"
        },
        family_carers=policy,
    )
    councils.change_council(
        session, funded.council_id, wish, by_user_id=funded.practitioner.user_id, at=NOW
    )


def approve(session: Session, order_id: UUID, by: Actor) -> Decided:
    return commands.approve_order(session, order_id=order_id, by=by, at=NOW)


class TestOwnStore:
    @pytest.mark.parametrize("how", ["works there", "declared"])
    def test_of_a_supporter_needs_the_persons_own_yes(
        self, session: Session, make: Make, how: str
    ) -> None:
        funded, provider = make.funded_person(name="Ann Hill"), make.provider()
        broker = make.supporter(
            person=funded.person, scopes=BUYER, basis=Basis.BROKER, name="Bo Marsh"
        )
        friend = make.supporter(person=funded.person, scopes=[Scope.APPROVE], name="Mo Reed")
        if how == "declared":
            declares(session, funded, broker, provider)
        else:
            works_for(session, broker, provider)

        deal = make.placed(funded=funded, provider=provider, by=broker)
        order = make.order(deal)
        by_friend = approve(session, deal.order_id, friend)
        by_person = approve(session, deal.order_id, funded.person)

        assert (order.state, order.needs_own_yes) == (OrderState.PROPOSED, True)
        assert order.conflict == "Bo Marsh (broker) earns from this store."
        assert order.missing == "the yes of Ann Hill themself"
        assert by_friend == Decided(missing="the yes of Ann Hill themself")
        assert by_person == Decided(placed=True)
        assert [(one.user_name, one.knowing) for one in make.order(deal).approvals] == [
            ("Mo Reed", "Bo Marsh (broker) earns from this store."),
            ("Ann Hill", "Bo Marsh (broker) earns from this store."),
        ]

    def test_is_shown_in_the_basket_before(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(name="Ann Hill"), make.provider()
        broker = make.supporter(person=funded.person, scopes=BUYER, name="Bo Marsh")
        works_for(session, broker, provider)
        make.in_basket(broker, make.offer(provider=provider))

        theirs = queries.basket(session, by=broker, at=NOW).groups[0]
        own = queries.basket(session, by=funded.person, at=NOW).groups[0]

        assert theirs.only_suggested
        assert theirs.waits.startswith("You earn from this store, so Ann Hill themself")
        assert not own.only_suggested
        assert own.conflict == theirs.conflict
        assert own.conflict.startswith("Bo Marsh (family or friend who helps) earns")

    def test_of_somebody_else_in_the_circle_is_known_when_the_person_orders(
        self, session: Session, make: Make
    ) -> None:
        funded, provider = make.funded_person(), make.provider()
        broker = make.supporter(person=funded.person, basis=Basis.BROKER, name="Bo Marsh")
        works_for(session, broker, provider)

        deal = make.placed(funded=funded, provider=provider)

        order = make.order(deal)
        assert order.state is OrderState.PLACED
        assert order.conflict == "Bo Marsh (broker) earns from this store."
        assert "Placed, knowing who earns from it" in [one.what for one in order.happened]

    def test_gives_no_yes_to_whoever_earns_from_it(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(name="Ann Hill"), make.provider(name="Green Hands")
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        seller = make.supporter(person=funded.person, scopes=[Scope.APPROVE])
        works_for(session, seller, provider)
        deal = make.placed(funded=funded, provider=provider, by=helper)

        with pytest.raises(ConflictedError, match="You earn from Green Hands"):
            approve(session, deal.order_id, seller)

    def test_counts_no_yes_of_whoever_came_to_earn_from_it(
        self, session: Session, make: Make
    ) -> None:
        funded, provider = make.funded_person(), make.provider()
        helper = make.supporter(person=funded.person, scopes=[Scope.PROPOSE])
        first, second = (
            make.supporter(person=funded.person, scopes=[Scope.APPROVE]) for _ in range(2)
        )
        access.choose_circle_rule(
            session, access.ChooseCircleRule(yeses=2), by=funded.person, at=NOW
        )
        deal = make.placed(funded=funded, provider=provider, by=helper)
        approve(session, deal.order_id, first)
        works_for(session, first, provider)

        assert approve(session, deal.order_id, second) == Decided(missing="one more yes")

    def test_of_the_person_is_refused_as_before(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(name="Ann Hill"), make.provider()
        helper = make.supporter(person=funded.person, scopes=BUYER)
        works_for(session, funded.person, provider)
        offer_id = make.offer(provider=provider)

        with pytest.raises(OwnStoreError, match="your own store"):
            make.in_basket(funded.person, offer_id)
        with pytest.raises(OwnStoreError, match="Ann Hill works for this store"):
            make.in_basket(helper, offer_id)

    def test_is_no_concern_once_the_part_has_ended(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        broker = make.supporter(person=funded.person, scopes=BUYER)
        works_for(session, broker, provider)
        row_id = access_queries.circle_of(session, person_id=funded.id)[0].id
        access.end_supporter(session, supporter_row_id=row_id, by=funded.person, at=NOW)

        assert make.order(make.placed(funded=funded, provider=provider)).conflict == ""


class TestFamily:
    @pytest.mark.parametrize("policy", FamilyCarers)
    def test_is_paid_as_the_council_says(
        self, session: Session, make: Make, policy: FamilyCarers
    ) -> None:
        funded, provider = make.funded_person(), make.provider()
        sister = make.supporter(person=funded.person, scopes=BUYER, name="Sue Hill")
        works_for(session, sister, provider)
        declares(session, funded, sister, family=True)
        council_says(session, funded, policy)

        if policy is FamilyCarers.ALLOWED:
            order = make.order(make.placed(funded=funded, provider=provider))
            assert order.conflict == "Sue Hill (family) earns from this store."
            return
        name = council_queries.council(session, council_id=funded.council_id).name
        with pytest.raises(FamilyCarerError, match=f"{name} has a rule"):
            make.placed(funded=funded, provider=provider)
        group = queries.basket(session, by=funded.person, at=NOW).groups[0]
        assert not group.ready
        assert "has a rule" in group.fault

    def test_is_paid_after_the_council_said_yes(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        council_says(session, funded, FamilyCarers.ASK)
        store = NamedStore(provider.works_for, "Green Hands")
        access.declare_family_carer(
            session, carer_id=uuid4(), store=store, who="My sister", by=funded.person, at=NOW
        )

        def decide(reason: str, *, agreed: bool) -> None:
            wish = DecideFamily(
                person_id=funded.id, provider_id=store.id, agreed=agreed, reason=reason
            )
            commands.decide_on_family(session, wish, by=funded.practitioner, at=NOW)

        waiting = queries.paid_family_of_council(
            session, council_id=funded.council_id, page=1, at=NOW
        )
        with pytest.raises(FamilyCarerError, match="has not decided about My sister"):
            make.placed(funded=funded, provider=provider)
        decide("Somebody else could.", agreed=False)
        with pytest.raises(FamilyCarerError, match="said no to My sister: Somebody else could"):
            make.placed(funded=funded, provider=provider)
        decide("It suits them.", agreed=True)
        order = make.order(make.placed(funded=funded, provider=provider))

        assert [(row.who, row.answer) for row in waiting.rows] == [("My sister", None)]
        assert order.state is OrderState.PLACED
        assert order.conflict == "My sister (family) earns from this store."

    def test_is_asked_again_with_the_last_yes(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        sister = make.supporter(person=funded.person, scopes=BUYER, name="Sue Hill")
        declares(session, funded, sister, provider, family=True)
        deal = make.placed(funded=funded, provider=provider, by=sister)

        council_says(session, funded, FamilyCarers.REFUSED)

        with pytest.raises(FamilyCarerError, match="family may not be paid"):
            approve(session, deal.order_id, funded.person)

    def test_is_decided_by_the_persons_own_council(self, session: Session, make: Make) -> None:
        funded, provider = make.funded_person(), make.provider()
        stranger = make.practitioner()
        wish = DecideFamily(
            person_id=funded.id, provider_id=provider.works_for, agreed=True, reason="Yes."
        )

        with pytest.raises(NotFoundError):
            commands.decide_on_family(session, wish, by=stranger, at=NOW)


class TestStoreNamed:
    @pytest.mark.parametrize(
        "typed", ["Green Hands", " green hands ", "https://market.example/stores/green-hands/"]
    )
    def test_finds_a_store_by_its_name_or_address(
        self, session: Session, make: Make, typed: str
    ) -> None:
        provider = make.provider(name="Green Hands")

        assert queries.store_named(session, typed) == NamedStore(provider.works_for, "Green Hands")

    def test_says_that_there_is_none(self, session: Session, make: Make) -> None:
        with pytest.raises(NotFoundError, match="We cannot find a store called Nobody"):
            queries.store_named(session, "Nobody")
