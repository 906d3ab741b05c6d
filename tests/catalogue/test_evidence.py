"""Workers by name, and the evidence locker."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.commands import AddEvidence
from marketplace.catalogue.errors import (
    WrongStateError,
)
from marketplace.catalogue.rules import (
    EvidenceKind,
)
from marketplace.kernel.errors import NotFoundError
from tests.conftest import NOON
from tests.factories import Make

TODAY = NOON.date()


class TestWorkers:
    def test_are_named_once_and_can_be_asked_for(self, session: Session, make: Make) -> None:
        owner = make.provider()
        offer_id = make.offer(provider=owner)
        worker_id = uuid4()

        for _ in range(2):
            commands.add_worker(session, worker_id=worker_id, name="Wren", by=owner, at=NOON)

        found = queries.offer_for_order(session, offer_id=offer_id, council_id=None, on=TODAY)
        assert [worker.name for worker in found.workers] == ["Wren"]

    def test_leave(self, session: Session, make: Make) -> None:
        owner = make.provider()
        worker_id = make.worker(provider=owner)

        for _ in range(2):
            commands.end_worker(session, worker_id=worker_id, by=owner, at=NOON)

        assert queries.kept_store(session, by=owner).workers == ()

    def test_of_another_store_are_not_found(self, session: Session, make: Make) -> None:
        worker_id = make.worker(provider=make.provider())

        with pytest.raises(NotFoundError):
            commands.end_worker(session, worker_id=worker_id, by=make.provider(), at=NOON)


class TestEvidence:
    def add(self, session: Session, owner: Actor, *, expires_on: date | None = None) -> AddEvidence:
        wish = AddEvidence(
            evidence_id=uuid4(),
            kind=EvidenceKind.INSURANCE,
            note="Public liability",
            expires_on=expires_on,
        )
        commands.add_evidence(session, wish, by=owner, at=NOON)
        return wish

    def test_is_shown_once_a_council_accepts_it(self, session: Session, make: Make) -> None:
        owner = make.provider(name="Rosie")
        council_id = make.council(name="Airemoor")
        make.standing(provider=owner, council_id=council_id)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        wish = self.add(session, owner, expires_on=TODAY)
        assert queries.store(session, slug="rosie").checks == ()

        for _ in range(2):
            commands.check_evidence(session, evidence_id=wish.evidence_id, by=moderator, at=NOON)

        (check,) = queries.store(session, slug="rosie").checks
        assert (check.kind, check.checked_by) == (EvidenceKind.INSURANCE, ("Airemoor",))
        assert check.counts_on(TODAY)
        assert not check.counts_on(TODAY + timedelta(days=1))

    def test_that_ran_out_is_not_accepted(self, session: Session, make: Make) -> None:
        owner = make.provider()
        council_id = make.council()
        make.standing(provider=owner, council_id=council_id)
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        wish = self.add(session, owner, expires_on=TODAY - timedelta(days=1))

        with pytest.raises(WrongStateError, match="run out"):
            commands.check_evidence(session, evidence_id=wish.evidence_id, by=moderator, at=NOON)

    def test_is_not_another_councils_or_the_providers_own_to_accept(
        self, session: Session, make: Make
    ) -> None:
        owner = make.provider(postcode="LE1 1AA")
        wish = self.add(session, owner)
        moderator = make.staff(organisation_id=make.council(), role=Role.MODERATOR)

        for stranger in (owner, moderator):
            with pytest.raises(NotFoundError):
                commands.check_evidence(session, evidence_id=wish.evidence_id, by=stranger, at=NOON)
