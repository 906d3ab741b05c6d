"""Fetching what others chose: within limits, and never from inside."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from marketplace.feeds.adapters.web import Web, is_public
from marketplace.feeds.errors import BadFeedError, RefusedAddressError, TooMuchError
from tests.feeds.feed_server import FeedServer, dripping, endless, leads_to


def web(**limits: Any) -> Web:  # noqa: ANN401 - limits of several types
    """Return a fetcher that may reach the test's own server."""
    return Web(may_be_private=True, **limits)


class TestWeb:
    def test_fetches(self, server: FeedServer) -> None:
        server.says("/", b"hello")

        assert web().get(f"{server.address}/") == b"hello"

    def test_follows_a_few_redirects(self, server: FeedServer) -> None:
        server.says("/there", b"hello")
        server.paths["/"] = leads_to("/there")

        assert web().get(f"{server.address}/") == b"hello"

    def test_does_not_go_round_for_ever(self, server: FeedServer) -> None:
        server.paths["/"] = leads_to("/")

        with pytest.raises(BadFeedError, match="more than 5 times"):
            web().get(f"{server.address}/")
        assert len(server.asked) == 6

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1/",
            "http://127.0.0.1:5000/oruk",
            "http://localhost/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[fec0::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://224.0.0.1/",
            "http://100.64.0.1/",
        ],
    )
    def test_refuses_what_is_not_public(self, address: str) -> None:
        with pytest.raises(RefusedAddressError):
            Web().get(address)

    @pytest.mark.parametrize(
        "address",
        [
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "http://",
            "http://name:password@example.org/",
            "http://example.org:99999/",
            "http://example.org:0/",
            "http://exa mple.org/",
            "http://[::1/",
            "",
        ],
    )
    def test_refuses_what_is_no_address_of_the_web(self, address: str) -> None:
        with pytest.raises(RefusedAddressError):
            Web().get(address)

    def test_looks_at_where_a_redirect_leads(
        self, server: FeedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.paths["/"] = leads_to("http://169.254.169.254/latest/meta-data/")
        fetcher = web()
        first = True

        def only_the_first(text: str) -> bool:
            return first and text == "127.0.0.1"

        monkeypatch.setattr("marketplace.feeds.adapters.web.is_public", only_the_first)
        fetcher.may_be_private = False

        with pytest.raises(RefusedAddressError):
            fetcher.get(f"{server.address}/")
        assert len(server.asked) == 1

    def test_goes_to_the_address_it_looked_at(
        self, server: FeedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.says("/", b"hello")
        looked: list[str] = []
        really: Callable[..., Any] = socket.getaddrinfo

        def once(host: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as the real one
            looked.append(host)
            return really("127.0.0.1" if host == "feed.example" else host, *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", once)
        port = server.address.rpartition(":")[2]

        assert web().get(f"http://feed.example:{port}/") == b"hello"
        assert looked.count("feed.example") == 1

    def test_one_private_address_among_public_ones_is_one_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def two(*_: object, **__: object) -> list[tuple[Any, ...]]:
            return [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]

        monkeypatch.setattr(socket, "getaddrinfo", two)

        with pytest.raises(RefusedAddressError):
            Web().get("http://feed.example/")

    def test_stops_what_is_too_long(self, server: FeedServer) -> None:
        server.paths["/"] = endless

        with pytest.raises(TooMuchError, match="longer than 1 MB"):
            web(page_bytes_max=1_000_000).get(f"{server.address}/")

    def test_does_not_begin_what_says_it_is_300_megabytes(self, server: FeedServer) -> None:
        server.says("/", b"", headers={"Content-Length": "300000000"})

        with pytest.raises(TooMuchError, match="300 MB"):
            web().get(f"{server.address}/")

    def test_stops_when_all_of_it_is_too_long(self, server: FeedServer) -> None:
        server.says("/", b"x" * 600)
        fetcher = web(all_bytes_max=1000)
        fetcher.get(f"{server.address}/")

        with pytest.raises(TooMuchError, match="All of it"):
            fetcher.get(f"{server.address}/")

    def test_stops_what_drips(self, server: FeedServer) -> None:
        server.paths["/"] = dripping

        with pytest.raises(TooMuchError, match="too long"):
            web(answer_seconds_max=0.3).get(f"{server.address}/")

    def test_stops_when_all_of_it_takes_too_long(self, server: FeedServer) -> None:
        server.says("/", b"hello")

        with pytest.raises(TooMuchError, match="All of it"):
            web(all_seconds_max=-1).get(f"{server.address}/")

    def test_notes_what_breaks_off(self, server: FeedServer) -> None:
        server.says("/", b"half", headers={"Content-Length": "100"})

        with pytest.raises(BadFeedError, match=r"breaks off|too long"):
            web(silence_seconds_max=0.5).get(f"{server.address}/")

    def test_refuses_what_comes_packed(self, server: FeedServer) -> None:
        server.says("/", b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

        with pytest.raises(BadFeedError, match="packed"):
            web().get(f"{server.address}/")

    def test_says_what_is_answered_instead(self, server: FeedServer) -> None:
        with pytest.raises(BadFeedError, match="404"):
            web().get(f"{server.address}/nothing")

    def test_says_that_nobody_is_there(self) -> None:
        with pytest.raises(BadFeedError, match=r"There is no|cannot be reached"):
            web().get("http://no-such-host.invalid/")
        with pytest.raises(BadFeedError, match="cannot be reached"):
            web().get("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("2002:5db8:d822::", True)],
)
def test_knows_public_addresses(address: str, public: bool) -> None:  # noqa: FBT001 - a case
    assert is_public(address) is public
