"""Papers in a locker, one that runs out, an appeal that waits, and a holiday."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands
from marketplace.catalogue.commands import AddEvidence, AskAgain, DecideOnProvider, TakeBreak
from marketplace.catalogue.rules import CheckState, EvidenceKind
from marketplace.database import transaction
from marketplace.kernel.clock import local_day
from tests.factories import Make

DAY = timedelta(days=1)
FAR = 300 * DAY


def add_checking(make: Make, actors: dict[str, Actor], council_id: UUID, *, now: datetime) -> None:
    """Fill the provider's locker and plan its holiday; let another store appeal."""
    provider, moderator = actors["provider"], actors["moderator"]
    today = local_day(now)
    ids = []
    for kind, last_on in ((EvidenceKind.INSURANCE, today + 20 * DAY), (EvidenceKind.DBS, None)):
        wish = AddEvidence(
            evidence_id=uuid4(),
            kind=kind,
            note="Number 0012",
            issued_on=today - 300 * DAY,
            expires_on=last_on,
            paper_name="paper.txt",
            paper=b"Seen and signed.",
        )
        with transaction() as session:
            ids.append(commands.add_evidence(session, wish, by=provider, at=now - 9 * DAY))
    away = TakeBreak(
        break_id=uuid4(), starts_on=today + FAR, last_on=today + FAR, words="Ring my sister."
    )
    with transaction() as session:
        commands.check_evidence(session, evidence_id=ids[0], by=moderator, at=now - 8 * DAY)
        commands.set_needed(
            session,
            {"": frozenset({EvidenceKind.INSURANCE, EvidenceKind.TRAINING})},
            by=moderator,
            at=now - 8 * DAY,
        )
        commands.take_break(session, away, by=provider, at=now)
        commands.set_capacity(session, people=6, hours=None, by=provider, at=now)
    _appeal(make, council_id, now=now)


def _appeal(make: Make, council_id: UUID, *, now: datetime) -> None:
    store = make.provider(name="Rook and Daughters", at=now - 9 * DAY)
    colleague = make.staff(organisation_id=council_id, role=Role.MODERATOR)
    decided = DecideOnProvider(
        provider_id=store.works_for, state=CheckState.SUSPENDED, reason="No insurance."
    )
    wish = AskAgain(appeal_id=uuid4(), council_id=council_id, words="Here it is.")
    with transaction() as session:
        commands.decide_on_provider(session, decided, by=colleague, at=now - 5 * DAY)
        commands.appeal(session, wish, by=store, at=now - 4 * DAY)
