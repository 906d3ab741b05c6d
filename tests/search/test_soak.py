"""Readers and a writer on an embedded index: seconds in the suite, minutes in a soak."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine
from tests.pace import in_ci_or_hurry
from tests.search.market import entry, market

READERS = in_ci_or_hurry(8, 3)
STALE_SECONDS_MAX = 5.0
GROWTH_MEGABYTES_MAX = 30.0
PAUSE_SECONDS = 0.5
SOAK_SECONDS = float(os.environ.get("MARKETPLACE_SOAK_SECONDS", "600"))


def test_readers_and_a_writer_get_on_for_some_seconds(tmp_path: Path) -> None:
    _get_on(tmp_path, seconds=in_ci_or_hurry(20, 4), entries=300)


@pytest.mark.soak
def test_readers_and_a_writer_get_on_for_ten_minutes(tmp_path: Path) -> None:
    _get_on(tmp_path, seconds=SOAK_SECONDS, entries=2_000)


def _get_on(folder: Path, *, seconds: float, entries: int) -> None:
    finder = WhooshEngine(folder / "index", everyday_words())
    finder.rebuild(market(entries, Random(4)))
    _beat(finder, folder, 1)
    readers = [_reader(folder, seconds) for _ in range(READERS)]
    number = 1
    while any(reader.poll() is None for reader in readers):
        number += 1
        _beat(finder, folder, number)
        time.sleep(PAUSE_SECONDS)
    said = [(reader.returncode, *reader.communicate()) for reader in readers]

    assert [errors for code, _, errors in said if code or "Error" in errors] == []
    seen = [json.loads(out) for _, out, _ in said]
    print(f"{number} writings;", *seen, sep="\n")  # noqa: T201 - shown by make soak
    assert min(one["searches"] for one in seen) >= 5
    assert max(one["stale_seconds"] for one in seen) <= STALE_SECONDS_MAX
    growth = max(one["megabytes_last"] - one["megabytes_settled"] for one in seen)
    assert growth <= GROWTH_MEGABYTES_MAX
    assert finder.size() == entries + 1


def _beat(finder: WhooshEngine, folder: Path, number: int) -> None:
    """Write what readers look for next, then take the one before out."""
    finder.add([entry("Heartbeat", id=UUID(int=number))])
    new = folder / "pulse.new"
    new.write_text(f"{number} {time.time()}")
    new.replace(folder / "pulse")
    finder.remove([UUID(int=number - 1)])


def _reader(folder: Path, seconds: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.search.reader", str(folder), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
