"""The file of words that mean the same."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from marketplace.search.rules import Concept, Group, Vocabulary
from marketplace.search.rules.danger import Danger, Signs
from marketplace.search.rules.words import is_weak

_FOLDER = Path(__file__).parents[3] / "seed" / "vocabulary"
GROUPS = _FOLDER / "groups.csv"
CATEGORIES = _FOLDER / "categories.csv"
DANGERS = _FOLDER / "dangers.csv"

_BETWEEN = ";"


@cache
def everyday_words() -> Vocabulary:
    """Return the vocabulary that is shipped with the program."""
    return read_vocabulary(GROUPS)


@cache
def words_of_categories() -> Mapping[str, str]:
    """Return what everything in a category is also found by, by the category's slug."""
    with CATEGORIES.open(encoding="utf-8", newline="") as file:
        return {row["category"]: row["words"] for row in csv.DictReader(file)}


@cache
def signs_of_danger() -> Signs:
    """Return what people type who may be in danger."""
    with DANGERS.open(encoding="utf-8", newline="") as file:
        return {Danger(row["danger"]): _phrases(row["typed"]) for row in csv.DictReader(file)}


def category_meant(text: str) -> str:
    """Return the category that everyday words speak of most; nothing if they speak of none."""
    ideas = everyday_words().concepts(text)
    hits = {
        slug: sum(1 for idea in ideas if _telling(idea) & tokens)
        for slug, tokens in _tokens_of_categories().items()
    }
    best = max(hits, key=lambda slug: hits[slug], default="")
    return best if hits.get(best) else ""


def _telling(idea: Concept) -> frozenset[str]:
    return idea.tokens | {part for part in idea.parts if not is_weak(part)}


@cache
def _tokens_of_categories() -> Mapping[str, frozenset[str]]:
    vocabulary = everyday_words()
    with CATEGORIES.open(encoding="utf-8", newline="") as file:
        said = {row["category"]: (row["words"], row["meant"]) for row in csv.DictReader(file)}
    return {
        slug: frozenset(vocabulary.tokens(" ".join((slug.replace("-", " "), *words))))
        for slug, words in said.items()
    }


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the groups of a file: of words, of what is only ever typed, of what is near."""
    with path.open(encoding="utf-8", newline="") as file:
        return Vocabulary(
            tuple(
                Group(*(_phrases(row[name]) for name in ("words", "typed", "near")))
                for row in csv.DictReader(file)
            )
        )


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in cell.split(_BETWEEN) if phrase.strip())
