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
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
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
        function, said = _said_by(node)
        if said is not None:
            inside |= {id(child) for child in ast.walk(node)}
        if said:
            yield getattr(node, "lineno", 0), function, said, []


def _said_by(node: ast.AST) -> tuple[str | None, Any]:
    """Return the function of gettext, if it is one, and what is said; None: look inside."""
    if isinstance(node, ast.Assert) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        return None, ""  # a word to developers
    if isinstance(node, ast.JoinedStr):
        return None, _if_said(_pattern(node))
    if isinstance(node, ast.Constant):
        return None, _if_said(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        return node.func.id, tuple(texts)
    return None, None


def _pattern(node: ast.JoinedStr) -> str:
    """Return a sentence that is put together as it is said, with its values numbered."""
    parts: list[str] = []
    number = 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("%", "%%"))
        else:
            number += 1
            parts.append(f"%({number})s")
    return "".join(parts)


def _if_said(value: object) -> str:
    """Return a text if people read it: it begins with a capital or has a space in it."""
    if not isinstance(value, str) or not any(map(str.islower, value.replace(")s", ""))):
        return ""
    return value if value[0].isupper() or " " in value else ""


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
