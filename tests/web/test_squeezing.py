"""Answers made small on their way."""

import re
from collections.abc import Mapping

import brotli
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.browser import Browser

READS_IT = {"Accept-Encoding": "gzip, deflate, br"}
STYLE = "/static/css/base.css"


@pytest.fixture
def client(browser: Browser) -> FlaskClient:
    return browser.client


def fetch(client: FlaskClient, path: str, asked: Mapping[str, str] | None = None) -> TestResponse:
    """Return an answer whose file is closed."""
    return client.get(path, headers=asked or {}, buffered=True)


class TestSqueeze:
    @pytest.mark.parametrize("path", [STYLE, "/find?q=company", "/find/suggest?q=co"])
    def test_says_the_same_in_fewer_bytes(self, client: FlaskClient, path: str) -> None:
        plain = fetch(client, path)
        squeezed = fetch(client, path, READS_IT)

        if "Content-Encoding" in squeezed.headers:
            assert len(squeezed.data) < len(plain.data) / 2
            assert squeezed.headers["Content-Length"] == str(len(squeezed.data))
        else:
            assert len(plain.data) < 1_000
        assert "Accept-Encoding" in squeezed.headers["Vary"]

    def test_a_file_is_whole_when_unpacked(self, client: FlaskClient) -> None:
        squeezed = fetch(client, STYLE, READS_IT)

        assert squeezed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(squeezed.data) == fetch(client, STYLE).data

    def test_a_file_that_did_not_change_is_not_sent_again(self, client: FlaskClient) -> None:
        tag = fetch(client, STYLE, READS_IT).headers["ETag"]

        again = fetch(client, STYLE, {**READS_IT, "If-None-Match": tag})

        assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize("reads", ["", "gzip", "br;q=0", "identity"])
    def test_who_cannot_read_it_gets_it_plain(self, client: FlaskClient, reads: str) -> None:
        answer = fetch(client, STYLE, {"Accept-Encoding": reads})

        assert "Content-Encoding" not in answer.headers

    def test_the_length_of_a_page_tells_nothing(self, client: FlaskClient) -> None:
        lengths = {len(brotli.decompress(fetch(client, "/find", READS_IT).data)) for _ in range(8)}

        assert len(lengths) > 1

    def test_the_first_visit_to_the_results_is_light(self, client: FlaskClient) -> None:
        page = fetch(client, "/find?q=company", READS_IT)
        html = brotli.decompress(page.data).decode()
        linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', html)
        assert len(linked) > 5

        sent = [fetch(client, path, READS_IT) for path in linked]

        assert len(page.data) + sum(len(answer.data) for answer in sent) < 100_000
