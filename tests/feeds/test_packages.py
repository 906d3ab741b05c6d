"""Data packages of three versions, and plain tables: read from folders and zip files."""

import json
import zipfile
from pathlib import Path

import pytest

from marketplace.feeds.adapters import RawFeed, files
from marketplace.feeds.adapters.package import read_package
from marketplace.feeds.adapters.table import read_plain
from marketplace.feeds.errors import BadFeedError, TooMuchError
from marketplace.feeds.rules.said import ServiceSaid
from tests.feeds.records import said

VERSION_1 = {
    "organization.csv": "id,name,description\no1,Larkfield,We meet.\n",
    "service.csv": "id,organization_id,name,description,status,fees\n"
    "s1,o1,Tea,Tea and talk.,active,Free\n",
    "location.csv": "id,name,latitude,longitude\nl1,The hall,53.8,-1.5\n",
    "service_at_location.csv": "id,service_id,location_id\nx1,s1,l1\n",
    "physical_address.csv": "id,location_id,address_1,city,postal_code,country\n"
    "a1,l1,1 Lark Lane,Leeds,LS6 2AB,GB\n",
    "phone.csv": "id,service_id,organization_id,number\np1,s1,,0113 496 0000\n",
    "regular_schedule.csv": "id,service_id,weekday,opens_at,closes_at\nr1,s1,2,10:30,12:00\n",
    "service_taxonomy.csv": "id,service_id,taxonomy_id\nt1,s1,c1\n",
    "taxonomy.csv": "id,name\nc1,Lunch club\n",
    "accessibility_for_disabilities.csv": "id,location_id,accessibility\nq1,l1,Wheelchair ramp\n",
}
VERSION_2 = {
    **{name: VERSION_1[name] for name in ("organization.csv", "service.csv", "location.csv")},
    "service_at_location.csv": VERSION_1["service_at_location.csv"],
    "physical_address.csv": VERSION_1["physical_address.csv"],
    "phone.csv": VERSION_1["phone.csv"],
    "schedule.csv": "id,service_at_location_id,service_id,freq,byday,opens_at,closes_at\n"
    "r1,x1,,WEEKLY,TU,10:30,12:00\n",
    "service_attribute.csv": "id,service_id,taxonomy_term_id\nt1,s1,c1\n",
    "taxonomy_term.csv": "id,term\nc1,Lunch club\n",
    "accessibility_for_disabilities.csv": VERSION_1["accessibility_for_disabilities.csv"],
}
VERSION_3 = {
    "organizations.csv": VERSION_1["organization.csv"],
    "services.csv": VERSION_1["service.csv"],
    "locations.csv": VERSION_1["location.csv"],
    "service_at_location.csv": VERSION_1["service_at_location.csv"],
    "addresses.csv": VERSION_1["physical_address.csv"],
    "phones.csv": VERSION_1["phone.csv"],
    "schedules.csv": "id,service_id,freq,byday,opens_at,closes_at\n"
    "r1,s1,WEEKLY,TU,10:30:00,12:00:00\n",
    "attributes.csv": "id,link_id,link_type,taxonomy_term_id\nt1,s1,service,c1\n",
    "taxonomy_terms.csv": "id,name\nc1,Lunch club\n",
    "accessibility.csv": "id,location_id,description\nq1,l1,Wheelchair ramp\n",
    "cost_options.csv": "id,service_id,amount\n",
}
VERSIONS = pytest.mark.parametrize(
    "tables", [VERSION_1, VERSION_2, VERSION_3], ids=["one", "two", "three"]
)
TABLE = (
    "Activity,Run by,Description,Venue,Town,Postcode,Day,Start time,End time,Cost,Phone,Type\n"
    "Tea,Larkfield,Tea and talk.,The hall,Leeds,LS6 2AB,Tuesday and Friday,10.30,12:00,£2.50,"
    "0113 496 0000,Lunch club\n"
    "Fair,Larkfield,Stalls.,The hall,Leeds,LS6 2AB,,14:00,,Free,,\n"
)


def folder(path: Path, tables: dict[str, str]) -> Path:
    """Write tables into a folder."""
    for name, text in tables.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def zipped(path: Path, tables: dict[str, str]) -> Path:
    """Write tables into a zip file."""
    with zipfile.ZipFile(path / "package.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in tables.items():
            packed.writestr(f"data/{name}", text)
    return path / "package.zip"


def only(feed: RawFeed) -> ServiceSaid:
    """Return the one service of a package."""
    (service,) = said(feed.services).services
    return service


class TestReadPackage:
    @VERSIONS
    def test_reads_each_version(self, tmp_path: Path, tables: dict[str, str]) -> None:
        service = only(read_package(folder(tmp_path, tables)))

        assert (service.title, service.rrule, service.starts, service.minutes) == (
            "Tea",
            "FREQ=WEEKLY;BYDAY=TU",
            "10:30",
            90,
        )
        assert (service.venue, service.postcode) == ("The hall, 1 Lark Lane, Leeds", "LS6 2AB")
        assert (service.category, service.access) == ("meals", ("step-free",))
        assert (service.contact, service.cost_words) == ("0113 496 0000", "Free")

    @VERSIONS
    def test_reads_each_version_from_a_zip_file(
        self, tmp_path: Path, tables: dict[str, str]
    ) -> None:
        assert only(read_package(zipped(tmp_path, tables))).title == "Tea"

    def test_goes_by_the_names_of_a_datapackage(self, tmp_path: Path) -> None:
        resources = [{"name": "services", "path": "a.csv"}, {"name": "x"}]
        tables = {
            "a.csv": VERSION_1["service.csv"],
            "datapackage.json": json.dumps({"resources": resources[:1]}),
        }

        assert only(read_package(folder(tmp_path, tables))).title == "Tea"

    @pytest.mark.parametrize("text", ["{", "[]", '{"resources": [{"name": "x"}]}', "null"])
    def test_passes_over_a_datapackage_that_is_none(self, tmp_path: Path, text: str) -> None:
        feed = read_package(folder(tmp_path, {**VERSION_1, "datapackage.json": text}))

        assert "datapackage.json: it cannot be read" in str(feed.remarks[0])
        assert len(feed.services) == 1

    def test_says_which_rows_are_none(self, tmp_path: Path) -> None:
        rows = VERSION_1["service.csv"] + "s2,o1\n\ns3,o1,Talk,,active,\n"
        feed = read_package(folder(tmp_path, {**VERSION_1, "service.csv": rows}))

        assert [str(remark) for remark in feed.remarks] == [
            "service.csv line 3: it has 2 columns instead of 6; it was left out."
        ]
        assert len(feed.services) == 2

    def test_reads_what_windows_wrote(self, tmp_path: Path) -> None:
        folder(tmp_path, VERSION_1)
        text = VERSION_1["service.csv"].replace("Tea,", "Café,")
        (tmp_path / "service.csv").write_bytes(text.encode("cp1252"))

        assert only(read_package(tmp_path)).title == "Café"

    def test_refuses_what_has_no_services(self, tmp_path: Path) -> None:
        with pytest.raises(BadFeedError, match="no table"):
            read_package(tmp_path)
        folder(tmp_path, {"organization.csv": VERSION_1["organization.csv"]})
        with pytest.raises(BadFeedError, match="no table of services"):
            read_package(tmp_path)
        with pytest.raises(BadFeedError, match="no such file"):
            read_package(tmp_path / "none")

    def test_refuses_what_is_no_zip_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no")

        with pytest.raises(BadFeedError, match="no zip file"):
            read_package(tmp_path / "a.zip")

    def test_refuses_a_file_that_bursts(self, tmp_path: Path) -> None:
        bomb = zipped(tmp_path, {"service.csv": "id,name\n" + "0" * 20_000_000})

        with pytest.raises(TooMuchError, match="far more than it is"):
            read_package(bomb)

    def test_refuses_many_files_that_burst_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "ALL_BYTES_MAX", 100)

        with pytest.raises(TooMuchError, match="more than any package"):
            read_package(zipped(tmp_path, VERSION_1))
        with pytest.raises(TooMuchError, match="too long"):
            read_package(folder(tmp_path, VERSION_1))

    def test_refuses_more_files_than_a_package_has(self, tmp_path: Path) -> None:
        many = {f"{number}.csv": "id\n" for number in range(201)}

        with pytest.raises(TooMuchError, match="201 files"):
            read_package(zipped(tmp_path, many))

    def test_stops_at_more_rows_than_there_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "ROWS_MAX", 1)
        rows = VERSION_1["service.csv"] + "s2,o1,Talk,,active,\n"

        feed = read_package(folder(tmp_path, {**VERSION_1, "service.csv": rows}))

        assert (len(feed.services), feed.complete) == (1, False)

    def test_a_field_without_end_ends_nothing_else(self, tmp_path: Path) -> None:
        rows = VERSION_1["service.csv"] + '"' + "x" * 1_100_000
        feed = read_package(folder(tmp_path, {**VERSION_1, "service.csv": rows}))

        assert (len(feed.services), feed.complete) == (1, False)
        assert "not written like a table" in str(feed.remarks[-1])


class TestReadPlain:
    def read(self, path: Path, text: str = TABLE, **maps: dict[str, str]) -> RawFeed:
        (path / "table.csv").write_text(text, encoding="utf-8")
        said_of, remembered = maps.get("said", {}), maps.get("remembered", {})
        feed, self.mapping = read_plain(path / "table.csv", said=said_of, remembered=remembered)
        return feed

    def test_recognises_columns_by_their_headings(self, tmp_path: Path) -> None:
        feed = self.read(tmp_path)

        tea, fair = said(feed.services).services
        assert (tea.title, tea.rrule, tea.starts) == ("Tea", "FREQ=WEEKLY;BYDAY=TU,FR", "10:30")
        assert (tea.cost_pence, tea.category) == (250, "meals")
        assert (tea.venue, tea.postcode) == ("The hall, Leeds", "LS6 2AB")
        assert (fair.cost_words, fair.kind) == ("Free", "advice")
        assert tea.organisation_key == fair.organisation_key

    def test_a_row_without_a_number_has_the_same_key_the_next_time(self, tmp_path: Path) -> None:
        first = self.read(tmp_path).services
        again = self.read(tmp_path, TABLE.replace("Stalls.", "Stalls and cake.")).services

        assert [raw["id"] for raw in first] == [raw["id"] for raw in again]

    def test_takes_what_is_said_of_a_column(self, tmp_path: Path) -> None:
        text = "Was,Wo,Wann\nTee,LS6 2AB,4/3/2026\n"

        feed = self.read(tmp_path, text, said={"name": "Was", "postcode": "Wo", "date": "Wann"})

        assert feed.services[0]["name"] == "Tee"
        assert feed.services[0]["schedules"][0]["dtstart"] == "2026-03-04"
        assert self.mapping == {"name": "Was", "postcode": "Wo", "date": "Wann"}

    def test_remembers_what_was_said(self, tmp_path: Path) -> None:
        feed = self.read(
            tmp_path, "Was,Wo\nTee,LS6 2AB\n", remembered={"name": "Was", "about": "Gone"}
        )

        assert feed.services[0]["name"] == "Tee"
        assert self.mapping == {"name": "Was"}

    def test_takes_registered_numbers(self, tmp_path: Path) -> None:
        text = "Name,CQC number,Charity number\nLark Care,1-1000000,123456\n"

        feed = said(self.read(tmp_path, text).services)

        assert feed.services[0].is_care
        (organisation,) = feed.organisations.values()
        assert (organisation.cqc_id, organisation.charity) == ("1-1000000", "123456")

    def test_refuses_what_says_no_name(self, tmp_path: Path) -> None:
        with pytest.raises(BadFeedError, match="--map name="):
            self.read(tmp_path, "Was,Wo\nTee,LS6 2AB\n")
        with pytest.raises(BadFeedError, match="no column “Wer”"):
            self.read(tmp_path, "Was,Wo\nTee,LS6 2AB\n", said={"name": "Wer"})

    def test_refuses_what_is_no_table(self, tmp_path: Path) -> None:
        with pytest.raises(BadFeedError, match="no rows"):
            self.read(tmp_path, "Name\n")
        with pytest.raises(BadFeedError, match="no such file"):
            read_plain(tmp_path / "none.csv", said={}, remembered={})

    def test_refuses_what_is_too_long(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("marketplace.feeds.adapters.table.FILE_BYTES_MAX", 3)

        with pytest.raises(TooMuchError):
            self.read(tmp_path)
