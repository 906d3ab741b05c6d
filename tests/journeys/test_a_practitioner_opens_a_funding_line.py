"""A practitioner opens a funding line with limits, and the person sees their money."""

import pytest

from marketplace.web.example_days import near_today
from tests.conftest import SignInAs
from tests.factories import Make
from tests.journeys.ways import day, said, send


def test_a_practitioner_opens_a_funding_line(make: Make, sign_in: SignInAs) -> None:
    council_id = make.council(name="Ashdale Council")
    practitioner = make.practitioner(council_id=council_id, name="Priya Nair")
    person = make.person(name="Morgan Reed", email="morgan@mail.example")
    at_work = sign_in(practitioner)

    adding = at_work.click(at_work.get("budgets.people"), "Add a person")
    shown = send(
        at_work, adding, "Add this person", name="Morgan Reed", email="morgan@mail.example"
    )
    said(shown, "No money is set up yet")
    form = at_work.click(shown, "Open a funding line")

    refused = at_work.submit(form, "Open the funding line", yearly="£12.5", starts_on="31 2 2026")
    assert "Write the pence with two digits, like 12.50." in refused.errors
    assert near_today("Enter a day that exists, like {day}.") in refused.errors
    assert "Choose who looks after the money." in refused.errors
    assert 'value="£12.5"' in refused.html

    opened = send(
        at_work,
        refused,
        "Open the funding line",
        funder="adult_social_care",
        yearly="13,000",
        starts_on=day(),
        holder="direct_payment",
        outcomes="I see my friends every week.\nI keep my own home.",
        order_limit="300",
        order_reason="We agreed to start small.",
        four_weeks_limit="800",
        four_weeks_reason="So that it lasts the month.",
    )
    said(opened, "The money for Morgan Reed is set up.", "£13,000.00", "I keep my own home.")
    said(opened, "Set by Priya Nair (Ashdale Council) because: We agreed to start small.")

    at_home = sign_in(person)
    wallet = at_home.get("budgets.wallet")
    said(wallet, "There is £1,000.00 to spend.", "£0.00 is set aside", "£0.00 was paid")
    said(wallet, "£1,000.00 on", "£800.00 left until", "Ashdale Council")
    said(wallet, "Set by Priya Nair (Ashdale Council) because: So that it lasts the month.")
    said(wallet, "I see my friends every week.")
    line = at_home.click(wallet, "Adult social care")
    said(line, "£300.00", "We agreed to start small.")


@pytest.mark.sqlite_only
def test_a_line_can_be_held_in_each_of_the_six_ways(make: Make, sign_in: SignInAs) -> None:
    practitioner = make.practitioner(council_id=make.council())
    at_work = sign_in(practitioner)
    adding = at_work.get("budgets.add_person")
    shown = send(at_work, adding, "Add this person", name="Jo Lee", email="jo@mail.example")
    form = at_work.click(shown, "Open a funding line")
    ways = [str(each["value"]) for each in form.soup.select("input[name=holder]")]

    assert len(ways) == 6
    for way in ways:
        form = at_work.get(form.url)
        shown = send(
            at_work,
            form,
            "Open the funding line",
            yearly="1,300",
            starts_on=day(),
            holder=way,
            holder_name="Robin Fell",
            outcomes="I see my friends.",
        )
    assert shown.text.count("£1,300.00") == 6
