"""What kind of support a search is about."""

from marketplace.search.adapters.vocabulary import category_meant
from marketplace.search.rules import Facet, Results


def kind_meant(words: str) -> str:
    """Return the category that somebody’s own words speak of most; nothing if of none."""
    return category_meant(words)


def kind_looked_for(words: str, results: Results) -> str:
    """Return the category of a search: as its words say, or else that of most it found.

    Nothing if neither tells: what has only some of the words is not what was looked for.
    """
    meant = category_meant(words)
    if meant or results.widened:
        return meant
    found = results.counts.get(Facet.CATEGORY, {})
    return max(found, key=lambda slug: (found[slug], slug), default="")
