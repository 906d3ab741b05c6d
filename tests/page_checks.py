"""What holds for every page, whoever sees it and whatever it is about.

A page is read as a strict browser, a screen reader and a careful proof-reader would read it. Each
check yields what is wrong in words that can be acted on; a page is good when nothing is yielded.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from bs4.element import Comment, Doctype
from html5lib.constants import E as MESSAGES
from html5lib.html5parser import HTMLParser
from werkzeug.datastructures import Headers

_NEED_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
_INVISIBLE = {"script", "style", "template", "title", "head"}
_REFERRING = {"for", "aria-labelledby", "aria-describedby", "aria-controls"}
_HANDLER = re.compile(r"on[a-z]+$")
# "None of these" is an answer people give; a lone None is a value that was forgotten.
_FORGOTTEN = re.compile(r"\bNone\b(?! of\b)|\bundefined\b|\bNaN\b|\{\{|\{%")


class _Reader(HTML5TreeBuilder):
    """Reads a page once, and keeps what a strict reader would refuse."""

    def __init__(self) -> None:
        # Where each element stood is asked by nobody, and to count lines for each takes long.
        super().__init__(store_line_numbers=False)

    def feed(self, markup: str | bytes) -> None:
        """Read the page."""
        parser = HTMLParser(tree=self.create_treebuilder, strict=False)
        self.underlying_builder.parser = parser
        parser.parse(markup)
        self.refused = parser.errors


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page, gone through once: to look for each thing anew costs more than to draw the page."""

    soup: BeautifulSoup
    tags: list[Tag]
    text: str

    def named(self, *names: str) -> Iterator[Tag]:
        """Return the elements of some names, in order."""
        return (tag for tag in self.tags if tag.name in names)


def read(html: str) -> tuple[BeautifulSoup, str, list[str]]:
    """Return a page as a tree, what can be read of it, and everything that is wrong with it."""
    reader = _Reader()
    soup = BeautifulSoup(html, builder=reader)
    strict = [
        f"HTML line {line}, column {column}: {MESSAGES.get(code, code) % details}"
        for (line, column), code, details in reader.refused
    ]
    tags = [each for each in soup.descendants if isinstance(each, Tag)]
    seen = _Seen(soup, tags, visible_text(soup))
    faults = [*strict, *(fault for check in _CHECKS for fault in check(seen))]
    return soup, seen.text, faults


def faults_of(html: str) -> list[str]:
    """Return everything that is wrong with a page; an empty list is a good page."""
    return read(html)[2]


def faults_of_headers(headers: Headers) -> list[str]:
    """Return which of the headers that protect every answer are missing or weak."""
    policy = headers.get("Content-Security-Policy", "")
    faults = []
    if "default-src" not in policy or "unsafe" in policy:
        faults.append(f"the content security policy is missing or unsafe: {policy!r}")
    if headers.get("X-Content-Type-Options") != "nosniff":
        faults.append("X-Content-Type-Options is not nosniff")
    if not headers.get("Referrer-Policy"):
        faults.append("there is no Referrer-Policy")
    return faults


def visible_text(soup: BeautifulSoup | Tag) -> str:
    """Return what can be read, with runs of white space as one space."""
    if any(parent.name in _INVISIBLE for parent in [soup, *soup.parents]):
        return ""
    return " ".join(" ".join(_visible(soup)).split())


def _visible(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name not in _INVISIBLE:
                yield from _visible(child)
        elif not isinstance(child, Comment | Doctype):
            yield str(child)


def _one_heading(seen: _Seen) -> Iterator[str]:
    headings = [_words(heading) for heading in seen.named("h1")]
    if len(headings) != 1:
        yield f"a page has exactly one h1, this one has {headings}"
        return
    title = _words(seen.soup.title) if seen.soup.title else ""
    title = title.removeprefix("Error: ").removeprefix("Gwall: ")
    if not headings[0] or not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"


def _language(seen: _Seen) -> Iterator[str]:
    if seen.soup.html is None or not seen.soup.html.get("lang"):
        yield "the page does not say its language"


def _ids(seen: _Seen) -> Counter[str]:
    return Counter(str(tag.attrs["id"]) for tag in seen.tags if "id" in tag.attrs)


def _unique_ids(seen: _Seen) -> Iterator[str]:
    yield from (
        f"the id {name!r} is there {count} times" for name, count in _ids(seen).items() if count > 1
    )


def _references(seen: _Seen) -> Iterator[str]:
    ids = _ids(seen)
    for tag in seen.tags:
        for attribute in _REFERRING & tag.attrs.keys():
            for name in _attribute(tag, attribute).split():
                if name not in ids:
                    yield f"{_opening(tag)} points at the id {name!r}, which is not there"


def _labels(seen: _Seen) -> Iterator[str]:
    labelled = {_attribute(label, "for") for label in seen.named("label") if _words(label)}
    for control in seen.named("input", "select", "textarea"):
        if _attribute(control, "type") in _NEED_NO_LABEL and control.name == "input":
            continue
        if (
            _attribute(control, "id") in labelled
            or _attribute(control, "aria-label")
            or _attribute(control, "aria-labelledby")
        ):
            continue
        inside = control.find_parent("label")
        if inside is None or not _words(inside):
            yield f"{_opening(control)} has no label"


def _names(seen: _Seen) -> Iterator[str]:
    for link in seen.named("a", "button"):
        says = _words(link) or _attribute(link, "aria-label") or link.find("img", alt=True)
        if not says:
            yield f"{_opening(link)} does not say what it does"
    for picture in seen.named("img"):
        if picture.get("alt") is None:
            yield f"{_opening(picture)} has no alt"


def _forgotten_values(seen: _Seen) -> Iterator[str]:
    for found in _FORGOTTEN.finditer(seen.text):
        around = seen.text[max(0, found.start() - 40) : found.end() + 40]
        yield f"a value was forgotten: …{around}…"


def _inline_code(seen: _Seen) -> Iterator[str]:
    for tag in seen.tags:
        for attribute in tag.attrs:
            if attribute == "style" or _HANDLER.match(attribute):
                yield f"{_opening(tag)} has inline code in {attribute!r}"
        if _attribute(tag, "href").lower().startswith("javascript:"):
            yield f"{_opening(tag)} is a script in a link"
    if any(seen.named("style")):
        yield "there is an inline style sheet"
    for script in seen.named("script"):
        is_data = _attribute(script, "type").endswith("json")
        if not script.get("src") and not is_data:
            yield "there is an inline script"


def _forms(seen: _Seen) -> Iterator[str]:
    for form in seen.named("form"):
        is_post = _attribute(form, "method").lower() == "post"
        if is_post and not form.find("input", attrs={"name": "csrf_token"}):
            yield f"{_opening(form)} can be forged: it has no csrf_token"


_CHECKS: tuple[Callable[[_Seen], Iterator[str]], ...] = (
    _one_heading,
    _language,
    _unique_ids,
    _references,
    _labels,
    _names,
    _forgotten_values,
    _inline_code,
    _forms,
)


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _opening(tag: Tag) -> str:
    attributes = "".join(f' {name}="{_attribute(tag, name)}"' for name in tag.attrs)
    return f"<{tag.name}{attributes}>"[:160]
