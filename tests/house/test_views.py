"""Every view says who may open it, and no address changes unnoticed."""

from flask import Flask

from tests.house.urls import FILE, addresses_of


def test_every_view_says_who_may_open_it(base_app: Flask) -> None:
    views = {name: view for name, view in base_app.view_functions.items() if name != "static"}

    assert [name for name, view in views.items() if not hasattr(view, "guard")] == []


def test_no_address_changes_unnoticed(base_app: Flask) -> None:
    written = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    now = addresses_of(base_app)

    gone, new = sorted(set(written) - set(now)), sorted(set(now) - set(written))
    assert (gone, new) == ([], []), (
        "The addresses changed. People keep old ones in letters and bookmarks: let an address "
        "that goes lead to its successor. If the change is meant, run `make urls` and commit "
        f"tests/house/urls.txt.\nGone: {gone}\nNew: {new}"
    )


def test_every_address_has_an_endpoint_of_its_room(base_app: Flask) -> None:
    strange = [
        f"{rule.endpoint} is in {base_app.view_functions[rule.endpoint].__module__}"
        for rule in base_app.url_map.iter_rules()
        if rule.endpoint != "static" and not _in_its_room(base_app, rule.endpoint)
    ]

    assert strange == []


def _in_its_room(app: Flask, endpoint: str) -> bool:
    room = endpoint.partition(".")[0]
    return app.view_functions[endpoint].__module__.startswith(f"marketplace.{room}.")
