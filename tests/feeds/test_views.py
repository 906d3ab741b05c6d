"""The pages on which a council looks after other catalogues and answers what they leave open."""

from typing import Any
from uuid import UUID

import pytest

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries.matching import stores_to_match
from marketplace.community import queries as community
from marketplace.database import reading, transaction
from marketplace.feeds import commands
from marketplace.feeds.commands import NoteReading
from marketplace.feeds.queries.sources import open_questions
from marketplace.kernel import clock
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.factories import Make
from tests.feeds.records import service, source, taken


@pytest.fixture
def moderator(make: Make) -> Actor:
    """Return a moderator of a council."""
    return make.staff(organisation_id=make.council(), role=Role.MODERATOR)


def ask(make: Make, **source_of: Any) -> tuple[UUID, UUID]:  # noqa: ANN401 - a source's own
    """Take over a group that may be here already; return the source and the question."""
    make.group(name="Larkfield Neighbours Group")
    with transaction() as session:
        source_id = source(session, **source_of)
        taken(session, service())
        note = NoteReading(
            source_id=source_id,
            taken_over=False,
            complete=False,
            counts={"asked": 1, "waiting": 1},
            lines=["asked: organisation “Larkfield”"],
            remarks=["service 3: it has no id"],
        )
        commands.note_reading(session, note, at=clock.now())
        (question,) = open_questions(session, source_id=source_id)
    return source_id, question.id


def test_sources_invites_when_there_is_none(sign_in: SignInAs, moderator: Actor) -> None:
    page = sign_in(moderator).get("feeds.sources")

    assert "No other catalogue is connected" in page.text


def test_sources_names_each_and_what_is_asked(
    sign_in: SignInAs, moderator: Actor, make: Make
) -> None:
    ask(make)

    page = sign_in(moderator).get("feeds.sources")

    assert "Airemoor directory" in page.text
    assert "1 question to answer" in page.text


def test_source_shows_what_would_change_and_what_was_refused(
    sign_in: SignInAs, moderator: Actor, make: Make
) -> None:
    source_id, _ = ask(make)

    page = sign_in(moderator).get("feeds.source", source_id=source_id)

    for words in (
        "This was a preview",
        "1 asked, 1 waiting",
        "asked: organisation “Larkfield”",
        "service 3: it has no id",
        "is it Larkfield Neighbours Group, LS6 2AB?",
    ):
        assert words in page.text


def test_source_of_another_council_is_not_there(
    sign_in: SignInAs, moderator: Actor, make: Make
) -> None:
    source_id, question_id = ask(make, council_id=make.council())
    browser = sign_in(moderator)

    pages = [
        browser.get("feeds.source", source_id=source_id),
        browser.get("feeds.question", question_id=question_id),
    ]

    assert [page.status for page in pages] == [404, 404]


def test_question_is_answered_and_done(sign_in: SignInAs, moderator: Actor, make: Make) -> None:
    source_id, question_id = ask(make)
    browser = sign_in(moderator)

    shown = browser.get("feeds.question", question_id=question_id)
    browser.post("feeds.question", {"answer": "same"}, question_id=question_id)
    page = browser.get("feeds.source", source_id=source_id)

    assert "Neighbours who meet." in shown.text
    assert "There is nothing to answer." in page.text
    with reading() as session:
        (card,) = community.findable_listings(session, ids=None, at=clock.now())
    assert card.group.name == "Larkfield Neighbours Group"
    again = browser.get("feeds.question", question_id=question_id)
    assert "The answer was: It is the same" in again.text


def test_question_asks_again_when_nothing_is_chosen(
    sign_in: SignInAs, moderator: Actor, make: Make
) -> None:
    _, question_id = ask(make)

    browser = sign_in(moderator)
    browser.get("feeds.question", question_id=question_id)

    page = browser.post("feeds.question", {}, question_id=question_id)

    assert page.errors == ["Choose one of the three."], page.text


def test_what_was_taken_over_names_its_source_and_licence(browser: Browser, make: Make) -> None:
    care = service("c", name="Larkfield Homecare", fees="£25", schedules=[])
    with transaction() as session:
        taken(session, service(), care, at=clock.now())
        (card,) = community.findable_listings(session, ids=None, at=clock.now())
        (store,) = stores_to_match(session)
        slug = catalogue.stores(session, provider_ids=[store.id])[store.id].slug

    for page in (
        browser.get("community.activity", listing_id=card.id),
        browser.get("community.group", slug=card.group.slug),
        browser.get("search.store", slug=slug),
    ):
        assert "This comes from Airemoor directory (Open Government Licence v3.0)" in page.text
        assert page.link("Airemoor directory") == "https://airemoor.example/oruk"
