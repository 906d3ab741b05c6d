"""A process that searches until it is told to stop, and says what it saw. For the soak test."""

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from marketplace.search.adapters.vocabulary import everyday_words
from marketplace.search.adapters.whoosh import WhooshEngine
from tests.search.market import any_query, ask

PAUSE_SECONDS = 0.05
PAGE_OCTETS = resource.getpagesize()


@dataclass
class Seen:
    """What one reader saw."""

    searches: int = 0
    stale_seconds: float = 0.0
    megabytes_settled: float = 0.0
    megabytes_last: float = 0.0


def main(folder: Path, seconds: float) -> None:
    """Search for so many seconds and print what was seen as JSON."""
    finder = WhooshEngine(folder / "index", everyday_words())
    random, seen = Random(str(folder)), Seen()
    began = time.monotonic()
    while (gone := time.monotonic() - began) < seconds:
        seen.stale_seconds = max(seen.stale_seconds, _stale(finder, folder / "pulse"))
        finder.search(any_query(random))
        finder.suggest("wa")
        seen.searches += 1
        seen.megabytes_last = _megabytes()
        if gone < seconds / 3:
            seen.megabytes_settled = seen.megabytes_last
        time.sleep(PAUSE_SECONDS)
    print(json.dumps(asdict(seen)))  # noqa: T201 - this is how it reports


def _stale(finder: WhooshEngine, pulse: Path) -> float:
    """Return for how long what was written last has not been found."""
    number, written = pulse.read_text().split()
    newest = max((hit.id.int for hit in ask(finder, "heartbeat").ids), default=0)
    return time.time() - float(written) if newest < int(number) else 0.0


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_OCTETS / 1_000_000


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
