"""A council asks money back: notice, objection, and the decision of a second officer."""

from datetime import timedelta

import time_machine

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import not_said, said, send

WINDOW_DAYS = 28


def give_notice(browser: Browser, funded: Funded) -> Page:
    """Ask for £40.00 of somebody's money back, and open the notice."""
    form = browser.get("budgets.give_notice", line_id=funded.line_id)
    said(form, "Morgan Reed", "£100.00 is free.")
    bare = browser.submit(form, "Give notice", amount="0", days="13")
    assert bare.errors == [
        "Enter an amount of more than nothing, like 12.50.",
        "Say why the council wants it back.",
        "Say what shows it.",
        "Enter a whole number from 14 to 365.",
    ]
    listed = send(
        browser,
        bare,
        "Give notice",
        amount="40",
        reason="Four visits were paid twice.",
        evidence="Invoices 7 to 10 of May.",
        days=str(WINDOW_DAYS),
    )
    said(listed, "Nothing is taken before somebody else decides.", "£40.00", "Not decided")
    return browser.click(listed, "Morgan Reed, Adult social care: £40.00")


def untouched(browser: Browser) -> None:
    """Hold the person to having all their money."""
    said(browser.get("budgets.wallet"), "There is £100.00 to spend.")
    not_said(browser.get("budgets.statement"), "-£40.00", "-£30.00")


def test_a_council_asks_money_back(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(100_00))
    first = sign_in(make.officer(council_id=funded.council_id, name="Bernie Cleeve"))
    second = sign_in(make.officer(council_id=funded.council_id, name="Olu Marsh"))
    elsewhere = sign_in(make.officer(council_id=make.council(name="Brackenshire Council")))
    at_home = sign_in(funded.person)

    notice = give_notice(first, funded)
    said(notice, "You gave this notice, so somebody else has to decide.")
    wallet = at_home.get("budgets.wallet")
    said(
        wallet, "asks for money back", "It is £40.00 of Adult social care. Nothing has been taken."
    )
    untouched(at_home)

    # Nobody decides before the answer or the end of the window, and no stranger ever.
    early = second.get(notice.url)
    said(early, "It can be decided once they have answered, or the days to answer are over.")
    decision = {"end": "take_all", "amount": "", "reason": "It was paid twice."}
    said(second.post(notice.url, decision), "They have until", "to answer. Decide then.")
    assert elsewhere.get(notice.url).status == 404
    untouched(at_home)

    read = at_home.click(wallet, "Read why, and answer")
    said(read, "Four visits were paid twice.", "Invoices 7 to 10 of May.", "Bernie Cleeve")
    silent = at_home.submit(read, "Send the answer", agrees="no", words="")
    assert silent.errors == ["Say what is wrong."]
    answered = send(
        at_home, silent, "Send the answer", agrees="no", words="Invoice 10 was another visit."
    )
    said(answered, "It is not right. Invoice 10 was another visit.", "Nothing is decided")

    assert first.post(notice.url, decision).status == 403
    untouched(at_home)

    weighing = second.get(notice.url)
    said(weighing, "Morgan Reed said on", "Invoice 10 was another visit.")
    decided = send(
        second, weighing, "Decide", end="take_part", amount="30", reason="Invoice 10 stays paid."
    )
    said(decided, "£30.00 went back to the council.", "Olu Marsh decided on")
    assert second.post(notice.url, decision).status in {403, 409}

    said(at_home.get("budgets.wallet"), "There is £70.00 to spend.")
    not_said(at_home.get("budgets.wallet"), "asks for money back")
    said(at_home.get("budgets.statement"), "-£30.00", "£70.00", "back")
    said(at_home.get(read.url), "Invoice 10 stays paid.", "£30.00 was taken back.")
    said(first.get(notice.url), "Invoice 10 was another visit.", "Invoice 10 stays paid.")


def test_silence_lets_a_second_officer_decide_after_the_window(
    make: Make, sign_in: SignInAs
) -> None:
    funded = make.funded_person(name="Morgan Reed", to_spend=Money(100_00))
    bernie = make.officer(council_id=funded.council_id, name="Bernie Cleeve")
    olu = make.officer(council_id=funded.council_id, name="Olu Marsh")
    notice = give_notice(sign_in(bernie), funded)
    decision = {"end": "take_all", "amount": "", "reason": "It was paid twice."}

    with time_machine.travel(clock.now() + timedelta(days=WINDOW_DAYS - 1)):
        second, at_home = sign_in(olu), sign_in(funded.person)
        second.get(notice.url)
        said(second.post(notice.url, decision), "to answer. Decide then.")
        untouched(at_home)

    with time_machine.travel(clock.now() + timedelta(days=WINDOW_DAYS + 2)):
        first, second, at_home = sign_in(bernie), sign_in(olu), sign_in(funded.person)
        first.get(notice.url)
        assert first.post(notice.url, decision).status == 403
        untouched(at_home)
        decided = send(
            second, second.get(notice.url), "Decide", end="take_all", reason="It was paid twice."
        )
        said(decided, "Nobody has answered yet.", "£40.00 was taken back.")
        said(at_home.get("budgets.wallet"), "There is £60.00 to spend.")
        said(at_home.get("budgets.statement"), "-£40.00", "£60.00")
