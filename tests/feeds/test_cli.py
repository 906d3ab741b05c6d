"""The commands: shown first, taken over when asked, and the same when asked again."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from marketplace.access.rules import Role
from marketplace.community import queries as community
from marketplace.database import reading
from marketplace.feeds.adapters.oruk import read_feed
from marketplace.feeds.adapters.web import Web
from marketplace.feeds.cli import Asked, run
from marketplace.feeds.commands import PutSource
from marketplace.feeds.queries import sources
from marketplace.feeds.rules.sources import SourceKind
from marketplace.kernel import clock
from tests.factories import Make
from tests.feeds.feed_server import FeedServer
from tests.feeds.records import Record, at, organisation, service
from tests.feeds.test_packages import TABLE, VERSION_3, folder


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Return what runs commands."""
    return app.test_cli_runner()


def entries() -> list[str]:
    """Return the titles of all entries."""
    with reading() as session:
        found = community.findable_listings(session, ids=None, at=clock.now())
    return sorted(each.title for each in found)


def fresh(key: str, **changes: object) -> Record:
    """Return a record that is of no certain year."""
    return service(key, **changes)


class TestImportOruk:
    def test_shows_and_changes_nothing_unless_asked(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "feed.json"
        path.write_text(json.dumps([fresh("a"), fresh("b"), {"id": "c"}]))

        shown = runner.invoke(args=["import", "oruk", str(path)])

        assert shown.exit_code == 0
        assert "Services that can be read: 2" in shown.output
        assert "What would be done: 3 new." in shown.output
        assert "new: service “Tea a”" in shown.output
        assert "Nothing was changed." in shown.output
        assert "it has no id or no name" in shown.stderr
        with app.app_context():
            assert entries() == []

    def test_that_is_empty_ends_nothing_unless_somebody_says_so(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "feed.json"
        path.write_text(json.dumps([fresh("a"), fresh("b")]))
        runner.invoke(args=["import", "oruk", str(path), "--go"])
        path.write_text("[]")

        for _ in range(3):
            empty = runner.invoke(args=["import", "oruk", str(path), "--go"])

        assert "run it again with --all-gone" in empty.stderr
        with app.app_context():
            assert entries() == ["Tea a", "Tea b"]
        for _ in range(2):
            runner.invoke(args=["import", "oruk", str(path), "--go", "--all-gone"])
        with app.app_context():
            assert entries() == []

    def test_takes_over_and_the_second_time_nothing(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "feed.json"
        path.write_text(json.dumps([fresh(str(n)) for n in range(30)]))

        first = runner.invoke(args=["import", "oruk", str(path), "--go"])
        second = runner.invoke(args=["import", "oruk", str(path), "--apply"])

        assert "Done: 31 new." in first.output
        assert "and 11 more." in first.output
        assert "Done: 31 same." in second.output
        with app.app_context():
            assert len(entries()) == 30

    def test_preview_counts_more_than_go(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "feed.json"
        path.write_text(json.dumps([fresh("a")]))

        shown = runner.invoke(args=["import", "oruk", str(path), "--preview", "--go"])

        assert "Nothing was changed." in shown.output

    def test_reads_a_folder_of_pages(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        for number in (1, 2):
            (tmp_path / f"{number}.json").write_text(json.dumps({"contents": [fresh(str(number))]}))

        done = runner.invoke(args=["import", "oruk", str(tmp_path), "--go"])

        assert "Done: 3 new." in done.output

    @pytest.mark.parametrize("address", ["/no/such/file", "http://127.0.0.1:9/oruk", "https://"])
    def test_says_in_a_sentence_what_cannot_be(
        self, runner: FlaskCliRunner, app: Flask, address: str
    ) -> None:
        done = runner.invoke(args=["import", "oruk", address])

        assert done.exit_code == 1
        assert done.stderr.startswith("Error: ")
        assert "Traceback" not in done.output

    def test_an_unknown_council_is_said(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "feed.json"
        path.write_text(json.dumps([fresh("a")]))

        done = runner.invoke(args=["import", "oruk", str(path), "--council", "nowhere"])

        assert done.exit_code == 1

    def test_a_feed_is_walked_named_and_licensed(
        self, app: Flask, server: FeedServer, make: Make
    ) -> None:
        council_id = make.council(slug="ashdale")
        moderator = make.staff(organisation_id=council_id, role=Role.MODERATOR)
        server.says("/oruk/", {"publisher": "Airemoor", "license": "OGL"})
        server.pages("/oruk/services", [fresh(str(n)) for n in range(120)])
        address = f"{server.address}/oruk"
        asked = Asked(name="", licence="", website="", council="ashdale", go=True)

        with app.app_context():
            raw = read_feed(address, Web(may_be_private=True))
            run(raw, PutSource(kind=SourceKind.ORUK, address=address), asked)
            with reading() as session:
                (row,) = sources.sources(session, by=moderator)
                (reading_row,) = sources.readings(session, source_id=row.id)

            assert len(entries()) == 120
        assert (row.name, row.licence, row.taken) == ("Airemoor", "OGL", 121)
        assert (reading_row.taken_over, reading_row.counts) == (True, {"new": 121})

    def test_our_own_feed_can_be_taken_over(
        self, app: Flask, make: Make, runner: FlaskCliRunner, tmp_path: Path
    ) -> None:
        make.activity(group_id=make.group(name="Larkfield"), title="Tea", at=clock.now())
        told = app.test_client().get("/oruk/services?full=true").get_json()
        for each in told["contents"]:
            each["organization"]["name"] = "Somewhere else"
        (tmp_path / "ours.json").write_text(json.dumps(told))

        done = runner.invoke(args=["import", "oruk", str(tmp_path / "ours.json"), "--go"])

        assert "Done: 2 new." in done.output
        with app.app_context():
            assert entries() == ["Tea", "Tea"]


class TestImportPackage:
    def test_takes_over_tables(self, runner: FlaskCliRunner, app: Flask, tmp_path: Path) -> None:
        done = runner.invoke(args=["import", "package", str(folder(tmp_path, VERSION_3)), "--go"])

        assert "Done: 2 new." in done.output

    def test_says_what_is_no_package(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        done = runner.invoke(args=["import", "package", str(tmp_path)])

        assert (done.exit_code, "no table" in done.stderr) == (1, True)


class TestImportTable:
    def test_remembers_what_its_columns_say(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path
    ) -> None:
        path = tmp_path / "table.csv"
        path.write_text(TABLE.replace("Activity,", "Was,"))

        refused = runner.invoke(args=["import", "table", str(path)])
        said = runner.invoke(args=["import", "table", str(path), "--map", "name=Was", "--go"])
        again = runner.invoke(args=["import", "table", str(path), "--go"])

        assert refused.exit_code == 1
        assert "Column “Was” is read as: name" in said.output
        assert "Done: 3 new." in said.output
        assert "Done: 3 same." in again.output

    @pytest.mark.parametrize("pair", ["name", "nothing=Was", "=x"])
    def test_refuses_what_is_not_like_a_map(
        self, runner: FlaskCliRunner, app: Flask, tmp_path: Path, pair: str
    ) -> None:
        (tmp_path / "table.csv").write_text(TABLE)

        done = runner.invoke(args=["import", "table", str(tmp_path / "table.csv"), "--map", pair])

        assert (done.exit_code, "is not like name=Column" in done.stderr) == (1, True)


def test_an_import_that_was_stopped_is_run_again(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = [
        fresh(
            str(number),
            organization=organisation(f"o{number}", f"Group number {number} of Leeds {number * 7}"),
            service_at_locations=[at("Hall", "LS6 2AB")],
        )
        for number in range(6)
    ]
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(services))
    monkeypatch.setattr("marketplace.feeds.cli.BATCH", 2)
    runner = app.test_cli_runner()
    whole = runner.invoke(args=["import", "oruk", str(path)])

    monkeypatch.setattr("marketplace.feeds.cli._batches", _first_only(whole))
    runner.invoke(args=["import", "oruk", str(path), "--go"])
    monkeypatch.undo()
    done = runner.invoke(args=["import", "oruk", str(path), "--go"])

    with app.app_context():
        assert len(entries()) == 6
    assert done.exit_code == 0


def _first_only(_shown: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def batches(bundles):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        yield list(bundles[:2])

    return batches
