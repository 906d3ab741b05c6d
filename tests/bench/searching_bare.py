"""The bare engines: the same questions asked of each library as its manual says, without us.

They find by the same tokens, count the same values and give the same page; they correct no
spelling, widen nothing and draw no lots. Their indexes are made here, so that they may be shaped
for exactly these questions.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import psycopg
from whoosh import fields, index, query, sorting
from whoosh.analysis import SpaceSeparatedTokenizer

from marketplace.search.adapters.postgres.words import expression
from marketplace.search.adapters.postgres.writing import tag
from marketplace.search.rules import Concept, Entry, Query, Vocabulary, facet_values

try:
    import tantivy
except ImportError:  # an optional package
    HAS_TANTIVY = False
else:
    HAS_TANTIVY = True

BETWEEN = "\x1f"


class Bare(Protocol):
    """A library that is asked directly."""

    def search(self, wish: Query) -> int:
        """Return how many entries fit, having fetched a page of them and all counts."""
        ...

    def suggest(self, prefix: str) -> Sequence[str]:
        """Return words that begin so."""
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

    def suggest(self, prefix: str) -> Sequence[str]:
        """Ask for words and how many entries each would find."""
        sql = """
            SELECT word, (
                SELECT count(*) FROM search_entries
                WHERE NOT gone AND tokens @@ (%(quote)s || words.word || %(quote)s)::tsquery
            )
            FROM (
                SELECT word, sum(uses) FROM search_words
                WHERE word LIKE %(begun)s GROUP BY word ORDER BY 2 DESC LIMIT 8
            ) AS words
        """
        values = {"begun": f"{prefix.rsplit(maxsplit=1)[-1]}%", "quote": "'"}
        return [word for word, _ in self._connection.execute(sql, values)]


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
            easting=fields.NUMERIC(sortable=True),
            northing=fields.NUMERIC(sortable=True),
        )
        writer = index.create_in(folder, schema).writer(limitmb=256)
        for entry in entries:
            writer.add_document(**_document(entry, vocabulary, ","))
        writer.commit(optimize=True)
        self._searcher = index.open_dir(folder).searcher()

    def search(self, wish: Query) -> int:
        """Ask for the page, grouped by every facet."""
        parts: list[query.Query] = [
            _whoosh_idea(concept) for concept in self._vocabulary.concepts(wish.text)
        ]
        for facet, values in wish.chosen.items():
            parts.append(query.Or([query.Term("tags", tag(facet, value)) for value in values]))
        if wish.near and wish.within_metres is not None:
            east, north, within = wish.near.easting, wish.near.northing, wish.within_metres
            parts.append(query.NumericRange("easting", east - within, east + within))
            parts.append(query.NumericRange("northing", north - within, north + within))
        asked = query.And(parts) if parts else query.Every()
        groups = sorting.StoredFieldFacet("tags", allow_overlap=True, split_fn=_split)
        found = self._searcher.search(
            asked, limit=wish.limit, groupedby={"tags": groups}, maptype=sorting.Count
        )
        found.groups("tags")
        return len(found)

    def suggest(self, prefix: str) -> Sequence[str]:
        """Ask for the words, and how many entries have the idea of each."""
        reader = self._searcher.reader()
        words = reader.expand_prefix("words", prefix.rsplit(maxsplit=1)[-1])
        counted = sorted((-reader.doc_frequency("words", word), word) for word in words)
        offered = [word.decode() for _, word in counted[:8]]
        for word in offered:
            ideas = [_whoosh_idea(concept) for concept in self._vocabulary.concepts(word)]
            len(self._searcher.search(query.And(ideas), limit=1))
        return offered


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
        for name in ("easting", "northing"):
            builder.add_integer_field(name, indexed=True, fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        writer = self._index.writer(heap_size=256_000_000)
        for entry in entries:
            values = _document(entry, vocabulary, BETWEEN)
            tags = values.pop("tags").split(BETWEEN)
            writer.add_document(tantivy.Document(**values, tags=tags))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, wish: Query) -> int:
        """Ask for the page, and for the counts of all values."""
        must = tantivy.Occur.Must
        parts = [(must, self._idea(each)) for each in self._vocabulary.concepts(wish.text)]
        for facet, values in wish.chosen.items():
            parts.append((must, self._any("tags", [tag(facet, value) for value in values])))
        if wish.near and wish.within_metres is not None:
            for name, middle in (("easting", wish.near.easting), ("northing", wish.near.northing)):
                least, most = middle - wish.within_metres, middle + wish.within_metres
                kind = tantivy.FieldType.Integer
                ranged = tantivy.Query.range_query(self._schema, name, kind, least, most)
                parts.append((must, ranged))
        asked = tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()
        found = self._searcher.search(asked, limit=wish.limit)
        wanted = {"tags": {"terms": {"field": "tags", "size": 200}}}
        self._searcher.aggregate(asked, wanted)
        for _, address in found.hits:
            self._searcher.doc(address)
        return int(found.count)  # type: ignore[attr-defined]  # its stubs forget it

    def suggest(self, prefix: str) -> Sequence[str]:
        """Ask for the words that begin so, and how many entries have the idea of each."""
        last = prefix.split()[-1]  # noqa: PLC0207 - the prefix is short
        words = self._searcher.terms_with_prefix("words", last, limit=8)
        must = tantivy.Occur.Must
        for word, _ in words:
            ideas = [(must, self._idea(each)) for each in self._vocabulary.concepts(word)]
            self._searcher.search(tantivy.Query.boolean_query(ideas), limit=1, count=True)
        return [word for word, _ in words]

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


def _document(entry: Entry, vocabulary: Vocabulary, between: str) -> dict[str, Any]:
    said = f"{entry.title} {entry.by} {entry.words}"
    tags = [tag(facet, value) for facet, values in facet_values(entry).items() for value in values]
    return {
        "id": entry.id.hex,
        "tokens": " ".join(vocabulary.tokens(said)),
        "words": said.casefold(),
        "tags": between.join(tags),
        "easting": entry.easting or 0,
        "northing": entry.northing or 0,
    }


def _whoosh_idea(concept: Concept) -> query.Query:
    said: list[query.Query] = [query.Term("tokens", token) for token in concept.tokens]
    if concept.parts:
        said.append(query.And([query.Term("tokens", part) for part in concept.parts]))
    return query.Or(said)


def _split(tags: str) -> list[str]:
    return tags.split(",")
