"""How long things are kept, and why: rules as data, from ``seed/retention.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FORGOTTEN = "Taken away"
"""What stands where somebody who closed their account had written something."""
SOMEBODY = "Somebody who has left"
"""What stands where their name was."""

_FILE = Path(__file__).parent.parent.parent / "seed" / "retention.toml"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What is kept, for how long, and why."""

    kind: str
    what: str
    how_long: str
    why: str
    days: int | None
    """After so many days a daily job takes it away; None: it stays, or goes another way."""


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """Return every rule in the order of the page."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["rule"]
    return tuple(
        RetentionRule(row["kind"], row["what"], row["how_long"], row["why"], row.get("days"))
        for row in rows
    )
