"""Days near today for hints and refusals: an example is no help if it is long past or far off.

A sentence names them as ``{day}``: two weeks to come; ``{later}``: four weeks to come; ``{past}``:
two weeks ago; ``{far}``: a year to come.
"""

import re
from datetime import timedelta

from marketplace.kernel import clock

_AHEAD = {"day": 14, "later": 28, "past": -14, "far": 364}
_NAMED = re.compile(r"\{(" + "|".join(_AHEAD) + r")\}")


def near_today(words: str) -> str:
    """Return a sentence with the days that it names as people type them: 4 3 2026."""
    today = clock.local_day(clock.now())

    def written(name: re.Match[str]) -> str:
        day = today + timedelta(days=_AHEAD[name[1]])
        return f"{day.day} {day.month} {day.year}"

    return _NAMED.sub(written, words)
