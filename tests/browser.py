"""A browser without a screen: asks for pages as people do, and is strict about each.

It takes endpoints (``browser.get("orders.show", order_id=…)``) or paths, follows no redirect
unasked, and holds every answer to ``page_checks``. A page that is not good fails the test that
opened it, whatever that test is about.
"""

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.page_checks import faults_of_headers, read

Fields = Mapping[str, object]


class Page:
    """One answer: a page, a redirect or a file."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.url = url
        self.status = response.status_code
        self.location = response.headers.get("Location", "")

    @cached_property
    def html(self) -> str:
        """Return the page as it was sent."""
        return self.response.get_data(as_text=True)

    @property
    def soup(self) -> BeautifulSoup:
        """Return the page as a tree."""
        return self._read[0]

    @property
    def faults(self) -> list[str]:
        """Return everything that is wrong with the page."""
        return self._read[2]

    @cached_property
    def _read(self) -> tuple[BeautifulSoup, str, list[str]]:
        return read(self.html)

    @property
    def text(self) -> str:
        """Return what a person can read, white space made even."""
        return self._read[1]

    @property
    def is_html(self) -> bool:
        """Say whether this is a page, not a redirect or a file."""
        return self.response.mimetype == "text/html" and not self.location

    @property
    def heading(self) -> str:
        """Return the words of the ``h1``."""
        found = self.soup.h1
        return " ".join(found.get_text(" ").split()) if found else ""

    @property
    def errors(self) -> list[str]:
        """Return the messages of the error summary, in order."""
        found = self.soup.select(".govuk-error-summary__list li, .error-summary li")
        return [" ".join(item.get_text(" ").split()) for item in found]

    def link(self, words: str) -> str:
        """Return where the link with these words leads; exactly these, if one has them."""
        links = [
            (" ".join(link.get_text(" ").split()), str(link["href"]))
            for link in self.soup.find_all("a", href=True)
        ]
        for said, where in sorted(links, key=lambda link: link[0] != words):
            if words in said:
                return where
        raise AssertionError(f"{self.url} has no link {words!r}: {self._said(['a'])}")

    def button(self, words: str) -> Tag:
        """Return the button with these words; exactly these, if more than one has them."""
        found = [button for button in self._buttons() if words in _label(button)]
        exact = [button for button in found if _label(button) == words]
        if not found:
            offered = [_label(button) for button in self._buttons()]
            raise AssertionError(f"{self.url} has no button {words!r}, only {offered}")
        return (exact or found)[0]

    def _buttons(self) -> list[Tag]:
        return self.soup.select("button, input[type=submit]")

    def _said(self, names: list[str]) -> list[str]:
        return [" ".join(tag.get_text(" ").split()) for tag in self.soup.find_all(names)]


class Browser:
    """Asks for pages, keeps the cookies, and checks all that comes back."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: Page | None = None
        self._csrf_token = ""

    def get(self, target: str, **values: object) -> Page:
        """Open a page: an endpoint and its values, or a path."""
        return self._open("GET", self.url(target, **values))

    def post(self, target: str, data: Fields | None = None, **values: object) -> Page:
        """Send data as a form would, with the token of the last page that had one."""
        sent = {"csrf_token": self._csrf_token} | dict(data or {})
        return self._open("POST", self.url(target, **values), sent)

    def click(self, page: Page, words: str) -> Page:
        """Follow the link with these words."""
        return self._open("GET", urljoin(page.url, page.link(words)))

    def follow(self, page: Page | None = None) -> Page:
        """Go where a redirect points: the given one, or the last."""
        page = page or self.page
        assert page is not None, "nothing was opened yet"
        assert page.location, f"{page.url} is no redirect, it is {page.status}: {page.text[:200]}"
        return self._open("GET", urljoin(page.url, page.location))

    def submit(self, page: Page, button: str, data: Fields | None = None, **fields: object) -> Page:
        """Fill in the form with this button and press it. Fields not named stay as they are.

        Field names that are not words of Python go into ``data``. A field the form does not have,
        and a choice it does not offer, is an error in the test: a person could not do it.
        """
        pressed = page.button(button)
        form = pressed.find_parent("form")
        assert form is not None, f"the button {button!r} is in no form"
        sent = _filled(form, pressed, dict(data or {}) | fields)
        url = urljoin(page.url, str(pressed.get("formaction") or form.get("action") or page.url))
        if str(form.get("method", "get")).lower() == "post":
            return self._open("POST", url, sent)
        return self._open("GET", url.split("?")[0], sent)

    def url(self, target: str, **values: object) -> str:
        """Return the path of an endpoint; a path stays as it is."""
        if target.startswith(("/", "http")):
            assert not values, "a path takes no values"
            return target
        return self.client.application.url_map.bind("localhost").build(target, values)

    def _open(self, method: str, url: str, data: Fields | None = None) -> Page:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {"query_string": data} if method == "GET" and data is not None else {"data": data}
        response = self.client.open(path, method=method, follow_redirects=False, **sent)
        page = Page(response, path)
        faults = faults_of_headers(response.headers)
        if page.is_html:
            faults += page.faults
            self._remember_token(page)
        assert not faults, f"{method} {path}:\n  " + "\n  ".join(faults)
        self.page = page
        return page

    def _remember_token(self, page: Page) -> None:
        field = page.soup.find("input", attrs={"name": "csrf_token"})
        if isinstance(field, Tag):
            self._csrf_token = str(field["value"])


def _filled(form: Tag, pressed: Tag, fields: dict[str, object]) -> dict[str, object]:
    known = {str(control["name"]) for control in _controls(form)}
    unknown = fields.keys() - known
    assert not unknown, f"the form has no field {sorted(unknown)}, only {sorted(known)}"
    sent: dict[str, object] = {}
    for name in sorted(known):
        controls = [control for control in _controls(form) if control["name"] == name]
        if name in fields:
            _refuse_what_is_not_offered(name, controls, fields[name])
            sent[name] = fields[name]
        else:
            sent[name] = [value for control in controls for value in _values(control)]
    if pressed.get("name"):
        sent[str(pressed["name"])] = str(pressed.get("value", ""))
    return {name: value for name, value in sent.items() if value is not None and value != []}


def _controls(form: Tag) -> list[Tag]:
    found = form.select("input[name], select[name], textarea[name]")
    buttons = {"submit", "button", "image", "reset"}
    return [
        control
        for control in found
        if control.get("type") not in buttons and control.get("disabled") is None
    ]


def _values(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        chosen = control.select("option[selected]")
        first = control.select("option")[:1] if control.get("multiple") is None else []
        return [_value_of_option(option) for option in chosen or first]
    if control.get("type") in {"radio", "checkbox"}:
        return [str(control.get("value", "on"))] if control.get("checked") is not None else []
    return [] if control.get("type") == "file" else [str(control.get("value", ""))]


def _refuse_what_is_not_offered(name: str, controls: list[Tag], value: object) -> None:
    offered = {
        str(control.get("value", "on"))
        for control in controls
        if control.get("type") in {"radio", "checkbox"}
    } | {_value_of_option(option) for control in controls for option in control.select("option")}
    wanted = value if isinstance(value, list | tuple | set) else [value]
    if offered and value is not None:
        not_offered = {str(each) for each in wanted} - offered
        assert not not_offered, f"{name} does not offer {not_offered}, only {sorted(offered)}"


def _value_of_option(option: Tag) -> str:
    return str(option.get("value", option.get_text()))


def _label(button: Tag) -> str:
    words = button.get_text(" ") if button.name == "button" else str(button.get("value", ""))
    return " ".join(words.split())
