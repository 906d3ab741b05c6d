"""What councils check of the stores of the demonstration, an appeal, holidays and capacity."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue import commands
from marketplace.catalogue.commands import (
    AddEvidence,
    AskAgain,
    AskForEvidence,
    DecideOnProvider,
    TakeBreak,
)
from marketplace.catalogue.rules import CheckState, EvidenceKind
from marketplace.kernel.clock import local_day
from marketplace.seeding.cast import Cast, account, employ

_COUNCIL, _OTHER = "airemoor", "broadfen"
_EVERYBODY = frozenset({EvidenceKind.INSURANCE})
_CLOSE = frozenset({EvidenceKind.DBS, EvidenceKind.TRAINING})


def check_stores(session: Session, cast: Cast) -> None:
    """Say what councils want to see, ask one store for more, and let another appeal."""
    at = cast.ago(weeks=3)
    for slug in (_COUNCIL, _OTHER):
        moderator = cast.of_council(slug, Role.MODERATOR)
        needed = {"": _EVERYBODY, "personal-care": _CLOSE}
        commands.set_needed(session, needed, by=moderator, at=at)
    asks = AskForEvidence(
        ask_id=_id("ask"),
        provider_id=cast.owners["sunita-sorts"].works_for,
        kind=EvidenceKind.INSURANCE,
        words="The copy we have cannot be read. A photo of the certificate is enough.",
    )
    moderator = cast.of_council(_COUNCIL, Role.MODERATOR)
    commands.ask_for_evidence(session, asks, by=moderator, at=cast.ago(days=6))
    _runs_out(session, cast)
    _appeal(session, cast)
    _away(session, cast)


def _runs_out(session: Session, cast: Cast) -> None:
    """Put a paper in a locker that runs out soon, which one council has looked at."""
    today, owner = local_day(cast.now), cast.owners["nadia-at-home"]
    wish = AddEvidence(
        evidence_id=_id("runs-out"),
        kind=EvidenceKind.TRAINING,
        note="First aid, one day",
        issued_on=today - timedelta(days=1080),
        expires_on=today + timedelta(days=15),
        paper_name="first-aid.pdf",
        paper=b"%PDF-1.7\nFirst aid at work. Passed.\n%%EOF\n",
    )
    commands.add_evidence(session, wish, by=owner, at=cast.ago(weeks=8))
    commands.check_evidence(
        session,
        evidence_id=wish.evidence_id,
        by=cast.of_council(_COUNCIL, Role.MODERATOR),
        at=cast.ago(weeks=7),
    )
    commands.apply_to_council(
        session, council_id=cast.councils[_OTHER], by=owner, at=cast.ago(weeks=1)
    )


def _appeal(session: Session, cast: Cast) -> None:
    """Let a second council turn a store down, which says that this is wrong."""
    owner, council_id = cast.owners["jaz-bakes"], cast.councils[_OTHER]
    human = account(
        session, email="gil.ferry@broadfen.example", name="Gil Ferry", at=cast.beginning()
    )
    (colleague,) = employ(
        session,
        human,
        [Role.MODERATOR],
        organisation_id=council_id,
        organisation_name=cast.council_names[_OTHER],
        at=cast.beginning(),
    )
    commands.apply_to_council(session, council_id=council_id, by=owner, at=cast.ago(weeks=4))
    decided = DecideOnProvider(
        provider_id=owner.works_for,
        state=CheckState.REJECTED,
        reason="We found no food hygiene certificate in your locker.",
    )
    commands.decide_on_provider(session, decided, by=colleague, at=cast.ago(days=9))
    wish = AskAgain(
        appeal_id=_id("appeal"),
        council_id=council_id,
        words="The certificate hangs in my kitchen. I have put a copy in the locker now.",
    )
    commands.appeal(session, wish, by=owner, at=cast.ago(days=4))


def _away(session: Session, cast: Cast) -> None:
    today = local_day(cast.now)
    away = TakeBreak(
        break_id=_id("holiday"),
        starts_on=today + timedelta(days=24),
        last_on=today + timedelta(days=31),
        words="I walk in the hills, without a telephone.",
    )
    commands.take_break(session, away, by=cast.owners["trevor-oakshott"], at=cast.ago(days=2))
    commands.set_capacity(
        session,
        people=40,
        hours=300,
        by=cast.owners["moor-edge-care"],
        at=cast.ago(days=2),
    )


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:checking/{name}")
