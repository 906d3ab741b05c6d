"""Family gives money with a link, sees a first name, and takes nothing away from the person."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Scope
from marketplace.budgets import queries as budgets
from marketplace.budgets.rules import Funder
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from marketplace.payments.commands import GiveMoney, MakeFamilyLink
from marketplace.payments.errors import LinkEndedError, TopUpRefusedError
from marketplace.payments.models import FamilyLink
from marketplace.payments.rules import link_token
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.cards import ask, hear, told


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return somebody with £100.00 of a council's money."""
    return make.funded_person()


class TestFamilyLink:
    def make_link(self, session: Session, funded: Funded, name: str = "Ada") -> str:
        """Make a link that shows the name Ada; return its secret."""
        wish = MakeFamilyLink(link_id=uuid4(), council_id=funded.council_id, shown_name=name)
        commands.make_family_link(session, wish, secret_key="key", by=funded.person, at=NOON)
        return link_token("key", wish.link_id)

    def test_pays_into_a_line_of_its_own(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(25_00), giver="Mum")

        commands.give(session, wish, at=NOON)
        hear(session, told(wish.top_up_id))

        lines = budgets.lines_of(session, person_id=funded.id, at=NOON)
        assert {line.funder: line.available for line in lines} == {
            Funder.ADULT_SOCIAL_CARE: Money(100_00),
            Funder.FAMILY_TOP_UP: Money(25_00),
        }
        # What the council gives is what it was.
        assert lines[0].yearly == Money(1_300_00)

    def test_keeps_the_hash_alone(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)

        kept = session.scalars(select(FamilyLink)).one()

        assert token not in str({c.name: getattr(kept, c.name) for c in kept.__table__.columns})
        assert queries.family_link(session, token=token).shown_name == "Ada"

    def test_does_nothing_when_ended(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        link = queries.family_link(session, token=token)
        for _ in range(2):
            commands.end_family_link(session, link_id=link.id, by=funded.person, at=NOON)

        with pytest.raises(LinkEndedError):
            commands.give(
                session,
                GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00)),
                at=NOON,
            )

    def test_is_ended_by_its_own_person_alone(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        link = queries.family_link(session, token=self.make_link(session, funded))

        with pytest.raises(NotFoundError):
            commands.end_family_link(session, link_id=link.id, by=make.person(), at=NOON)

    @pytest.mark.parametrize("token", ["", "wrong", "\0", "é" * 40])
    def test_is_not_guessed(self, session: Session, funded: Funded, token: str) -> None:
        with pytest.raises(LinkEndedError):
            queries.family_link(session, token=token)

    @pytest.mark.parametrize("name", ["", "   ", "A" * 61])
    def test_refuses_a_name_that_cannot_be_shown(
        self, session: Session, funded: Funded, name: str
    ) -> None:
        with pytest.raises(TopUpRefusedError):
            self.make_link(session, funded, name)

    def test_is_made_by_those_who_may_pay(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        sees = make.supporter(person=funded.person, scopes=[Scope.SEE])
        wish = MakeFamilyLink(link_id=uuid4(), council_id=funded.council_id, shown_name="Ada")

        with pytest.raises(NotAllowedError):
            commands.make_family_link(session, wish, secret_key="key", by=sees, at=NOON)

    def test_is_for_a_market_of_their_own(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        wish = MakeFamilyLink(link_id=uuid4(), council_id=make.council(), shown_name="Ada")

        with pytest.raises(NotFoundError):
            commands.make_family_link(session, wish, secret_key="key", by=funded.person, at=NOON)

    def test_sent_twice_is_one_link_and_never_somebody_elses(
        self, session: Session, make: Make, funded: Funded
    ) -> None:
        other = make.funded_person(council_id=funded.council_id)
        wish = MakeFamilyLink(link_id=uuid4(), council_id=funded.council_id, shown_name="Ada")
        for _ in range(2):
            commands.make_family_link(session, wish, secret_key="key", by=funded.person, at=NOON)

        with pytest.raises(NotFoundError):
            commands.make_family_link(session, wish, secret_key="key", by=other.person, at=NOON)
        assert len(queries.family_links_of(session, person_id=funded.id)) == 1

    def test_refuses_an_eleventh(self, session: Session, funded: Funded) -> None:
        for _ in range(10):
            self.make_link(session, funded)

        with pytest.raises(TopUpRefusedError):
            self.make_link(session, funded)

    def test_refuses_a_long_name_of_the_giver(self, session: Session, funded: Funded) -> None:
        token = self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00), giver="A" * 61)

        with pytest.raises(TopUpRefusedError):
            commands.give(session, wish, at=NOON)

    def test_shows_the_giver_their_own_gift_alone(self, session: Session, funded: Funded) -> None:
        token, other = self.make_link(session, funded), self.make_link(session, funded)
        wish = GiveMoney(top_up_id=uuid4(), token=token, amount=Money(5_00))
        commands.give(session, wish, at=NOON)

        assert queries.gift(session, top_up_id=wish.top_up_id, token=token).amount == Money(5_00)
        with pytest.raises(NotFoundError):
            queries.gift(session, top_up_id=wish.top_up_id, token=other)
        with pytest.raises(NotFoundError):
            queries.gift(session, top_up_id=ask(session, funded), token=token)
