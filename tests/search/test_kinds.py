"""What kind of support a search is about, from its words."""

import pytest

from marketplace.search.adapters.vocabulary import category_meant
from marketplace.seeding.files import rows


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("help washing", "personal-care"),
        ("meels on weels", "meals"),
        ("swimming lessons", "sport-and-fitness"),
        ("men's shed", "day-activities"),
        ("grab rail", "equipment"),
        ("foot care", "health-and-wellbeing"),
        ("personal assistant who drives", "home-help"),
        ("carers break", "respite"),
        ("qwxyzzy", ""),
    ],
)
def test_of_support_is_told_by_everyday_words(words: str, kind: str) -> None:
    assert category_meant(words) == kind


def test_of_support_is_known_of_every_search_in_the_demonstration() -> None:
    searches = [row["text"] for row in rows("stories", "search")]

    assert [text for text in searches if not category_meant(text)] == []
