"""What becomes of a side's lines: offered to another council, offered by one, asked back."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.budgets import commands
from marketplace.budgets.commands import GiveNotice, OfferLine
from marketplace.kernel.money import Money
from tests.factories import Make
from tests.factories.money import Funded
from tests.house.access.pictures import dot
from tests.house.access.side import Side


def fill_lines(make: Make, side: Side, *, at: datetime) -> None:
    """Offer a line each way between this side's council and a third one, and ask money back."""
    third = make.funded_person(at=at)
    side.objects["handover"] = {"handover_id": _offer(make, third, third.line_id, side, at)}
    own = _line(make, side, at)
    to_third = OfferLine(
        handover_id=uuid4(), line_id=own, to_council_id=third.council_id, reason="They move."
    )
    with make.block() as session:
        commands.offer_line(session, to_third, by=side.funded.practitioner, at=at)
    side.objects["own_offer"] = {"handover_id": to_third.handover_id}
    notice = GiveNotice(
        clawback_id=uuid4(),
        line_id=_line(make, side, at),
        amount=Money(1_00),
        reason="It was paid twice.",
        evidence="A bank statement.",
        content=dot(),
        file_name="dot.png",
    )
    with make.block() as session:
        commands.give_notice(session, notice, by=side.funded.practitioner, at=at)
    side.objects["clawback"] = {"clawback_id": notice.clawback_id}


def _line(make: Make, side: Side, at: datetime) -> UUID:
    funded = side.funded
    return make.line(person=funded.person, practitioner=funded.practitioner, at=at)


def _offer(make: Make, third: Funded, line_id: UUID, side: Side, at: datetime) -> UUID:
    wish = OfferLine(
        handover_id=uuid4(), line_id=line_id, to_council_id=side.council_id, reason="They move."
    )
    with make.block() as session:
        return commands.offer_line(session, wish, by=third.practitioner, at=at)
