"""The list of addresses as it is written down, so that a change of one is seen and meant.

People keep addresses in letters and bookmarks: a changed one is a broken promise unless the old
one still leads somewhere. ``make urls`` writes the list anew.
"""

import sys
import tempfile
from pathlib import Path

from flask import Flask

from marketplace.app import create_app
from marketplace.config import Settings

FILE = Path(__file__).with_name("urls.txt")
_ALWAYS_THERE = {"HEAD", "OPTIONS"}


def addresses_of(app: Flask) -> list[str]:
    """Return one line for each address: methods, path, endpoint, and who may open it."""
    lines = {
        f"{_methods(rule.methods)} {rule.rule} {rule.endpoint} {_guard(app, rule.endpoint)}"
        for rule in app.url_map.iter_rules()
    }
    return sorted(lines, key=lambda line: line.split()[1:])


def write() -> None:
    """Write the list anew."""
    with tempfile.TemporaryDirectory() as folder:
        lines = addresses_of(create_app(Settings(var=Path(folder))))
    FILE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    sys.stdout.write(
        f"{FILE.name}: {len(lines)} addresses. Look at the difference before it goes in.\n"
    )


def _methods(methods: set[str] | None) -> str:
    return ",".join(sorted((methods or set()) - _ALWAYS_THERE))


def _guard(app: Flask, endpoint: str) -> str:
    return str(getattr(app.view_functions[endpoint], "guard", "-"))


if __name__ == "__main__":
    write()
