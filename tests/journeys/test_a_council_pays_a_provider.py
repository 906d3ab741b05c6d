"""Two finance officers pay what was confirmed; the provider sees promised beside paid."""

from marketplace.kernel import clock
from marketplace.kernel.money import Money
from marketplace.web.example_days import near_today
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, not_said, said, send


def test_a_council_pays_a_provider(make: Make, sign_in: SignInAs) -> None:
    council_id = make.council(name="Ashdale Council")
    funded = make.funded_person(name="Morgan Reed", council_id=council_id, to_spend=Money(100_00))
    store = make.provider(name="=Green Hands")
    deal = make.accepted(make.placed(funded=funded, provider=store, price=Money(15_00)))
    make.confirmed(deal, at=clock.now())
    officer = make.officer(council_id=council_id, name="Bernie Cleeve")
    make.bank_account(by=officer, at=clock.now())
    proposer = sign_in(officer)
    approver = sign_in(make.officer(council_id=council_id, name="Olu Marsh"))
    elsewhere = sign_in(make.officer(council_id=make.council(name="Brackenshire Council")))
    at_work = sign_in(store)

    owed = proposer.get("payments.index")
    said(owed, "=Green Hands", "£30.00 in all, to 1 provider.")
    run = send(proposer, owed, "Propose to pay all of it")
    said(run, "The run is proposed.", "You proposed this run, so another finance officer must")
    assert proposer.post(f"{run.url}/approve").status == 403

    assert elsewhere.get(run.url).status == 404
    not_said(elsewhere.get("payments.index"), "Green Hands", "£30.00")

    approved = send(approver, approver.get(run.url), "Approve this run")
    said(approved, "Olu Marsh", "Download a plain list (CSV)")
    said(at_work.get("payments.earnings"), "£30.00 is coming", "On its way")

    file = approver.click(approved, "Download a plain list (CSV)")
    assert file.response.mimetype == "text/csv"
    rows = file.html.splitlines()
    assert len(rows) == 2
    assert "30.00" in rows[1]
    assert not any(cell.startswith(("=", '"=')) for cell in rows[1].split(","))

    way = {"file_format": "faster_payments"}
    sent = send(proposer, proposer.get(run.url), "Send it: take the file for the bank", **way)
    said(sent, "With the bank", "Download the file again")
    bank_file = proposer.click(sent, "Download the file again")
    assert bank_file.response.mimetype in {"application/xml", "text/plain"}
    assert "=Green" not in bank_file.html

    wrong = approver.submit(approver.get(run.url), "Say it was paid", paid_on="31 2 2026")
    assert wrong.errors == [near_today("Enter a day that exists, like {day}.")]
    paid = send(approver, wrong, "Say it was paid", paid_on=day())
    said(paid, "The run is paid. Each provider gets a letter that says so.")
    said(proposer.get("payments.index"), "Nothing to pay now")

    earnings = at_work.get("payments.earnings")
    said(earnings, "£30.00 has been paid to you", "Promised by", "Paid", "In time")
    payment = at_work.click(earnings, "£30.00 on")
    said(payment, "Invoice 1", "£30.00")
