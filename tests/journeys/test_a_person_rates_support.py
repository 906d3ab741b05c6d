"""A person rates what was delivered, the provider replies once, and the order of results moves."""

from marketplace.access import commands as access
from marketplace.access.rules import Role
from marketplace.kernel import clock
from tests.browser import Page
from tests.conftest import SignInAs
from tests.factories import Make
from tests.factories.orders import Deal
from tests.journeys.ways import not_said, said, send


def _delivered(make: Make, title: str, name: str) -> Deal:
    deal = make.accepted(make.placed(provider=make.provider(name=name, title=title)))
    make.confirmed(deal, at=clock.now())
    return deal


def _order_of(page: Page, *names: str) -> list[str]:
    return sorted(names, key=page.text.index)


def test_a_person_rates_support(make: Make, sign_in: SignInAs) -> None:
    _delivered(make, "Singing on Mondays", "Amber Lane")
    deal = _delivered(make, "Singing on Tuesdays", "Blue Door")
    at_home, at_work, anyone = sign_in(deal.person), sign_in(deal.provider), sign_in(make.person())

    form = at_home.click(at_home.get("ratings.mine"), "Rate order")
    refused = at_home.submit(form, "Save my rating", words="Kind and on time.")
    assert "Choose a score." in refused.errors
    said(refused, "Kind and on time.")
    saved = send(
        at_home, refused, "Save my rating", on_time="yes", to_standard="yes", again="yes", score="5"
    )
    said(saved, "Thank you. Your rating is saved.", "5 out of 5", "Kind and on time.")

    said_of_us = at_work.get("ratings.store")
    said(said_of_us, "5 out of 5", "100%")
    reply = at_work.click(said_of_us, "Reply to the rating")
    replied = send(at_work, reply, "Publish", words="Thank you, see you on Tuesday.")
    said(replied, "Your reply is published.")
    assert "Reply to the rating" not in replied.text

    store = anyone.get("/stores/blue-door")
    said(store, "5 out of 5", "Kind and on time.", "Thank you, see you on Tuesday.")
    not_said(store, deal.person.name)
    best = anyone.get("/find?q=singing&sort=rating")
    assert _order_of(best, "Singing on Tuesdays", "Singing on Mondays")[0] == "Singing on Tuesdays"


def test_a_provider_cannot_rate_their_own_work(make: Make, sign_in: SignInAs) -> None:
    funded = make.funded_person(name="Wren Ashby")
    deal = make.accepted(make.placed(funded=funded))
    make.confirmed(deal, at=clock.now())
    with make.block() as session:
        access.add_membership(
            session,
            user_id=funded.id,
            organisation_id=deal.provider.works_for,
            organisation_name="Blue Door",
            role=Role.PROVIDER_WORKER,
            by_user_id=deal.provider.user_id,
            at=clock.now(),
        )
    browser = sign_in(funded.person)

    form = browser.get("ratings.rate", order_id=deal.order_id)
    answer = browser.submit(
        form, "Save my rating", on_time="yes", to_standard="yes", again="yes", score="5"
    )

    assert answer.status in {403, 409}
    assert "5 out of 5" not in browser.get("ratings.mine").text


def test_a_moderator_hides_a_rating_with_a_reason_its_author_reads(
    make: Make, sign_in: SignInAs
) -> None:
    deal = _delivered(make, "Singing on Tuesdays", "Blue Door")
    make.rating(deal, score=1, words="Ring Ada on 01632 960111.", at=clock.now())
    council_id = deal.funded.council_id
    moderator = sign_in(make.staff(organisation_id=council_id, role=Role.MODERATOR))
    anyone, at_home = sign_in(make.person()), sign_in(deal.person)
    said(anyone.get("/stores/blue-door"), "1 out of 5", "Ring Ada on 01632 960111.")

    page = moderator.click(moderator.get("ratings.moderate"), "Blue Door, 1 out of 5")
    refused = moderator.submit(page, "Hide this rating", rule="private_details")
    assert refused.errors != []
    hidden = send(
        moderator, refused, "Hide this rating", reason="It gives away a telephone number."
    )
    said(hidden, "The rating is hidden. Its author gets a letter with your reason.")

    not_said(anyone.get("/stores/blue-door"), "01632 960111")
    said(at_home.get("ratings.mine"), "This rating is hidden", "It gives away a telephone number.")
