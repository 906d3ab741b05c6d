"""Moments as forms take them apart, and rows of facts as pages list them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from marketplace.access.rules import Actor
from marketplace.catalogue.rules import per_unit, unit_words
from marketplace.kernel.clock import LONDON, local_day
from marketplace.kernel.labels import label
from marketplace.kernel.money import Money
from marketplace.orders.queries import (
    BasketRow,
    InvoiceView,
    LineRow,
    OrderView,
    QueryView,
    Side,
    StandingView,
)
from marketplace.orders.rules import NO_VAT, day_words, moment_words, price_words, times_words
from marketplace.orders.rules.disputes import Remedy
from marketplace.orders.views.blueprint import orders
from marketplace.web.templating import notice

Fact = tuple[str, str]
_STATEMENT = (
    "The market made this to say what is owed. The seller has not agreed yet that the market makes "
    "invoices in their name, so it is not a VAT invoice."
)


def local_parts(at: datetime | None) -> tuple[date | None, tuple[int, int] | None]:
    """Return the day and the time of day of a moment, where the people are."""
    if at is None:
        return None, None
    local = at.astimezone(LONDON)
    return local.date(), (local.hour, local.minute)


@orders.context_processor
def words() -> dict[str, Callable[..., object]]:
    """Give the pages of orders their rows of facts."""
    return {
        "basket_facts": basket_facts,
        "line_facts": line_facts,
        "story": story,
        "query_facts": query_facts,
        "per_unit": per_unit,
        "invoice_facts": invoice_facts,
        "invoice_lines": invoice_lines,
        "invoice_vat": invoice_vat,
        "whose_paper": whose_paper,
        "standing_facts": standing_facts,
        "delivered_facts": delivered_facts,
        "new_key": uuid4,
    }


def basket_facts(row: BasketRow) -> list[Fact]:
    """Say what a line of the basket is, for how much, when, who and what for."""
    assert row.offer is not None, "only what is on sale is described"
    facts = [
        ("What you chose", row.choice),
        ("Price for you", price_words(row.offer.bands, row.offer.unit)),
        ("Each time", unit_words(row.offer.unit, row.quantity)),
        ("How often", times_words(row.visits, row.every_days).capitalize()),
        ("First time", _first(row.first_at)),
        ("Who", row.worker_wish),
        ("Language", row.language_wish and label("languages", row.language_wish)),
        ("Who it should be", row.gender_wish and label("genders", row.gender_wish)),
        ("What for", row.outcome),
        ("Note", row.note),
        ("Together", str(row.total)),
    ]
    return [(question, answer) for question, answer in facts if answer]


def line_facts(line: LineRow) -> list[Fact]:
    """Say what was ordered, for how much, who and what for."""
    facts = [
        ("Chosen", line.choice),
        ("Price", line.price),
        ("How many times", str(line.visits)),
        ("Together", str(line.total)),
        ("Who", line.worker_wish),
        ("Language", line.language_wish and label("languages", line.language_wish)),
        ("Who it should be", line.gender_wish and label("genders", line.gender_wish)),
        ("What for", line.outcome),
        ("Note", line.note),
        ("If you cancel late", _late(line)),
    ]
    return [(question, answer) for question, answer in facts if answer]


def own_money_words(actor: Actor) -> str:
    """Say whose money it is that no pool has."""
    return f"{actor.person_name}’s own money" if actor.acts_for_another else "Your own money"


def standing_facts(view: StandingView) -> list[Fact]:
    """Say what a standing order is, for how much, who comes and what for."""
    last = view.ends_before - timedelta(days=1) if view.ends_before else None
    facts = [
        ("Price", view.price),
        ("Four weeks", str(view.row.four_weeks)),
        ("Who pays", f"The pool {view.together.name}" if view.together else ""),
        ("First day", day_words(view.begins_on)),
        ("Last day", day_words(last) if last else "It goes on until somebody ends it"),
        ("Who comes", view.worker),
        *((f"Asked for: {question.lower()}", answer) for question, answer in view.wishes),
        ("Different workers this month", workers_words(view.workers_this_month)),
        ("What for", view.outcome),
        ("Note", view.note),
        ("Started by", f"{view.placed_by_name}, {day_words(local_day(view.placed_at))}"),
    ]
    return [(question, answer) for question, answer in facts if answer]


def delivered_facts(side: Side) -> list[Fact]:
    """Say what was planned with one provider, or for one person, in a month, and what came."""
    of = side.month
    facts = [
        ("Planned", f"{_visits(of.planned)}, {of.planned_for}"),
        ("Done as agreed", _visits(of.full)),
        ("Part of it", _visits(of.part) if of.part else ""),
        ("Missed", _visits(of.missed) if of.missed else ""),
        ("Cancelled in time", _visits(of.cancelled_in_time) if of.cancelled_in_time else ""),
        ("Cancelled late", _visits(of.cancelled_late) if of.cancelled_late else ""),
        ("Nobody was in", _visits(of.person_not_in) if of.person_not_in else ""),
        ("Not noted yet", _visits(of.to_come) if of.to_come else ""),
        ("Time given", of.hours),
        ("To pay", str(of.to_pay)),
        ("Confirmed by itself", _visits(of.by_silence) if of.by_silence else ""),
        ("Different workers this month", workers_words(side.workers) or "Nobody named"),
        ("Different workers the month before", workers_words(side.workers_before)),
    ]
    return [(question, answer) for question, answer in facts if answer]


def _visits(count: int) -> str:
    return f"{count} visit{'' if count == 1 else 's'}"


def workers_words(names: Sequence[str]) -> str:
    """Say how many different people came this month, and who: 2 (Ann, Ben)."""
    return f"{len(names)} ({', '.join(names)})" if names else ""


def story(order: OrderView) -> list[tuple[str, str, str]]:
    """Tell what happened to an order, oldest first."""
    return [(_first(each.at), each.what, each.who) for each in order.happened]


def query_facts(query: QueryView) -> list[Fact]:
    """Say what was planned, what the provider says came of it, and what is asked."""
    row, asks = query.row, query.remedy.label
    if query.remedy is Remedy.PART_DUE:
        asks = f"{asks}: {query.wanted}"
    noted = query.note_kind.label if query.note_kind else "They have not said yet"
    facts = [
        ("Planned", f"{row.what}, {moment_words(row.planned_at)}"),
        ("Who was to come", query.worker),
        ("Price", str(query.planned_amount)),
        ("Delivered, the provider says", noted),
        ("Their note", query.note),
        ("To pay, the provider says", str(query.claimed)),
        ("What is wrong", row.kind.label),
        ("What the person asks", asks),
        ("Offered", f"{query.offered} to be paid" if query.offered is not None else ""),
        ("Order", str(row.order_number)),
        ("Invoice", str(query.invoice_number or "")),
    ]
    return [(question, answer) for question, answer in facts if answer]


def invoice_facts(invoice: InvoiceView) -> list[Fact]:
    """Say whose invoice it is, for whom, from when, and by when it is paid."""
    facts = [
        ("From", ", ".join(_seller(invoice))),
        ("VAT number", _number_words(invoice)),
        ("For", invoice.buyer.get("name", "")),
        ("Paid from money of", invoice.buyer.get("council", "")),
        ("Date", day_words(invoice.issued_at.astimezone(LONDON).date())),
        ("Order", str(invoice.order_number)),
    ]
    if invoice.credits_number is None:
        facts.append(("To be paid by", day_words(invoice.promised_on)))
    else:
        facts.append(("Takes back some of", f"Invoice {invoice.credits_number}"))
        facts.append(("Why", invoice.reason))
    return [(question, answer) for question, answer in facts if answer]


def invoice_lines(invoice: InvoiceView) -> list[tuple[str, Money]]:
    """List what is on an invoice, the total last."""
    return [*((line.text, line.amount) for line in invoice.lines), ("Total", invoice.total)]


def invoice_vat(invoice: InvoiceView) -> list[tuple[str, Money, Money]]:
    """List what is without VAT and what VAT is in it, for each rate; nothing if none is shown."""
    shown = [each for each in invoice.sums if each.treatment != NO_VAT]
    return [(each.treatment.label, each.net, each.vat) for each in shown]


def whose_paper(invoice: InvoiceView) -> list[str]:
    """Say in whose name a paper is made, and whose the VAT on it is."""
    if invoice.agreement_id is None:
        said = [_STATEMENT]
        if invoice.seller.get("vat_number"):
            said.append("The seller is registered for VAT, and sends a VAT invoice themselves.")
        return said
    said = ["Self-billed: the market made this in the seller’s name, as the seller agreed."]
    if invoice.vat:
        said.append("The VAT shown is the seller’s output tax due to HMRC.")
    elif not invoice_vat(invoice):
        said.append("The seller is not registered for VAT, so there is no VAT in it.")
    return said


def _number_words(invoice: InvoiceView) -> str:
    number = invoice.seller.get("vat_number", "")
    return f"GB {number[:3]} {number[3:7]} {number[7:]}" if number else ""


def paper_words(invoice: InvoiceView) -> dict[str, object]:
    """Say what stands on an invoice on paper."""
    promised = day_words(invoice.promised_on) if invoice.credits_number is None else ""
    return {
        "kind": invoice.kind.label,
        "number": str(invoice.number),
        "order": str(invoice.order_number),
        "day": day_words(invoice.issued_at.astimezone(LONDON).date()),
        "promised": promised,
        "credits": str(invoice.credits_number or ""),
        "seller": _seller(invoice),
        "buyer": invoice.buyer.get("name", ""),
        "payer": invoice.buyer.get("council", ""),
        "lines": [[line.text, str(line.amount)] for line in invoice.lines],
        "total": str(invoice.total),
        "vat_number": _number_words(invoice),
        "vat": [[what, str(net), str(vat)] for what, net, vat in invoice_vat(invoice)],
        "whose": whose_paper(invoice),
    }


def _seller(invoice: InvoiceView) -> list[str]:
    seller = invoice.seller
    parts = ("name", "address", "district", "phone", "email")
    return [seller[name] for name in parts if seller.get(name)]


def _first(at: datetime | None) -> str:
    return moment_words(at)[:1].upper() + moment_words(at)[1:]


def _late(line: LineRow) -> str:
    if not line.late_cancel_percent:
        return "It costs nothing."
    return (
        f"Less than {notice(line.notice_hours)} before, {line.late_cancel_percent}% of the price "
        "is still to be paid."
    )
