"""The pages on which a provider puts right a note that gave the money back."""

from datetime import timedelta

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.orders.rules import NoteKind, VisitState
from tests.conftest import SignInAs
from tests.factories import Make
from tests.orders.test_views_day import begun, visit
from tests.orders.today import NOW


def test_missed_by_mistake_is_put_right(make: Make, sign_in: SignInAs) -> None:
    deal = begun(make)
    make.noted(deal, note=NoteKind.MISSED, at=clock.now())
    browser = sign_in(deal.provider)

    page = browser.get("orders.day")
    assert "Undo" in page.text
    page = browser.get("orders.note", visit_id=visit(make, deal).id, back="today")
    assert "Their money for this visit is back with them." in page.text
    browser.submit(page, "Send this", outcome="full")

    assert "It is noted" in browser.follow().text
    assert visit(make, deal).state is VisitState.NOTED


def test_missed_stays_if_the_money_is_gone(make: Make, sign_in: SignInAs) -> None:
    deal = begun(make)
    make.noted(deal, note=NoteKind.MISSED, at=clock.now())
    later = {"first_at": NOW + timedelta(days=2), "at": clock.now()}
    make.placed(funded=deal.funded, price=Money(40_00), **later)  # type: ignore[arg-type]
    browser = sign_in(deal.provider)
    page = browser.get("orders.work_order", order_id=deal.order_id)
    assert "Put the note right" in page.text

    page = browser.get("orders.note", visit_id=visit(make, deal).id)
    page = browser.submit(page, "Send this", outcome="full", words="I mixed it up.")

    assert "The money is not there any more." in page.errors[0]
    assert "I mixed it up." in page.html
