"""Money put together: pools made and joined, money put in and taken out."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.access.rules import Basis, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import (
    MakePool,
)
from marketplace.budgets.errors import BadLineError, PoolError
from marketplace.budgets.models import PoolConsent
from marketplace.budgets.rules import MemberState
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.outbox.models import Letter
from marketplace.wallet import queries as ledger
from tests.factories import Make
from tests.factories.money import PAID_IN
from tests.factories.pools import Pooled


def amounts(view: queries.PoolView) -> dict[str, tuple[Money, Money, Money]]:
    """Return what each member's shares have free, set aside and paid."""
    return {m.name: (m.available, m.held, m.spent) for m in view.members}


def all_is_well(session: Session) -> None:
    """Hold the books against each other."""
    assert ledger.problems(session) == []
    assert queries.problems(session) == []


def own_money(make: Make, pooled: Pooled, member: int = 0) -> Money:
    """Return what a member has to spend outside the pool."""
    return make.lines(pooled.members[member])[0].available


class TestMakePool:
    def test_has_its_maker_in_it_who_said_yes(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])

        view = make.pool_view(pooled)

        assert (view.name, view.purpose) == ("The garden", "A gardener we share.")
        assert [(m.name, m.state) for m in view.members] == [("Maya", MemberState.IN)]
        assert "I join the pool called The garden" in view.words
        all_is_well(session)

    def test_twice_is_one(self, session: Session, make: Make) -> None:
        maya = make.funded_person()
        wish = MakePool(pool_id=uuid4(), name="A", purpose="B", council_id=maya.council_id)

        for _ in range(2):
            commands.make_pool(session, wish, by=maya.person, at=PAID_IN)

        assert session.scalar(select(func.count()).select_from(PoolConsent)) == 1

    def test_of_somebody_else_is_not_found(self, session: Session, make: Make) -> None:
        pooled = make.pool()
        other = make.funded_person(council_id=pooled.council_id)
        wish = MakePool(pool_id=pooled.pool_id, name="A", purpose="B", council_id=pooled.council_id)

        with pytest.raises(NotFoundError):
            commands.make_pool(session, wish, by=other.person, at=PAID_IN)

    @pytest.mark.parametrize(
        ("name", "purpose", "asks_from", "field"),
        [
            (" ", "For us", ZERO, "name"),
            ("n" * 61, "For us", ZERO, "name"),
            ("Us", " ", ZERO, "purpose"),
            ("Us", "For us", Money(-1), "asks_from"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, session: Session, make: Make, name: str, purpose: str, asks_from: Money, field: str
    ) -> None:
        maya = make.funded_person()
        wish = MakePool(
            pool_id=uuid4(),
            name=name,
            purpose=purpose,
            council_id=maya.council_id,
            asks_from=asks_from,
        )

        with pytest.raises(BadLineError) as refusal:
            commands.make_pool(session, wish, by=maya.person, at=PAID_IN)

        assert refusal.value.field == field

    def test_refuses_a_council_that_gives_them_no_money(self, session: Session, make: Make) -> None:
        maya = make.funded_person()
        wish = MakePool(pool_id=uuid4(), name="A", purpose="B", council_id=make.council())

        with pytest.raises(PoolError, match="there is none of it here"):
            commands.make_pool(session, wish, by=maya.person, at=PAID_IN)


class TestConsent:
    def test_of_each_is_kept_in_the_words_they_read(self, session: Session, make: Make) -> None:
        pooled = make.pool(asks_from=Money(50_00))

        rows = session.scalars(select(PoolConsent).where(PoolConsent.agreed)).all()

        assert {row.person_id for row in rows} == {funded.id for funded in pooled.members}
        assert all("An order of £50.00 or more" in row.words for row in rows)

    @pytest.mark.parametrize(
        "change",
        ["UPDATE budget_pool_consents SET agreed = false", "DELETE FROM budget_pool_consents"],
    )
    def test_cannot_be_changed_afterwards(self, session: Session, make: Make, change: str) -> None:
        make.pool()

        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(change))

    def test_comes_before_money(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        sam = make.funded_person(council_id=pooled.council_id)
        make.asked_into_pool(
            pooled.pool_id, make.email_of(sam.person), asked_by=pooled.members[0].person
        )

        with pytest.raises(NotFoundError):
            make.into_pool(pooled.pool_id, sam, Money(1_00))

    def test_may_be_given_by_who_acts_for_them_by_law(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        sam = make.funded_person(council_id=pooled.council_id)
        deputy = make.supporter(
            person=sam.person, scopes=[Scope.SEE, Scope.PAY], basis=Basis.DEPUTY
        )
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(deputy), asked_by=pooled.members[0].person
        )

        commands.answer_pool_invitation(
            session, invitation_id=asked, agrees=True, by=deputy, at=PAID_IN
        )

        given = session.scalar(select(PoolConsent).where(PoolConsent.person_id == sam.id))
        assert given is not None
        assert given.by_user_id == deputy.user_id

    @pytest.mark.parametrize(
        ("basis", "scopes"),
        [
            (Basis.HELPER, [Scope.SEE, Scope.PAY]),
            (Basis.DEPUTY, [Scope.SEE]),
            (Basis.SUITABLE_PERSON, [Scope.SEE, Scope.PAY]),
        ],
    )
    def test_may_not_be_given_by_other_supporters(
        self, session: Session, make: Make, basis: Basis, scopes: list[Scope]
    ) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        sam = make.funded_person(council_id=pooled.council_id)
        helper = make.supporter(person=sam.person, scopes=scopes, basis=basis)
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(sam.person), asked_by=pooled.members[0].person
        )

        with pytest.raises(NotAllowedError, match="by law"):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=helper, at=PAID_IN
            )


class TestInvitation:
    def test_writes_to_the_address_once(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])

        first = make.asked_into_pool(
            pooled.pool_id, "New@mail.example", asked_by=pooled.members[0].person
        )
        second = make.asked_into_pool(
            pooled.pool_id, "new@mail.example ", asked_by=pooled.members[0].person
        )

        letters = session.scalars(select(Letter).where(Letter.template == "pool_invitation")).all()
        assert first == second
        assert [letter.to for letter in letters] == ["new@mail.example"]

    def test_is_not_for_strangers(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        asked = make.asked_into_pool(
            pooled.pool_id, "new@mail.example", asked_by=pooled.members[0].person
        )

        with pytest.raises(NotFoundError):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=make.person(), at=PAID_IN
            )

    def test_can_be_said_no_to(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        sam = make.funded_person(council_id=pooled.council_id)
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(sam.person), asked_by=pooled.members[0].person
        )

        for _ in range(2):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=False, by=sam.person, at=PAID_IN
            )

        with pytest.raises(PoolError, match="has ended"):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=sam.person, at=PAID_IN
            )
        assert len(make.pool_view(pooled).members) == 1

    def test_twice_yes_is_one_consent(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        sam = make.funded_person(council_id=pooled.council_id)
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(sam.person), asked_by=pooled.members[0].person
        )

        for _ in range(2):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=sam.person, at=PAID_IN
            )

        assert session.scalar(select(func.count()).select_from(PoolConsent)) == 2

    def test_needs_money_of_the_same_council(self, session: Session, make: Make) -> None:
        pooled = make.pool(put_in=[Money(60_00)])
        elsewhere = make.funded_person()
        asked = make.asked_into_pool(
            pooled.pool_id, make.email_of(elsewhere.person), asked_by=pooled.members[0].person
        )

        with pytest.raises(PoolError, match="there is none of it here"):
            commands.answer_pool_invitation(
                session, invitation_id=asked, agrees=True, by=elsewhere.person, at=PAID_IN
            )

    def test_refuses_what_is_no_address_and_who_is_in_already(
        self, session: Session, make: Make
    ) -> None:
        pooled = make.pool()

        with pytest.raises(BadLineError, match="Enter an e-mail address"):
            make.asked_into_pool(pooled.pool_id, "nobody", asked_by=pooled.members[0].person)
        with pytest.raises(BadLineError, match="in this pool already"):
            make.asked_into_pool(
                pooled.pool_id,
                make.email_of(pooled.members[1].person),
                asked_by=pooled.members[0].person,
            )

    def test_is_sent_by_members_alone(self, session: Session, make: Make) -> None:
        pooled = make.pool()

        with pytest.raises(NotFoundError):
            make.asked_into_pool(pooled.pool_id, "a@mail.example", asked_by=make.person())
