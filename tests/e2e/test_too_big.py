"""A file that the server would not even read does not take the words with it."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Street, open_page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

WORDS = "Here is my film."


def test_what_was_written_stays_beside_a_file_that_is_too_big(street: Street) -> None:
    with street.visitor("person") as context:
        page = open_page(context, "/wallet/messages")
        page.get_by_label("Your message").fill(WORDS)
        chooser = page.get_by_label("A picture or a paper")
        chooser.set_input_files(
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(17 * 1024 * 1024)}
        )

        page.get_by_role("button", name="Send my message").click()
        expect(page.get_by_text("This file is too big to send.")).to_be_visible()
        expect(page.get_by_label("Your message")).to_have_value(WORDS)

        chooser.set_input_files([])
        page.get_by_role("button", name="Send my message").click()
        expect(page.get_by_text("Your message is sent.")).to_be_visible()
