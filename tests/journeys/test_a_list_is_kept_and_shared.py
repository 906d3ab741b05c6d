"""Somebody keeps three things without an account, shares the list, signs in, and hears from Bea."""

from flask import Flask

from marketplace.access.rules import Scope
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import not_said, said, send


def test_a_list_by_link_becomes_one_of_a_circle(
    app: Flask, make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    rosie = make.provider(name="Rosie Bloom")
    weeding = make.offer(provider=rosie, title="Weeding")
    walks = make.offer(provider=make.provider(name="Stride Out"), title="Walks by the canal")
    ada = make.person(name="Ada Hill")
    bea = make.supporter(person=ada, scopes=[Scope.PLAN], name="Bea Hill")
    payer = make.supporter(person=ada, scopes=[Scope.PAY], name="Cal Reed")

    # She keeps two offers and a store, with no account and no script.
    for address in (f"/offers/{weeding}", f"/offers/{walks}", "/stores/rosie-bloom"):
        name = {"/stores/rosie-bloom": "Rosie Bloom"}.get(address)
        page = browser.get(address)
        button = f"Keep on a list : {name or page.soup.find('h1').get_text()}"  # type: ignore[union-attr]
        page = send(browser, page, button)
    said(page, "Weeding", "Walks by the canal", "Rosie Bloom", "£15.00")
    said(page, "It says nothing about you")
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    link = page.url

    # A neighbour opens the link, and can look but take nothing off.
    neighbour = Browser(app.test_client())
    shared = neighbour.get(link)
    said(shared, "Weeding", "Walks by the canal")
    not_said(shared, "Take off the list")
    assert neighbour.get(f"{link}x").status == 404

    # Signed in, Ada copies it; twice is once.
    hers = sign_in(ada)
    own = send(hers, hers.get(link), "Copy into my lists")
    said(own, "The list is copied", "Weeding", "Ada Hill put it here")
    send(hers, hers.get(link), "Copy into my lists")
    assert hers.get("/lists").text.count("3 things") == 1

    # Bea, who helps with the plan, says what she thinks; who only pays sees no list.
    theirs = sign_in(bea)
    noting = theirs.click(theirs.get(own.url), "Write a note about Weeding")
    send(theirs, noting, "Put this note on the list", words="Rosie is lovely.")
    said(hers.get(own.url), "Rosie is lovely.", "Bea Hill")
    said(hers.get("access.deeds"), "wrote a note on a list")
    assert sign_in(payer).get(own.url).status == 403
