"""Who runs what: organisations with and without services."""

import json

from flask.testing import FlaskClient

from tests.factories import Make
from tests.feeds.world import UNKNOWN, Get, World, ids


class TestOrganisations:
    def test_are_there_with_and_without_services(self, get: Get, world: World, make: Make) -> None:
        quiet = make.group(name="Quiet Friends", at=world.now)

        page = get("/organizations")

        names = {each["name"]: each for each in page["contents"]}
        assert {"Larkfield Neighbours", "Amber Lane Help", "Larkfield Care"} <= set(names)
        assert names["Quiet Friends"]["id"] == str(quiet)
        assert page["total_items"] == len(names) == 4
        assert all(each["description"] for each in page["contents"])

    def test_come_one_by_one_with_their_services(self, get: Get, world: World) -> None:
        one = get(f"/organizations/{world.group_id}")

        assert {each["name"] for each in one["services"]} == {"Tea", "Fair", "Helpline", "Choir"}
        assert all("organization" not in each for each in one["services"])

    def test_can_be_asked_for_by_words_and_pages(self, get: Get, world: World) -> None:
        assert [each["name"] for each in get("/organizations", search="amber")["contents"]] == [
            "Amber Lane Help"
        ]
        pages = [get("/organizations", per_page=1, page=number) for number in (1, 2, 3)]
        assert len(set().union(*map(ids, pages))) == 3
        assert pages[0]["total_pages"] == 3
        assert get("/organizations", modified_after="2100-01-01")["empty"] is True

    def test_that_nobody_may_see_are_not_there(
        self, client: FlaskClient, get: Get, world: World, make: Make
    ) -> None:
        make.council()
        waiting = make.kept_group(by=make.person(), name="Waiting Friends", shown=False)

        assert waiting not in json.dumps(get("/organizations"))
        assert client.get(f"/oruk/organizations/{UNKNOWN}").status_code == 404
        assert client.get("/oruk/organizations/nonsense").status_code == 404
        assert client.get("/oruk/organizations?page=0").status_code == 400
