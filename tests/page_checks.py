"""What holds for every page, whoever sees it and whatever it is about.

A page is read as a strict browser, a screen reader and a careful proof-reader would read it. Each
check yields what is wrong in words that can be acted on; a page is good when nothing is yielded.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from bs4.element import Comment, Doctype
from html5lib.constants import E as MESSAGES
from html5lib.html5parser import HTMLParser
from werkzeug.datastructures import Headers

_NEED_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
_INVISIBLE = {"script", "style", "template", "title", "head"}
# "None of these" is an answer people give; a lone None is a value that was forgotten.
_FORGOTTEN = re.compile(r"\bNone\b(?! of\b)|\bundefined\b|\bNaN\b|\{\{|\{%")


class _Reader(HTML5TreeBuilder):
    """Reads a page once, and keeps what a strict reader would refuse."""

    def feed(self, markup: str | bytes) -> None:
        """Read the page."""
        parser = HTMLParser(tree=self.create_treebuilder, strict=False)
        self.underlying_builder.parser = parser
        parser.parse(markup)
        self.refused = parser.errors


def read(html: str) -> tuple[BeautifulSoup, list[str]]:
    """Return a page as a tree, and everything that is wrong with it; nothing if it is good."""
    reader = _Reader()
    soup = BeautifulSoup(html, builder=reader)
    strict = [
        f"HTML line {line}, column {column}: {MESSAGES.get(code, code) % details}"
        for (line, column), code, details in reader.refused
    ]
    return soup, [*strict, *(fault for check in _CHECKS for fault in check(soup))]


def faults_of(html: str) -> list[str]:
    """Return everything that is wrong with a page; an empty list is a good page."""
    return read(html)[1]


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
    words = (
        string
        for string in soup.find_all(string=True)
        if not isinstance(string, Comment | Doctype)
        and not any(parent.name in _INVISIBLE for parent in string.parents)
    )
    return " ".join(" ".join(words).split())


def _one_heading(soup: BeautifulSoup) -> Iterator[str]:
    headings = [_words(heading) for heading in soup.find_all("h1")]
    if len(headings) != 1:
        yield f"a page has exactly one h1, this one has {headings}"
        return
    title = _words(soup.title).removeprefix("Error: ") if soup.title else ""
    if not headings[0] or not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"


def _language(soup: BeautifulSoup) -> Iterator[str]:
    if soup.html is None or not soup.html.get("lang"):
        yield "the page does not say its language"


def _unique_ids(soup: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    yield from (
        f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1
    )


def _references(soup: BeautifulSoup) -> Iterator[str]:
    ids = {str(tag["id"]) for tag in soup.find_all(id=True)}
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for tag in soup.select(f"[{attribute}]"):
            for name in _attribute(tag, attribute).split():
                if name not in ids:
                    yield f"{_opening(tag)} points at the id {name!r}, which is not there"


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {_attribute(label, "for") for label in soup.find_all("label") if _words(label)}
    for control in soup.find_all(["input", "select", "textarea"]):
        if _attribute(control, "type") in _NEED_NO_LABEL and control.name == "input":
            continue
        inside = control.find_parent("label")
        named = (
            _attribute(control, "id") in labelled
            or _attribute(control, "aria-label")
            or _attribute(control, "aria-labelledby")
            or (inside is not None and _words(inside))
        )
        if not named:
            yield f"{_opening(control)} has no label"


def _names(soup: BeautifulSoup) -> Iterator[str]:
    for link in soup.find_all(["a", "button"]):
        says = _words(link) or _attribute(link, "aria-label") or link.find("img", alt=True)
        if not says:
            yield f"{_opening(link)} does not say what it does"
    for picture in soup.find_all("img"):
        if picture.get("alt") is None:
            yield f"{_opening(picture)} has no alt"


def _forgotten_values(soup: BeautifulSoup) -> Iterator[str]:
    text = visible_text(soup)
    for found in _FORGOTTEN.finditer(text):
        around = text[max(0, found.start() - 40) : found.end() + 40]
        yield f"a value was forgotten: …{around}…"


def _inline_code(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.select("*"):
        for attribute in tag.attrs:
            if attribute == "style" or re.match(r"on[a-z]+$", attribute):
                yield f"{_opening(tag)} has inline code in {attribute!r}"
        if _attribute(tag, "href").lower().startswith("javascript:"):
            yield f"{_opening(tag)} is a script in a link"
    if soup.find("style"):
        yield "there is an inline style sheet"
    for script in soup.find_all("script"):
        is_data = _attribute(script, "type").endswith("json")
        if not script.get("src") and not is_data:
            yield "there is an inline script"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        is_post = _attribute(form, "method").lower() == "post"
        if is_post and not form.find("input", attrs={"name": "csrf_token"}):
            yield f"{_opening(form)} can be forged: it has no csrf_token"


_CHECKS: tuple[Callable[[BeautifulSoup], Iterator[str]], ...] = (
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
