"""Collects the words that pages show in other languages, into the file of each language.

``make translations`` brings every file up to date: new words wait there without a translation, and
words that nothing says any more are gone. ``seed/translations/babel.cfg`` names where words stand.
"""

import ast
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from tests.house.tree import ROOT

FOLDER = ROOT / "seed" / "translations"
KEYWORDS = {
    "gettext": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_COUNTED = {"ngettext": 0, "pgettext": 1, "npgettext": 1}
"""Functions of gettext, and how many arguments come before what is said."""

Found = tuple[int, str | None, Any, list[str]]
"""Line, function, messages, comments: as Babel wants them."""


def files() -> list[Path]:
    """Return the file of every language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def collected() -> Catalog:
    """Return all that is said, from templates, from Python and from seed/."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as config:
        named, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    methods = [(pattern, _OWN.get(str(method), method)) for pattern, method in named]
    catalog = Catalog(fuzzy=False)
    said = extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_may_hold_words, strip_comment_tags=True
    )
    for file, _, message, comments, context in said:
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def write() -> None:
    """Bring the file of every language up to date."""
    template = collected()
    for path in files():
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True)
        save(path, catalog)
        waiting = sum(1 for message in catalog if message.id and not all(forms(message.string)))
        sys.stdout.write(f"{path.parts[-3]}: {len(catalog)} messages, {waiting} to translate.\n")


def read(path: Path) -> Catalog:
    """Return what a language's file says."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def save(path: Path, catalog: Catalog) -> None:
    """Write a language's file, so that a change of it is easy to read."""
    with path.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False
        )


def forms(said: str | Iterable[str] | None) -> list[str]:
    """Return what a message says, or its translation: one text, or one for each number."""
    return [said or ""] if said is None or isinstance(said, str) else list(said)


def sentences(
    file: IO[bytes], _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """Yield every text of a Python file that people read; what is noted about the code is not."""
    tree = ast.parse(file.read())
    inside: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in inside:
            continue
        if _says_nothing(node):
            inside |= _within(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _COUNTED:
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                inside |= {id(argument) for argument in node.args}
                yield node.lineno, node.func.id, tuple(texts), []
        elif isinstance(node, ast.Constant) and _is_said(node.value):
            yield node.lineno, None, node.value, []


def _says_nothing(node: ast.AST) -> bool:
    """Tell whether this is a docstring, a word to developers, or put together as it is said."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.JoinedStr | ast.Assert)


def _within(node: ast.AST) -> set[int]:
    return {id(child) for child in ast.walk(node)}


def _is_said(value: object) -> bool:
    return (
        isinstance(value, str)
        and any(letter.islower() for letter in value)
        and (value[0].isupper() or " " in value)
    )


def _values(
    file: IO[bytes], _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    for topic in tomllib.load(file).values():
        for words in topic.values():
            if isinstance(words, str):
                yield 0, None, words, []


def _easy(
    file: IO[bytes], _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    for room in tomllib.load(file).values():
        for lines in room.values():
            yield from ((0, None, words, []) for _, words in lines)


def _names(
    file: IO[bytes], _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    for rows in tomllib.load(file).values():
        yield from ((0, None, row["name"], []) for row in rows)


_OWN: Mapping[str, Callable[..., Iterator[Found]]] = {
    "sentences": sentences,
    "values": _values,
    "easy": _easy,
    "names": _names,
}


def _may_hold_words(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or parts[0] in {"marketplace", "templates", "seed"}


if __name__ == "__main__":
    write()
