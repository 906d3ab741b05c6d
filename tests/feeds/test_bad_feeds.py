"""Feeds that are wrong: refused or cleaned with a line that says why; what was good is kept."""

import json
from pathlib import Path

import pytest

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.adapters.oruk import read_feed, read_files
from marketplace.feeds.adapters.web import Web
from marketplace.feeds.errors import BadFeedError
from tests.feeds.feed_server import FeedServer, endless, send
from tests.feeds.records import said, service


def read(server: FeedServer, path: str = "/oruk") -> RawFeed:
    """Read the feed of a server."""
    return read_feed(f"{server.address}{path}", Web(may_be_private=True, page_bytes_max=2_000_000))


def lines(feed: RawFeed) -> str:
    """Return what was said about a feed."""
    return "\n".join(map(str, feed.remarks))


class TestReadFeed:
    def test_walks_all_pages(self, server: FeedServer) -> None:
        server.says("/oruk/", {"version": "HSDS-UK-3.0", "publisher": "Airemoor"})
        server.pages("/oruk/services", [service(str(n)) for n in range(250)])

        feed = read(server)

        assert (len(feed.services), feed.complete, feed.publisher) == (250, True, "Airemoor")
        assert lines(feed) == ""

    def test_asks_one_by_one_where_a_list_gives_little(self, server: FeedServer) -> None:
        server.pages("/oruk/services", [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}])
        server.says("/oruk/services/a", service("a"))

        feed = read(server, "/oruk/services")

        assert feed.services == [service("a"), {"id": "b", "name": "B"}]
        assert "service b: its full record cannot be read" in lines(feed)
        assert feed.complete

    def test_a_full_record_of_another_service_counts_for_nothing(self, server: FeedServer) -> None:
        server.pages("/oruk/services", [{"id": "a", "name": "A"}])
        server.says("/oruk/services/a", service("other"))

        assert read(server).services == [{"id": "a", "name": "A"}]

    def test_knows_the_words_of_the_first_version(self, server: FeedServer) -> None:
        server.says(
            "/oruk/services",
            {"content": [service("a")], "totalPages": 1, "totalElements": 1, "last": True},
        )

        assert len(read(server).services) == 1

    def test_stops_at_a_page_that_repeats(self, server: FeedServer) -> None:
        server.says("/oruk/services", {"contents": [service("a")], "total_pages": 10**9})

        feed = read(server)

        assert (len(feed.services), feed.complete) == (1, False)
        assert "page 2: it is a page that was there before" in lines(feed)

    def test_an_empty_page_before_the_last_is_not_the_end(self, server: FeedServer) -> None:
        server.pages("/oruk/services", [service(str(n)) for n in range(250)])
        whole = server.paths["/oruk/services"]

        def hiccup(handler, query):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if query["page"] == "2":
                send(handler, {"contents": [], "total_items": 250, "total_pages": 3})
            else:
                whole(handler, query)

        server.paths["/oruk/services"] = hiccup

        feed = read(server)

        assert (len(feed.services), feed.complete) == (100, False)
        assert "page 2: it is empty, though there is more" in lines(feed)

    def test_keeps_what_came_before_a_page_that_breaks(self, server: FeedServer) -> None:
        server.pages("/oruk/services", [service(str(n)) for n in range(150)])
        whole = server.paths["/oruk/services"]

        def half(handler, query):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if query["page"] == "2":
                endless(handler, query)
            else:
                whole(handler, query)

        server.paths["/oruk/services"] = half

        feed = read(server)

        assert (len(feed.services), feed.complete) == (100, False)
        assert "page 2: It is longer than 2 MB." in lines(feed)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html>Not here</html>",
            b'{"contents": [{"id": "a"',
            b"null",
            b"17",
            b'{"contents": 17}',
            b"[" * 100_000,
            b"\x00\x01\x02",
        ],
    )
    def test_refuses_what_is_no_feed(self, server: FeedServer, body: bytes) -> None:
        server.says("/oruk/services", body)

        with pytest.raises(BadFeedError):
            read(server)

    def test_leaves_out_numbers_that_are_none(self, server: FeedServer) -> None:
        body = b'{"contents": [{"id": "a", "name": "A", "schedules": [], "minimum_age": NaN}]}'
        server.says("/oruk/services", body)

        feed = read(server)

        assert feed.services[0]["minimum_age"] is None
        assert "NaN, which is no number" in lines(feed)

    def test_reads_what_is_not_utf_8(self, server: FeedServer) -> None:
        body = json.dumps({"contents": [service("a", name="Café")]}, ensure_ascii=False)
        server.says("/oruk/services", body.encode("cp1252"))

        feed = read(server)

        assert feed.services[0]["name"] == "Café"
        assert "not UTF-8" in lines(feed)


class TestReadFiles:
    def test_reads_saved_pages(self, tmp_path: Path) -> None:
        for number in (1, 2):
            page = {"contents": [service(str(number))]}
            (tmp_path / f"{number}.json").write_text(json.dumps(page))
        (tmp_path / "3.json").write_text(json.dumps([service("3")]))
        (tmp_path / "4.json").write_text(json.dumps(service("4")))

        feed = read_files(sorted(tmp_path.glob("*.json")))

        assert [raw["id"] for raw in feed.services] == ["1", "2", "3", "4"]

    def test_keeps_what_is_good_beside_what_is_bad(self, tmp_path: Path) -> None:
        (tmp_path / "1.json").write_text(json.dumps([service("1")]))
        (tmp_path / "2.json").write_text("{")

        feed = read_files([*sorted(tmp_path.glob("*.json")), tmp_path / "none.json"])

        assert (len(feed.services), feed.complete) == (1, False)
        assert "2.json: It is not JSON" in lines(feed)

    def test_refuses_when_nothing_is_good(self, tmp_path: Path) -> None:
        (tmp_path / "1.json").write_text("{")

        with pytest.raises(BadFeedError):
            read_files([tmp_path / "1.json"])

    def test_refuses_brackets_without_end(self, tmp_path: Path) -> None:
        (tmp_path / "1.json").write_text("[" * 100_000)

        with pytest.raises(BadFeedError, match="brackets without end"):
            read_files([tmp_path / "1.json"])


class TestReadServices:
    def test_says_once_what_was_cut_and_of_which(self) -> None:
        feed = said([service("long", name="x" * 5_000)])

        (remark,) = feed.remarks
        assert remark.where.startswith("service long")
        assert remark.why == "name has 5,000 characters; the first 120 were kept."

    def test_a_record_with_neither_id_nor_name_is_called_by_its_place(self) -> None:
        feed = said([service("first"), {"id": None}])

        assert [each.where for each in feed.remarks] == ["service 2"]

    def test_keeps_the_good_and_says_a_line_for_the_rest(self) -> None:
        feed = said(
            [
                service("good"),
                service("good", name="Twice"),
                service("script", description="Tea<script>alert(1)</script> <b>and</b> talk"),
                service("html", description="<p>Tea</p><p>Talk &amp; cake</p>"),
                service("twice", description="&lt;script&gt;alert(1)&lt;/script&gt;Tea"),
                service("over", status="defunct"),
                service("past", schedules=[{"dtstart": "2020-01-01", "opens_at": "10:00"}]),
                {"id": "nameless"},
                {"name": "No id"},
                "no record",
                None,
                service("types", description=["a"], fees={"a": 1}, schedules="x", url=17),
                service("link", url="javascript:alert(1)", email="nobody"),
                service("long", description="x" * 10_000),
                service("years", schedules=[{"dtstart": "9999-12-31", "opens_at": "25:00"}]),
                service("price", fees="", cost_options=[{"amount": -3}, {"amount": "NaN"}]),
                service("right", name="abc\u202edef\x00"),
            ]
        )

        found = {each.key: each for each in feed.services}
        text = "\n".join(map(str, feed.remarks))
        assert sorted(found) == sorted(
            ["good", "html", "link", "long", "price", "right", "script", "twice", "types", "years"]
        )
        assert found["script"].about == "Tea and talk"
        assert found["html"].about == "Tea\nTalk & cake"
        assert "<" not in found["twice"].about
        assert found["right"].title == "abcdef"
        assert found["link"].online == ""
        assert len(found["long"].about) <= 4000
        assert (found["years"].kind, found["price"].cost_words) == (
            "advice",
            "Ask them what it costs",
        )
        for why in (
            "its id is there twice",
            "held a script",
            "held HTML",
            "is not offered any more",
            "it is over",
            "no id or no name",
            "it is no record",
            "description is not a text",
            "url is no web address",
            "email is no e-mail address",
            "has 10,000 characters",
            "characters that nobody can see",
            "in the year 9999",
            "no time of day",
            "which is no price",
            "is no number",
        ):
            assert why in text, why

    def test_leaves_out_places_outside_the_kingdom(self) -> None:
        place = {"location": {"latitude": 100, "longitude": 101, "name": "The hall"}}

        feed = said([service(service_at_locations=[place])])

        assert "outside the UK" in str(feed.remarks[0])
        assert (feed.services[0].venue, feed.services[0].postcode) == ("The hall", "")
