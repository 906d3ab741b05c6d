"""The file of words that mean the same."""

import csv
from functools import cache
from pathlib import Path

from marketplace.search.rules import Group, Vocabulary

GROUPS = Path(__file__).parents[3] / "seed" / "vocabulary" / "groups.csv"

_BETWEEN = ";"


@cache
def everyday_words() -> Vocabulary:
    """Return the vocabulary that is shipped with the program."""
    return read_vocabulary(GROUPS)


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the groups of a file: a column of words, and one of what is only ever typed."""
    with path.open(encoding="utf-8", newline="") as file:
        return Vocabulary(
            tuple(
                Group(_phrases(row["words"]), _phrases(row["typed"]))
                for row in csv.DictReader(file)
            )
        )


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in cell.split(_BETWEEN) if phrase.strip())
