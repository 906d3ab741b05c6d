"""Fills one side of the world with what is checked about its store, and when it is away."""

from datetime import datetime, timedelta
from uuid import uuid4

from marketplace.access.rules import Role
from marketplace.catalogue import commands
from marketplace.catalogue.commands import AddEvidence, AskAgain, DecideOnProvider, TakeBreak
from marketplace.catalogue.rules import CheckState, EvidenceKind
from marketplace.kernel.clock import local_day
from tests.factories import Make
from tests.house.access.side import Side

FAR = timedelta(days=400)
"""So far ahead that nobody orders anything then."""


def fill_checking(make: Make, side: Side, *, at: datetime) -> None:
    """Put papers in the locker, let a second store appeal, and set a holiday far ahead."""
    ids = {}
    for name in ("paper", "own_evidence"):
        wish = AddEvidence(
            evidence_id=uuid4(),
            kind=EvidenceKind.TRAINING,
            note="Seen.",
            paper_name="seen.txt",
            paper=b"Seen and signed.",
        )
        with make.block() as session:
            ids[name] = commands.add_evidence(session, wish, by=side.provider, at=at)
    away = TakeBreak(break_id=uuid4(), starts_on=local_day(at + FAR), last_on=local_day(at + FAR))
    with make.block() as session:
        commands.take_break(session, away, by=side.provider, at=at)
    for name, evidence_id in ids.items():
        side.objects[name] = {"evidence_id": evidence_id}
    side.objects["applied_council"] = {"council_id": side.council_id}
    side.objects["offer_version"] = {"offer_id": side.offer_id, "number": 1}
    side.objects["holiday"] = {"break_id": away.break_id}
    side.objects["appeal"] = {"appeal_id": _appeal(make, side, at=at).appeal_id}


def _appeal(make: Make, side: Side, *, at: datetime) -> AskAgain:
    store = make.provider(name=f"Second to {side.names.store}", postcode=side.names.postcode)
    decided = DecideOnProvider(
        provider_id=store.works_for, state=CheckState.REJECTED, reason="No papers."
    )
    wish = AskAgain(appeal_id=uuid4(), council_id=side.council_id, words="Here they are.")
    moderator = make.staff(organisation_id=side.council_id, role=Role.MODERATOR)
    with make.block() as session:
        commands.decide_on_provider(session, decided, by=moderator, at=at)
        commands.appeal(session, wish, by=store, at=at)
    return wish
