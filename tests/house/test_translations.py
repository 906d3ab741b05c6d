"""Every word that pages show in other languages is in the files, and no file is broken."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tests.house.translations import collected, files, forms, read
from tests.house.tree import TEMPLATES, name_of
from tests.house.unmarked import is_marked, said_too_early, unmarked

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
TAG = re.compile(r"</?\w+[^>]*>")
LANGUAGES = pytest.mark.parametrize("path", files(), ids=lambda path: path.parts[-3])
said = cache(collected)


@LANGUAGES
def test_every_word_waits_in_the_file(path: Path) -> None:
    there = {(message.context, message.id) for message in read(path)}

    missing = [
        f"{message.locations[0][0]}: {message.id!r}"
        for message in said()
        if message.id and (message.context, message.id) not in there
    ]

    assert missing == [], "run `make translations`, then translate what is new"


@LANGUAGES
def test_no_file_keeps_what_nothing_says(path: Path) -> None:
    there = {(message.context, message.id) for message in said()}

    kept = [message.id for message in read(path) if (message.context, message.id) not in there]

    assert [each for each in kept if each] == [], "run `make translations`"


@LANGUAGES
def test_translations_have_the_places_and_tags_of_what_they_translate(path: Path) -> None:
    wrong = [
        f"{original!r}: {string!r}"
        for original, string in _pairs(read(path))
        if _marks(original) != _marks(string)
    ]

    assert wrong == []


@LANGUAGES
def test_compiles_and_has_every_form(path: Path) -> None:
    catalog = read(path)

    write_mo(BytesIO(), catalog)

    assert "fuzzy" not in path.read_text(encoding="utf-8")
    half = [
        message.id
        for message in catalog
        if not isinstance(message.id, str)
        and any(forms(message.string))
        and not (all(forms(message.string)) and len(forms(message.string)) == catalog.num_plurals)
    ]
    assert half == [], name_of(path)


def test_a_template_that_speaks_other_languages_does_so_in_all_its_words() -> None:
    marked = [path for path in TEMPLATES if path.suffix == ".html" and is_marked(path)]

    wrong = [f"{name_of(path)}: {words!r}" for path in marked for words in unmarked(path)]

    assert wrong == []


def test_a_component_says_nothing_as_it_is_loaded() -> None:
    wrong = {
        name_of(path): said_too_early(path)
        for path in TEMPLATES
        if path.parent.name == "components" and is_marked(path)
    }

    assert {name: said for name, said in wrong.items() if said} == {}


def _pairs(catalog: Catalog) -> list[tuple[str, str]]:
    pairs = []
    for message in catalog:
        original = forms(message.id)[-1]
        pairs += [(original, string) for string in forms(message.string) if string and original]
    return pairs


def _marks(text: str) -> tuple[list[str], list[str]]:
    return sorted(set(PLACEHOLDER.findall(text))), sorted(TAG.findall(text))
