"""Our taxonomies: what people look for, for whom, and what kind of entry it is."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.feeds.rules.identity import taxonomy_id
from marketplace.feeds.rules.published import CATEGORIES, FOR_WHOM, KINDS, Kind
from marketplace.feeds.rules.shaping import Record, taxonomy_record, term_record
from marketplace.kernel.labels import labels

_ABOUT = {
    CATEGORIES: ("What people look for", "The categories of the market, in English and Welsh."),
    FOR_WHOM: ("Who it is for", "The people a service is made for."),
    KINDS: ("Kind of entry", "Whether it is paid support, an activity, an event or advice."),
}


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """All taxonomies and all terms, in the order in which a feed lists them."""

    records: tuple[Record, ...]
    terms: tuple[Record, ...]

    @property
    def terms_by_id(self) -> dict[UUID, Record]:
        """The terms by their ids."""
        return {UUID(term["id"]): term for term in self.terms}


def taxonomies(session: Session) -> Taxonomies:
    """Return the taxonomies and their terms."""
    words: dict[str, list[tuple[str, dict[str, str]]]] = {
        CATEGORIES: [
            (row.slug, {"en": row.name, "cy": row.welsh}) for row in catalogue.categories(session)
        ],
        FOR_WHOM: [(slug, {"en": name}) for slug, name in labels("for_whom").items()],
        KINDS: [(kind.value, {"en": kind.label}) for kind in Kind],
    }
    terms = {
        name: [term_record(name, _ABOUT[name][0], slug, names) for slug, names in rows]
        for name, rows in words.items()
    }
    return Taxonomies(
        tuple(taxonomy_record(name, *_ABOUT[name], terms[name]) for name in words),
        tuple(term for name in words for term in terms[name]),
    )


def title_of(taxonomy: str) -> tuple[UUID, str]:
    """Return the id and the name of a taxonomy."""
    return taxonomy_id(taxonomy), _ABOUT[taxonomy][0]
