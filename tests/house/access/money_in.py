"""Fills one side of the world with money that comes in."""

from datetime import datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Role
from marketplace.budgets import commands as budgets
from marketplace.budgets.queries import owed_to
from marketplace.kernel.money import Money
from marketplace.payments import commands, queries
from tests.factories import Make
from tests.house.access.side import Side

_HEAD = "Date,Amount,Reference\n"


def fill_money_in(make: Make, side: Side, *, at: datetime) -> None:
    """Make payments by card, a family link, an account, and a statement in every state."""
    officer = make.staff(organisation_id=side.council_id, role=Role.FINANCE_OFFICER)
    make.bank_account(by=officer, at=at)
    link_id, token = make.family_link(side.funded, at=at)
    day = at.strftime("%Y-%m-%d")
    checked, posted = (
        make.statement(
            f"{_HEAD}{day},{amount}.00,{side.names.district}\n".encode(),
            by=officer,
            at=at,
            taken_in=taken_in,
        )
        for amount, taken_in in ((1, False), (2, True))
    )
    unknown = make.statement(f"Wann,Wieviel,Was\n{day},3.00,?\n".encode(), by=officer, at=at)
    with make.block() as session:
        found = queries.statement_for(session, statement_id=posted, seen_by=officer)
    side.objects["family_link"] = {"link_id": link_id}
    side.objects["given_link"] = {"token": token}
    side.objects["gift"] = {"token": token, "top_up_id": make.gift(token, at=at)}
    side.objects["checked_file"] = {"statement_id": checked}
    side.objects["unknown_file"] = {"statement_id": unknown}
    side.objects["open_line"] = {"line_id": found.lines[0].id}
    top_up_id = make.top_up(side.funded, at=at)
    side.objects["top_up"] = {"top_up_id": top_up_id}
    side.typed["reference"] = make.pay_reference(side.funded, at=at)
    with make.block() as session:
        wrong = commands.keep_event(session, make.told(top_up_id, amount=1), at=at)
        commands.act_on_event(session, kept_id=wrong, real_money=False, at=at)
    side.objects["regular"] = {"regular_id": make.regular(side.funded, at=at)}
    side.objects["declined"] = {"top_up_id": make.declined(side.funded, at=at)}
    side.objects["card_dispute"] = {"row_id": make.card_dispute(side.funded, at=at, lost=True)}
    side.objects["owed_refund"] = {"refund_id": _owed(make, side, at=at)}


def _owed(make: Make, side: Side, *, at: datetime) -> UUID:
    """Let the person ask for own money back; return what is owed then."""
    person = side.funded.person
    with make.block() as session:
        line_id = budgets.own_line(
            session,
            person_id=side.funded.id,
            council_id=side.council_id,
            by_user_id=person.user_id,
            at=at,
        )
        budgets.pay_in(
            session,
            line_id=line_id,
            key=f"own/{line_id}",
            amount=Money(7_00),
            why=budgets.PayIn.BANK_TRANSFER,
            by_user_id=None,
            at=at,
        )
        wish = budgets.AskBack(
            refund_id=uuid4(),
            account_name=side.names.person,
            sort_code="010203",
            account_number="12345678",
        )
        budgets.ask_own_money_back(session, wish, by=person, at=at)
        return owed_to(session, person_id=side.funded.id)[0].id
