"""Finds the words of a marked template that are not marked: they would stay English."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

GETTEXT = {"gettext", "ngettext", "pgettext", "npgettext"}
_GAP = "\0"
_UNITS = {"kB)"}
_TAG = re.compile(r"<[^<>]*>|&\w+;")
_SAID_BY_TAGS = re.compile(r'(?:aria-label|placeholder|alt|title)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[A-Z][a-z]+(?: |$)|[A-Z]?[a-z]+ [a-z]|, ?[a-z]")
_jinja = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"], autoescape=True)


def is_marked(path: Path) -> bool:
    """Tell whether a template speaks other languages than English."""
    return bool(re.search(r"\bn?gettext\(|\{%-? trans\b", path.read_text(encoding="utf-8")))


def unmarked(path: Path) -> list[str]:
    """Return what a template says in English whatever the language."""
    source = path.read_text(encoding="utf-8")
    return sorted({*_plain(source), *_in_expressions(_jinja.parse(source))})


def said_too_early(path: Path) -> list[str]:
    """Return what a component says as it is loaded: once, in the language of that moment."""
    tree = _jinja.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(call) for macro in tree.find_all(nodes.Macro) for call in macro.find_all(nodes.Call)
    }
    calls = (call for call in tree.find_all(nodes.Call) if id(call) not in inside)
    return [str(call.args[0]) for call in calls if _is_gettext(call)]


def _plain(source: str) -> Iterator[str]:
    page = _without_jinja(source)
    for attribute in _SAID_BY_TAGS.findall(page):
        if _WORD.search(attribute):
            yield attribute.replace(_GAP, "…")
    for text in _TAG.split(page):
        if _WORD.search(text) and text.strip() not in _UNITS:
            yield " ".join(text.replace(_GAP, "…").split())


def _without_jinja(source: str) -> str:
    said, translated = [], False
    words: list[str] = []
    for _, kind, value in _jinja.lex(source):
        if kind == "block_begin":
            words = []
        elif kind == "name":
            words.append(value)
        elif kind == "block_end" and words and words[0] in {"trans", "endtrans"}:
            translated = words[0] == "trans"
        if kind == "data":
            said.append(_GAP if translated else value)
        elif kind.endswith("_begin"):
            said.append(_GAP)
    return "".join(said)


def _in_expressions(tree: nodes.Template) -> Iterator[str]:
    translated = {
        id(each)
        for call in tree.find_all(nodes.Call)
        if _is_gettext(call)
        for each in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        text = const.value if isinstance(const.value, str) else ""
        if id(const) not in translated and _SENTENCE.match(text.lstrip()):
            yield text


def _is_gettext(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
