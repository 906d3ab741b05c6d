"""A provider shows its papers to two councils, one turns it down, and somebody else there looks."""

from io import BytesIO

from marketplace.access.rules import Role
from tests.browser import Browser, Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import choice, day, not_said, said, send

PAPER = b"%PDF-1.7\nInsured up to five million pounds.\n%%EOF\n"


def test_a_provider_is_checked_by_two_councils(
    make: Make, sign_in: SignInAs, browser: Browser
) -> None:
    first = make.council(name="Airemoor Council", districts=("LS6",))
    second = make.council(name="Broadfen Council", districts=("BS5",))
    owner = sign_in(make.provider(name="Rosie Bloom", postcode="LS6 2AB"))
    ann = sign_in(make.staff(organisation_id=first, role=Role.MODERATOR, name="Ann Grey"))
    ben, cleo = (
        sign_in(make.staff(organisation_id=second, role=Role.MODERATOR, name=name))
        for name in ("Ben Oakes", "Cleo Marsh")
    )

    shows_its_papers(owner, ann, ben, browser)
    asked = is_taken_over(owner, ben)

    refused = ben.submit(asked, "Save the decision", state="rejected")
    assert refused.errors == ["Say why. The provider reads it, and nobody else does."]
    ben.submit(refused, "Save the decision", state="rejected", reason="No training record.")
    mine = owner.click(owner.get("catalogue.my_store"), "What you can do about Broadfen Council")
    said(mine, "Why: No training record.", "You can appeal until")
    not_said(mine, "Ben Oakes")
    appealed = send(owner, mine, "Send the appeal", words="I was not asked in time.")
    said(appealed, "Waiting for an answer")

    own = ben.click(ben.get("catalogue.appeals"), "Rosie Bloom")
    said(own, "Somebody else in your team has to answer.")
    assert ben.post(own.url, {"decision": "checked", "answer": "I like it."}).status == 200
    said(ben.get("catalogue.appeals"), "Rosie Bloom")
    answer = cleo.click(cleo.get("catalogue.appeals"), "Rosie Bloom")
    said(answer, "I was not asked in time.", "by Ben Oakes")
    done = send(
        cleo, answer, "Send the answer", decision="checked", answer="You have time until May."
    )
    said(done, "No appeal is waiting")

    both = owner.get(mine.url)
    said(both, "Rejected", "No training record.", "The decision was changed", "You have time until")
    said(browser.get("search.store", slug="rosie-bloom"), "Checked")


def shows_its_papers(owner: Browser, ann: Browser, ben: Browser, browser: Browser) -> None:
    """Let the first council say what it wants, and look at what the provider has."""
    needed = send(
        ann, ann.get("catalogue.needed_evidence"), "Save", category="everybody", kinds="insurance"
    )
    said(needed, "Everybody : Insured")
    locker = owner.get("catalogue.evidence")
    said(locker, "What Airemoor Council wants to see", "Missing")

    typed = {
        "kind": "insurance",
        "note": "Number 0012",
        "issued_on": day(-10),
        "expires_on": day(30),
    }
    lied = owner.submit(
        locker, "Put it in the locker", typed, paper=(BytesIO(b"MZ\x90"), "policy.pdf")
    )
    assert "inside" in lied.errors[0]
    assert 'value="Number 0012"' in lied.html
    locker = owner.follow(
        owner.submit(lied, "Put it in the locker", paper=(BytesIO(PAPER), "policy.pdf"))
    )
    said(locker, "Runs out soon", "Not yet looked at", "Open the paper")

    seen = ann.click(ann.get("catalogue.evidence_to_check"), "Rosie Bloom")
    assert ann.click(seen, "Open the paper").response.data == PAPER
    path = owner.click(locker, "Open the paper").url
    assert ben.get(path).status == 404
    assert browser.get(path).status in {302, 303}
    said(send(ann, seen, "Accept this evidence"), "Accepted by Airemoor Council (Ann Grey)")
    said(browser.get("search.store", slug="rosie-bloom"), "Insured, checked by Airemoor Council")


def is_taken_over(owner: Browser, ben: Browser) -> Page:
    """Let the provider ask a second council, which takes one check over and asks for more."""
    councils = owner.get("catalogue.my_councils")
    send(
        owner,
        councils,
        "Ask this council to check my store",
        council_id=choice(councils, "council_id", "Broadfen"),
    )
    page = ben.click(ben.get("catalogue.moderate_providers"), "Rosie Bloom")
    taken = send(ben, page, "Accept the check of Airemoor Council")
    said(taken, "Accepted by Broadfen Council (Ben Oakes)", "on the word of Airemoor Council")
    asked = send(
        ben, ben.click(taken, "Ask for evidence"), "Ask for it", kind="training", words="Please."
    )
    said(asked, "We write to Rosie Bloom.")
    said(owner.get("catalogue.evidence"), "Broadfen Council asks for your training record")
    return asked


def test_many_offers_come_from_a_table(make: Make, sign_in: SignInAs) -> None:
    make.category("company", name="Company")
    owner = sign_in(make.provider(name="Rosie Bloom", title="Tea together"))
    page = owner.get("catalogue.many_offers")
    table = owner.click(page, "Take the table").response.text
    assert "Tea together" in table
    head, line = table.splitlines()

    nothing = owner.submit(page, "Look at it first", file=(BytesIO(table.encode()), "offers.csv"))
    said(nothing, "1 the same as now", "There is nothing new in this table.")
    wrong = owner.submit(page, "Look at it first", file=(BytesIO(b"PK\x03\x04"), "offers.xlsx"))
    assert wrong.errors == ["This is not a CSV file. In your spreadsheet, save it as CSV UTF-8."]

    columns = head.count(",")
    new, wrong_name = ",Walks,Company,hour,12" + "," * (columns - 4), ",=1+1" + "," * (columns - 1)
    changed = "\r\n".join([head, line.replace("15.00", "16.50"), new, wrong_name])
    looked = owner.submit(page, "Look at it first", file=(BytesIO(changed.encode()), "offers.csv"))
    said(
        looked,
        "1 to add, 1 to change, 0 the same as now, 1 wrong. Nothing is changed yet.",
        "Line 4",
        "as a formula does",
        "The price was £15.00 and is now £16.50.",
    )
    not_said(owner.get("catalogue.my_store"), "Walks", "£16.50")
    all_of_it = owner.submit(looked, "Take in all lines or nothing")
    said(all_of_it, "Nothing is changed, because some lines are wrong.")
    store = send(owner, all_of_it, "Take in the 2 good lines")
    said(store, "1 offer added, 1 offer changed", "Walks", "£16.50")
    again = owner.submit(page, "Look at it first", file=(BytesIO(changed.encode()), "offers.csv"))
    said(again, "0 to add, 0 to change, 2 the same as now, 1 wrong.")

    before = owner.click(
        owner.click(store, "Tea together"), "What this offer said before, and how to put it back"
    )
    back = send(owner, before, "in version 1")
    said(back, "Your offer is as it was.", "Put back as it was in version 1.")
    said(owner.get("catalogue.my_store"), "£15.00 an hour")
