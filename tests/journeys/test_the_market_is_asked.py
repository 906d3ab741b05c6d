"""Somebody asks the market, two providers answer, one is chosen, the other is thanked.

Until the order no provider learns who it is: not on a page, not in a letter, not in the search.
"""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from marketplace.access.rules import Actor, Role
from marketplace.asking import tasks
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.outbox.models import Letter
from marketplace.outbox.tasks import send_letters
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.money import Funded
from tests.journeys.ways import choice, day, not_said, said, send

NAME = "Philippa Thistlewood"
EMAIL = "p.thistlewood@mail.example"
SECRETS = ("Philippa", "Thistlewood", EMAIL, "3HN", "01632 960777", "14 Heron Street")
WORDS = (
    f"I am {NAME} of 14 Heron Street, LS6 3HN. I want to swim again. Write to {EMAIL}, or ring "
    "01632 960777."
)


def person_of(make: Make, council_id: object) -> Funded:
    """Make somebody funded, with a name and an address that stand out."""
    at = clock.now() - timedelta(days=1)
    practitioner = make.practitioner(council_id=council_id)  # type: ignore[arg-type]
    person = make.person(name=NAME, email=EMAIL)
    line_id = make.line(
        person=person,
        practitioner=practitioner,
        outcomes=["I swim."],
        starts_on=local_day(at),
        at=at,
    )
    return Funded(person, practitioner.works_for, line_id, practitioner)


def ask(browser: Browser) -> Page:
    """Go through all pages of asking."""
    page = browser.submit(
        browser.get("asking.ask"), "Continue", title="Somebody to swim with", words=WORDS
    )
    page = browser.submit(
        page, "Continue", category="company", near="LS6 3HN", often="weekly", days=["tue"]
    )
    page = browser.submit(page, "Continue", languages=["english"], budget="16")
    said(page, "We left something out")
    return send(browser, page, "Send it to providers")


def answer(browser: Browser, words: str) -> Page:
    """Answer what somebody near asks for."""
    listed = browser.get("asking.near")
    page = browser.click(listed, "Somebody to swim with")
    said(page, "I want to swim again", "LS6", "Tuesday")
    for shown in (listed, page):
        not_said(shown, *SECRETS)
    return send(
        browser,
        page,
        "Send my answer",
        words=words,
        offer=choice(page, "offer", "Company at home"),
        starts_on=day(2),
        met=["days"],
    )


def letters_to(make: Make, *actors: Actor) -> list[Letter]:
    """Return all letters to some people."""
    addresses = {make.email_of(each) for each in actors}
    with reading() as session:
        return list(session.scalars(select(Letter).where(Letter.to.in_(addresses))))


def test_the_market_is_asked(app: Flask, make: Make, sign_in: SignInAs) -> None:
    council_id = make.council(name="Ashdale Council")
    funded = person_of(make, council_id)
    wren = make.approved(council_id=council_id, name="Wren’s Help", price=Money(16_00))
    robin = make.approved(council_id=council_id, name="Robin’s Help", price=Money(17_00))
    far = make.approved(council_id=council_id, name="Far Away", postcode="BS5 6AA")
    at_home = sign_in(funded.person)

    said(ask(at_home), "2 providers were told")
    said(sign_in(far).get("asking.near"), "Nobody is asking just now")
    small, large = sign_in(wren), sign_in(robin)
    answer(small, "We swim each Tuesday.")
    said(answer(large, "We have a pool."), "They have not chosen yet.")
    for store, others in ((small, "We have a pool."), (large, "We swim each Tuesday.")):
        page = store.click(store.get("asking.near"), "Somebody to swim with")
        not_said(page, others, *SECRETS)

    listed = at_home.get("asking.index")
    said(listed, "2 answers")
    page = at_home.click(listed, "Somebody to swim with")
    said(page, "We swim each Tuesday.", "We have a pool.", "£16.00 an hour", "£17.00 an hour")
    said(page, "About ", "Checked by a council", "No ratings yet")
    page.link("Ask a question")

    # Nothing that was kept for providers names them: neither what was sent nor what is found.
    with app.app_context():
        send_letters(clock.now())
    for letter in letters_to(make, wren, robin, far):
        written = f"{letter.subject} {letter.values} {letter.template}"
        assert not [secret for secret in SECRETS if secret in written]
    for words in ("Thistlewood", "swim again", "Heron Street"):
        not_said(sign_in(far).get(f"/find?q={words}"), "I want to swim", NAME)

    page = at_home.click(page, "Choose Wren’s Help")
    said(page, "Choosing is not ordering yet", "They do not learn who you are")
    page = send(at_home, page, "Choose Wren’s Help")
    said(page, "You chose Wren’s Help. The others are thanked.", "Company at home")
    form = {"outcome_id": choice(page, "outcome_id", "I swim."), "quantity": "1"}
    page = send(at_home, page, "Put it in the basket", on_day=day(2), at_time="2pm", **form)
    page = send(at_home, page, "Place the order")
    said(page, "Wren’s Help: placed", "£16.00 is set aside")

    thanks = [each for each in letters_to(make, robin) if each.template == "ask_thanked"]
    assert [each.subject for each in thanks] == ["Thank you for your answer"]
    assert "Wren" not in str(thanks[0].values)
    said(large.get("asking.near", all="yes"), "It is over")
    said(small.get("asking.near", all="yes"), "You were chosen")
    said(small.get("orders.work"), NAME)


def test_what_nobody_answers_is_said_honestly_and_counted(
    app: Flask, make: Make, sign_in: SignInAs
) -> None:
    council_id = make.council(name="Ashdale Council")
    people = [make.funded_person(council_id=council_id).person for _ in range(5)]
    asked = [make.ask(person, near="LS6", at=clock.now()) for person in people]

    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        with app.app_context():
            assert [tasks.look_after_asks(clock.now()) for _ in range(2)] == [5, 0]
        page = sign_in(people[0]).get("asking.show", ask_id=asked[0])
        said(page, "Nobody answered", "We are sorry.")
        said(sign_in(people[0]).click(page, "look for support near LS6"), "found")
        commissioner = make.staff(organisation_id=council_id, role=Role.COMMISSIONER)
        page = sign_in(commissioner).get("reports.demand")
        said(page, "What they asked for and nobody offered", "Company", "LS6")
        not_said(page, "swim", "Tuesdays")
