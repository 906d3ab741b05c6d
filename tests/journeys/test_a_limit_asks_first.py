"""A limit asks first: who is named answers with a reason, and one order goes through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import time_machine

from marketplace.access.rules import Actor, Scope
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.rules import LimitKind, LimitWindow
from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import not_said, put_in_basket, said, send

WANTED = "Gardening together"


@contextmanager
def later(*, days: int) -> Iterator[None]:
    """Let so many days go by, and tell the rest of the story then."""
    with time_machine.travel(clock.now() + timedelta(days=days)):
        yield


def asks_above(make: Make, amount: Money) -> NewLimit:
    """Return a limit for one order that asks first."""
    return replace(make.limit(amount), kind=LimitKind.ASK)


def refused(browser: Browser, *, answerer: str) -> Page:
    """Fill the basket, and be told who is to be asked before it can be ordered."""
    basket = put_in_basket(browser, "gardening", WANTED, quantity="2")
    said(basket, "This cannot be ordered yet", f"Ask {answerer} to allow this once")
    pressed = send(browser, basket, "Place the order")
    said(pressed, "Green Hands: not placed", "No money was set aside for it.")
    return browser.get("orders.basket")


def ask(browser: Browser, *, answerer: str, words: str) -> Page:
    """Ask in the basket, with words."""
    form = browser.click(browser.get("orders.basket"), f"Ask {answerer} to allow this once")
    silent = browser.submit(form, f"Ask {answerer}", words="")
    assert silent.errors == ["Say why you need it."]
    return send(browser, silent, f"Ask {answerer}", words=words)


def answer(browser: Browser, *, of: str, reason: str, days: str = "14") -> Page:
    """Say yes to what waits in the list of requests, with a reason."""
    form = browser.click(browser.get("budgets.requests"), f"Answer {of}")
    silent = browser.submit(form, "Send the answer", answer="yes", reason="")
    assert silent.errors == ["Say why, so that they understand."]
    return send(browser, silent, "Send the answer", answer="yes", days=days, reason=reason)


def test_a_practitioner_lets_one_order_through(make: Make, sign_in: SignInAs) -> None:
    limit = asks_above(make, Money(30_00))
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(200_00), limits=[limit])
    make.provider(name="Green Hands", title=WANTED, price=Money(20_00))
    at_home, at_work = sign_in(funded.person), sign_in(funded.practitioner)
    council = "Priya Nair (Ashdale Council)"

    basket = refused(at_home, answerer=council)
    said(basket, "£30.00", "We agreed to start small.", council)
    waiting = ask(at_home, answerer=council, words="My sister visits, and wants to help.")
    said(waiting, "It waits for an answer from Priya Nair", "£40.00", "My sister visits")
    said(at_home.get("orders.basket"), "It waits for an answer.")
    said(at_home.get("budgets.wallet"), "There is £200.00 to spend.", "£0.00 is set aside")

    said(at_work.get("budgets.requests"), "My sister visits, and wants to help.", "Green Hands")
    answered = answer(at_work, of="Morgan Reed", reason="Enjoy the day.")
    said(answered, "Nothing waits for you")

    said(at_home.get(waiting.url), "Priya Nair said yes", "Enjoy the day.", "Allowed once until")
    basket = at_home.get("orders.basket")
    said(basket, "Allowed once until", "This order: £40.00")
    order = at_home.click(send(at_home, basket, "Place the order"), "Look at order")
    said(order, "Green Hands, £40.00")
    said(at_home.get("budgets.wallet"), "There is £160.00 to spend.", "£40.00 is set aside")
    said(at_home.get(waiting.url), "Enjoy the day.", "It was used")
    said(at_work.get("budgets.requests"), "£40.00: yes, used")

    basket = refused(at_home, answerer=council)
    assert "Allowed once" not in basket.text
    said(at_home.get("budgets.wallet"), "There is £160.00 to spend.", "£40.00 is set aside")


def test_a_yes_that_is_over_is_of_no_use(make: Make, sign_in: SignInAs) -> None:
    limit = asks_above(make, Money(30_00))
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(200_00), limits=[limit])
    make.provider(name="Green Hands", title=WANTED, price=Money(20_00))
    council = "Priya Nair (Ashdale Council)"
    at_home = sign_in(funded.person)
    refused(at_home, answerer=council)
    asked = ask(at_home, answerer=council, words="My sister visits.")
    answer(sign_in(funded.practitioner), of="Morgan Reed", reason="Enjoy the day.", days="2")
    ready = at_home.get("orders.basket")
    said(ready, "Allowed once until")

    with later(days=4):
        back_home = sign_in(funded.person)
        late = back_home.get("orders.basket")
        said(late, "This cannot be ordered yet", f"Ask {council} to allow this once")
        assert "Allowed once" not in late.text
        pressed = back_home.submit(ready, "Place the order")
        placed = back_home.follow(pressed) if pressed.location else pressed
        not_said(placed, "Look at order")
        said(back_home.get("budgets.wallet"), "£0.00 is set aside")
        said(back_home.get(asked.url), "Enjoy the day.", "was not used")


def test_the_supporter_who_is_named_answers_and_nobody_else(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(200_00))
    make.provider(name="Green Hands", title=WANTED, price=Money(20_00))
    helpers = [
        make.supporter(person=funded.person, name=name, scopes=[Scope.SEE, Scope.APPROVE])
        for name in ("Sam Hill", "Ali Khan")
    ]
    at_home, at_sams, at_alis = sign_in(funded.person), *map(sign_in, helpers)

    set_own_limit(at_home, funded, helpers[0])
    basket = refused(at_home, answerer="Sam Hill")
    said(basket, "Morgan Reed", "I want to think twice.")
    asked = ask(at_home, answerer="Sam Hill", words="It is my birthday.")

    assert at_alis.get(f"{asked.url}/answer").status == 404
    answered = answer(at_sams, of="Morgan Reed", reason="Happy birthday.")
    said(answered, "Nothing waits for you")
    said(at_home.get(asked.url), "Sam Hill said yes", "Happy birthday.")
    placed = send(at_home, at_home.get("orders.basket"), "Place the order")
    said(at_home.click(placed, "Look at order"), "Green Hands, £40.00")
    refused(at_home, answerer="Sam Hill")


def set_own_limit(browser: Browser, funded: Funded, answerer: Actor) -> None:
    """Set a limit of £30.00 for one order on one's own money, and name who is asked."""
    form = browser.get("budgets.set_own_limit", line_id=funded.line_id)
    checked = browser.submit(
        form,
        "See what it would do",
        window=LimitWindow.ORDER.value,
        amount="30",
        kind=LimitKind.ASK.value,
        asks=str(answerer.user_id),
        reason="I want to think twice.",
    )
    said(send(browser, checked, "Set the limit"), "£30.00 for one order", "Ask first.")
