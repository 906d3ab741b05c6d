"""The bare engines: the same questions asked of each library as its manual says, without us.

They find by the same tokens, apply the same filters, count every value with the choices in all
other facets kept, give a page, and go on with what was typed by the same phrases and words, each
counted by the entries that have its ideas. They correct no spelling, widen nothing, sort by
nothing but how well it fits, and draw no lots; near is a square to Whoosh and Tantivy. Their
indexes are made here, so that they may be shaped for exactly these questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import psycopg
from whoosh import fields, index, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.searching import Results

from marketplace.places.rules import Point
from marketplace.search.adapters.postgres.words import expression
from marketplace.search.adapters.postgres.writing import tag
from marketplace.search.rules import (
    Concept,
    Entry,
    Query,
    Suggestion,
    Vocabulary,
    facet_values,
    spellings,
)
from marketplace.search.rules.spelling import commonest, opening, suggestions

try:
    import tantivy
except ImportError:  # an optional package
    HAS_TANTIVY = False
else:
    HAS_TANTIVY = True

OFFERED = 8
EVERYWHERE = "everywhere"
"""Under this name an entry is shown that every council shows."""


class Bare(Protocol):
    """A library that is asked directly."""

    def search(self, wish: Query) -> int:
        """Return how many entries fit, having fetched a page of them and all counts."""
        ...

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """Return ways to go on, and what each would find."""
        ...


class BarePostgres:
    """One hand-written statement for each question, in the table of the index itself."""

    def __init__(self, address: str, vocabulary: Vocabulary) -> None:
        """Connect."""
        self._connection = psycopg.connect(address, autocommit=True)
        self._vocabulary = vocabulary

    def search(self, wish: Query) -> int:
        """Ask for the page and the counts in one statement."""
        concepts = self._vocabulary.concepts(wish.text)
        where = ["NOT gone"]
        values: dict[str, Any] = {}
        for number, concept in enumerate(concepts):
            where.append(f"tokens @@ %(idea{number})s::tsquery")
            values[f"idea{number}"] = expression(concept)
        if wish.council:
            where.append("(councils = '{}' OR councils @> ARRAY[%(council)s])")
            values["council"] = wish.council
        if wish.near and wish.within_metres is not None:
            where.append(
                "(easting IS NULL OR (easting - %(east)s)::bigint ^ 2 + "
                "(northing - %(north)s)::bigint ^ 2 < "
                "(greatest(%(within)s, coalesce(reach_metres, 0)) + 1)::bigint ^ 2)"
            )
            values |= {
                "east": wish.near.easting,
                "north": wish.near.northing,
                "within": wish.within_metres,
            }
        for chosen, picked in wish.chosen.items():
            values[f"tags_{chosen.value}"] = [tag(chosen, value) for value in picked]
        fits = {facet.value: f"tags && %(tags_{facet.value})s" for facet in wish.chosen}
        both = " AND ".join(fits.values()) or "true"
        rank = "0"
        if concepts:
            values["any"] = " | ".join(f"({expression(concept)})" for concept in concepts)
            rank = "ts_rank('{0.1, 0.3, 0.6, 1}', tokens, %(any)s::tsquery)"
        counted = [f"SELECT '' AS but, unnest(tags) AS tag FROM base WHERE {both}"]
        for facet in fits:
            others = " AND ".join(fit for name, fit in fits.items() if name != facet) or "true"
            counted.append(
                f"SELECT '{facet}', each FROM base, unnest(tags) AS each "
                f"WHERE {others} AND each LIKE '{facet}=%%'"
            )
        sql = f"""
            WITH base AS MATERIALIZED (
                SELECT id, kind, tags, comes_last, {rank} AS rank
                FROM search_entries WHERE {" AND ".join(where)}
            )
            SELECT 'page', id::text, NULL::bigint FROM (
                SELECT id FROM base WHERE {both} ORDER BY comes_last, rank DESC, id
                LIMIT {wish.limit} OFFSET {wish.offset}
            ) AS page
            UNION ALL SELECT 'total', '', count(*) FROM base WHERE {both}
            UNION ALL SELECT but, tag, count(*) FROM ({" UNION ALL ".join(counted)}) AS counted
            GROUP BY but, tag
        """
        rows = self._connection.execute(sql, values).fetchall()
        return int(next(count for what, _, count in rows if what == "total"))

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """Ask how often phrases and words are used, then how many entries each would find."""
        head, last, phrases = _begun(prefix, self._vocabulary)
        used = """
            SELECT word, sum(uses) FROM search_words WHERE word = ANY(%(tokens)s) GROUP BY word
            UNION ALL SELECT * FROM (
                SELECT word, sum(uses) FROM search_words WHERE word LIKE %(begun)s
                GROUP BY word ORDER BY 2 DESC, 1 LIMIT 20
            ) AS words
        """
        values = {"tokens": list(phrases.values()), "begun": f"{last}%"}
        uses: dict[str, int] = dict(self._connection.execute(used, values).fetchall())
        phrases_used = {phrase: uses.get(token, 0) for phrase, token in phrases.items()}
        words = {word: uses for word, uses in uses.items() if word.startswith(last)}
        ideas = {
            text: " & ".join(f"({expression(each)})" for each in self._vocabulary.concepts(text))
            for text in _offered(head, phrases_used, words)
        }
        counted = """
            SELECT asked.place, count(*)
            FROM unnest(%(ideas)s::tsquery[]) WITH ORDINALITY AS asked (idea, place)
            JOIN search_entries ON NOT gone AND tokens @@ asked.idea GROUP BY asked.place
        """
        rows = self._connection.execute(counted, {"ideas": list(ideas.values())}).fetchall()
        counts = dict.fromkeys(ideas, 0)
        for place, count in rows:
            counts[list(ideas)[place - 1]] = count
        return suggestions((head, phrases_used, words), OFFERED, counts.__getitem__)


class BareWhoosh:
    """One field of tokens, one of tags, numbers for the place; counts by grouping."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, entries: Iterable[Entry]) -> None:
        """Make the index."""
        self._vocabulary = vocabulary
        folder.mkdir()
        spaced = SpaceSeparatedTokenizer()
        schema = fields.Schema(
            id=fields.ID(stored=True),
            tokens=fields.TEXT(analyzer=spaced, phrase=False),
            words=fields.TEXT(analyzer=spaced, phrase=False),
            tags=fields.KEYWORD(commas=True, stored=True),
            shown=fields.KEYWORD(commas=True),
            placed=fields.KEYWORD,
            reach=fields.NUMERIC,
            easting=fields.NUMERIC(sortable=True),
            northing=fields.NUMERIC(sortable=True),
        )
        writer = index.create_in(folder, schema).writer(limitmb=256)
        self._reaches: set[int] = set()
        for entry in entries:
            document = _document(entry, vocabulary)
            self._reaches.add(document["reach"])
            writer.add_document(**{name: _joined(value) for name, value in document.items()})
        writer.commit(optimize=True)
        self._searcher = index.open_dir(folder).searcher()

    def search(self, wish: Query) -> int:
        """Ask for the page, grouped by every facet, and for each chosen one without its choice."""
        base: list[query.Query] = [
            _whoosh_idea(concept) for concept in self._vocabulary.concepts(wish.text)
        ]
        if wish.council:
            base.append(
                query.Or([query.Term("shown", each) for each in (EVERYWHERE, wish.council)])
            )
        if wish.near and wish.within_metres is not None:
            base.append(self._near(wish.near, wish.within_metres))
        fits = {
            facet: query.Or([query.Term("tags", tag(facet, value)) for value in values])
            for facet, values in wish.chosen.items()
        }
        found = self._grouped([*base, *fits.values()], wish.limit)
        for facet in fits:
            self._grouped([*base, *(fit for other, fit in fits.items() if other != facet)], 1)
        return len(found)

    def _grouped(self, parts: Sequence[query.Query], limit: int) -> Results:
        groups = sorting.StoredFieldFacet("tags", allow_overlap=True, split_fn=_split)
        found = self._searcher.search(
            query.And(parts) if parts else query.Every(),
            limit=limit,
            groupedby={"tags": groups},
            maptype=sorting.Count,
        )
        found.groups("tags")
        return found

    def _near(self, near: Point, within: int) -> query.Query:
        def square(metres: int) -> query.Query:
            east, north = near.easting, near.northing
            return query.And(
                [
                    query.NumericRange("easting", east - metres, east + metres),
                    query.NumericRange("northing", north - metres, north + metres),
                ]
            )

        coming = [
            query.And([query.Term("reach", reach), square(reach)])
            for reach in self._reaches
            if reach > within
        ]
        return query.Or([query.Term("placed", "no"), square(within), *coming])

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """Ask how many entries have the phrases and words, then how many each would find."""
        head, last, phrases = _begun(prefix, self._vocabulary)
        reader = self._searcher.reader()
        used = {phrase: reader.doc_frequency("tokens", token) for phrase, token in phrases.items()}
        words = {
            word.decode(): reader.doc_frequency("words", word)
            for word in reader.expand_prefix("words", last)
        }

        def count(text: str) -> int:
            ideas = [_whoosh_idea(concept) for concept in self._vocabulary.concepts(text)]
            return len(self._searcher.search(query.And(ideas), limit=1))

        return suggestions((head, used, words), OFFERED, count)


class BareTantivy:
    """The same fields, counted by the library's own aggregation."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, entries: Iterable[Entry]) -> None:
        """Make the index."""
        self._vocabulary = vocabulary
        folder.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("tokens", "words"):
            builder.add_text_field(name, tokenizer_name="whitespace")
        builder.add_text_field("tags", tokenizer_name="raw", fast=True)
        for name in ("shown", "placed"):
            builder.add_text_field(name, tokenizer_name="raw")
        for name in ("easting", "northing", "reach"):
            builder.add_integer_field(name, indexed=True, fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        writer = self._index.writer(heap_size=256_000_000)
        self._reaches: set[int] = set()
        for entry in entries:
            document = _document(entry, vocabulary)
            self._reaches.add(document["reach"])
            writer.add_document(tantivy.Document(**document))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, wish: Query) -> int:
        """Ask for the page, for all counts, and for each chosen facet's without its choice."""
        base = [self._idea(each) for each in self._vocabulary.concepts(wish.text)]
        if wish.council:
            base.append(self._any("shown", [EVERYWHERE, wish.council]))
        if wish.near and wish.within_metres is not None:
            base.append(self._near(wish.near, wish.within_metres))
        fits = {
            facet: self._any("tags", [tag(facet, value) for value in values])
            for facet, values in wish.chosen.items()
        }
        asked = self._all([*base, *fits.values()])
        found = self._searcher.search(asked, limit=wish.limit)
        wanted = {"tags": {"terms": {"field": "tags", "size": 200}}}
        self._searcher.aggregate(asked, wanted)
        for facet in fits:
            others = [fit for other, fit in fits.items() if other != facet]
            self._searcher.aggregate(self._all([*base, *others]), wanted)
        for _, address in found.hits:
            self._searcher.doc(address)
        return int(found.count)  # type: ignore[attr-defined]  # its stubs forget it

    def _near(self, near: Point, within: int) -> Any:  # noqa: ANN401 - an optional package's type
        def square(metres: int) -> Any:  # noqa: ANN401 - as above
            places = (("easting", near.easting), ("northing", near.northing))
            return self._all(
                [self._range(name, middle - metres, middle + metres) for name, middle in places]
            )

        coming = [
            self._all([self._range("reach", reach, reach), square(reach)])
            for reach in self._reaches
            if reach > within
        ]
        ways = [self._any("placed", ["no"]), square(within), *coming]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, way) for way in ways])

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """Ask how many entries have the phrases and words, then how many each would find."""
        head, last, phrases = _begun(prefix, self._vocabulary)
        used = {
            phrase: self._count([self._any("tokens", [token])]) for phrase, token in phrases.items()
        }
        words = dict(self._searcher.terms_with_prefix("words", last, limit=1_000))

        def count(text: str) -> int:
            return self._count([self._idea(each) for each in self._vocabulary.concepts(text)])

        return suggestions((head, used, words), OFFERED, count)

    def _count(self, parts: Sequence[Any]) -> int:
        found = self._searcher.search(self._all(parts), limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # its stubs forget it

    def _all(self, parts: Sequence[Any]) -> Any:  # noqa: ANN401 - as above
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _range(self, name: str, least: int, most: int) -> Any:  # noqa: ANN401 - as above
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, name, kind, least, most)

    def _idea(self, concept: Concept) -> Any:  # noqa: ANN401 - an optional package's type
        should = tantivy.Occur.Should
        parts = [(should, self._term("tokens", token)) for token in concept.tokens]
        if concept.parts:
            both = [(tantivy.Occur.Must, self._term("tokens", part)) for part in concept.parts]
            parts.append((should, tantivy.Query.boolean_query(both)))
        return tantivy.Query.boolean_query(parts)

    def _any(self, name: str, values: Sequence[str]) -> Any:  # noqa: ANN401 - as above
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query([(should, self._term(name, each)) for each in values])

    def _term(self, name: str, value: str) -> Any:  # noqa: ANN401 - as above
        return tantivy.Query.term_query(self._schema, name, value)


def _document(entry: Entry, vocabulary: Vocabulary) -> dict[str, Any]:
    said = entry.said
    return {
        "id": entry.id.hex,
        "tokens": " ".join(vocabulary.tokens(said)),
        "words": " ".join(spellings(said)),
        "tags": [
            tag(facet, value) for facet, values in facet_values(entry).items() for value in values
        ],
        "shown": sorted(entry.councils) or [EVERYWHERE],
        "placed": ["no" if entry.easting is None else "yes"],
        "easting": entry.easting or 0,
        "northing": entry.northing or 0,
        "reach": entry.reach_metres or 0,
    }


def _begun(prefix: str, vocabulary: Vocabulary) -> tuple[str, str, dict[str, str]]:
    """Return the finished words, the beginning of the last, and the phrases with their tokens."""
    head, last = opening(prefix) or ("", "")
    tokens = {phrase: vocabulary.phrases[phrase] for phrase in vocabulary.phrases_begun(prefix)}
    return head, last, tokens


def _offered(head: str, phrases: Mapping[str, int], words: Mapping[str, int]) -> list[str]:
    finished = [f"{head} {word}".strip() for word in commonest(words, OFFERED)]
    return list(dict.fromkeys([*commonest(phrases, OFFERED), *finished]))


def _whoosh_idea(concept: Concept) -> query.Query:
    said: list[query.Query] = [query.Term("tokens", token) for token in concept.tokens]
    if concept.parts:
        said.append(query.And([query.Term("tokens", part) for part in concept.parts]))
    return query.Or(said)


def _joined(value: str | int | Sequence[str]) -> str | int:
    return value if isinstance(value, str | int) else ",".join(value)


def _split(tags: str) -> list[str]:
    return tags.split(",")
