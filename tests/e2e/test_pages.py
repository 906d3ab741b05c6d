"""Every page that a role may open: accessible by the rules that can be checked, and narrow enough.

Each role follows every link it finds. A page that its permissions allow and that it never came to
fails the test, so a new page cannot be forgotten. In CI every role's own look of a page is checked;
in a hurry only that of the first role that comes to it, and for the others that the way is there.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page
from werkzeug.exceptions import HTTPException

from marketplace.access.guards import PUBLIC
from marketplace.access.rules import Actor
from tests.e2e.conftest import NARROW, WIDE, Street
from tests.pace import IN_CI

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
    # Only a rule about turning the screen, which is not among these, reads the style sheets anew.
    "preload": False,
}
FIND = "rules => window.axe ? axe.run(rules).then(results => results.violations) : null"
# Links inside a drawing lead to places on the same page. Not through a locator: what that needs is
# put into each page anew.
LINKS = "[...document.querySelectorAll('a[href]:not(svg a)')].map(one => one.href)"
API = tuple(
    f"search.api.{name}"
    for name in (
        *("activity", "categories", "group", "offer"),
        *("openapi", "search", "store", "suggest"),
    )
)
NO_PAGES = {
    "budgets.clawback_paper": "a file",
    "budgets.notice_paper": "a file",
    "budgets.purchase_picture": "a picture",
    "budgets.statement_csv": "a file",
    "budgets.statement_pdf": "a document, checked as PDF/UA",
    "calendars.feed": "a calendar",
    "catalogue.document": "a file",
    "catalogue.evidence_paper": "a file",
    "catalogue.offers_table": "a file",
    "catalogue.picture": "a picture",
    "catalogue.picture_before": "leads on",
    "community.activity_calendar": "a calendar",
    "community.group_calendar": "a calendar",
    "community.group_news": "a news feed",
    "community.place_calendar": "a calendar",
    "community.place_news": "a news feed",
    "community.whats_on_calendar": "a calendar",
    "community.whats_on_news": "a news feed",
    "home.health": "for machines",
    "home.metrics": "for machines",
    "home.ready": "for machines",
    "home.robots": "for machines",
    "home.theme": "a style",
    "search.calendar": "a calendar",
    "search.news": "a feed",
    "orders.query_file": "a file",
    "orders.day_worker": "a script",
    "orders.phone": "for the script of the day page",
    "orders.visit_photo": "a picture",
    "orders.week_table": "a file",
    "orders.invoice_pdf": "a document, checked as PDF/UA",
    "orders.invoice_ubl": "for programs",
    "payments.accounts_file": "a file",
    "payments.accounts_xero": "a file",
    "payments.bank_file": "a file",
    "payments.file": "a file",
    "payments.journal": "a file",
    "reports.download": "a file",
    **dict.fromkeys(API, "for programs"),
    "talk.file": "a file",
    "search.suggest": "for the script of the search box",
    "static": "files",
    **{
        f"feeds.oruk_{name}{where}": "open data"
        for name in (
            *("root", "services", "service", "service_at_locations", "service_at_location"),
            *("taxonomies", "taxonomy", "taxonomy_terms", "taxonomy_term"),
            *("organisations", "organisation"),
        )
        for where in ("", "_in")
    },
}
"""Addresses that answer with something else than a page."""
BY_LETTER = {
    *("access.confirm", "access.confirm_email", "access.reset", "access.forgot_sent"),
    *("community.confirm_by_letter", "community.keeper_invitation", "talk.told"),
    "catalogue.bank_change",
}
"""Pages to which only a letter leads, or a form sent; their addresses carry a secret."""
SEVERAL = {
    "orders.show": 6,
    "orders.work_order": 4,
    "payments.bank_line": 12,
    "payments.run": 3,
    "payments.statement": 3,
    "search.find": 3,
    "search.offer": 2,
}
"""Pages that look different for what is on them, and how many of them are looked at."""
OF_A_PERSON = {
    *("orders.index", "orders.show", "orders.standing", "orders.standing_order"),
    "orders.my_stop",
}
OF_KEEPERS = {
    f"community.{name}"
    for name in (
        *("keep", "keepers", "change_group", "close_group", "choose_kind", "add_listing"),
        *("change_listing", "dates", "change_date", "answer_report", "to_check"),
    )
}
"""Only for who looks after a group, or is trusted to look at entries: here, the person."""
OF_ANYBODY = {"catalogue.claim", "community.claim_group", "ratings.report"} | OF_KEEPERS
OF_SUPPORTERS = {"orders.declare"}
OF_THE_ASKED = {"budgets.requests", "budgets.request_page", "budgets.answer_request"}
"""Only for practitioners, the person, and supporters who are named to answer."""
OF_A_CONVERSATION = {"talk.about_order", "talk.thread", "talk.report"}
"""Only for those whom it concerns."""
OF_A_QUERY = {"orders.query", "orders.write_to_query"}
"""Only for the two sides, and for those of the council who decide."""
OF_WHO_HAS_VISITS = {"calendars.phone", "calendars.reminders"}
OF_WHO_SUPPORTS = {"calendars.people", "calendars.people_week"}
OF_STAFF = OF_A_PERSON | OF_ANYBODY | OF_SUPPORTERS | {"orders.invoice"} | OF_THE_ASKED
OF_STAFF |= OF_WHO_HAS_VISITS | OF_WHO_SUPPORTS
OF_THE_PERSON = {
    "budgets.add_outcome",
    "budgets.end_own_limit",
    "budgets.make_pool",
    "budgets.own_money_back",
    "budgets.pool_invitation",
    "budgets.sequence",
    "shortlists.change_note",
}
"""What only the person decides, or whoever set that limit; supporters are told so instead."""
OF_WHO_MANAGES = {"budgets.set_own_limit"}
"""Not for supporters who only see and suggest."""
OF_ONESELF = {"home.my_data", "home.put_right", "home.close"}
LEAVING = {"home.close_now"}
"""Not for who has an open order or store, or looks after a council alone."""
NOT_FOR = {
    "person": LEAVING | OF_SUPPORTERS | {"calendars.people_week"},
    "supporter": OF_ANYBODY | OF_ONESELF | OF_THE_PERSON | LEAVING,
    "helper": OF_ANYBODY
    | OF_ONESELF
    | OF_THE_PERSON
    | OF_WHO_MANAGES
    | (OF_THE_ASKED - {"budgets.request_page"})
    | {"orders.write_to_query"}
    | LEAVING,
    "provider": OF_WHO_SUPPORTS | OF_A_PERSON | OF_ANYBODY | OF_SUPPORTERS | OF_THE_ASKED | LEAVING,
    "practitioner": (OF_STAFF - OF_THE_ASKED) | {"talk.about_order"},
    "officer": (OF_STAFF - {"orders.invoice"}) | OF_A_CONVERSATION | OF_A_QUERY,
    "commissioner": OF_STAFF | OF_A_CONVERSATION | OF_A_QUERY,
    "moderator": OF_STAFF | OF_A_CONVERSATION | OF_A_QUERY,
    "administrator": OF_STAFF | OF_A_CONVERSATION | OF_A_QUERY | LEAVING,
    "team": OF_STAFF | OF_A_CONVERSATION | OF_A_QUERY,
}
"""Pages for everybody who is signed in, that have nothing for this role or are looked at once."""
WIDTH = "document.documentElement.scrollWidth"
ROLES = (
    "stranger",
    "person",
    "supporter",
    "helper",
    "provider",
    "practitioner",
    "officer",
    "commissioner",
    "moderator",
    "administrator",
    "team",
)


@dataclass
class Walk:
    """A way through the website, each page once."""

    street: Street
    who: str
    waiting: list[str]
    seen: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    def next_path(self) -> str | None:
        """Return the next page that is worth opening."""
        while self.waiting:
            path = self.waiting.pop(0)
            endpoint = self.endpoint_of(path)
            if endpoint is None or path in self.known or not self._wanted(endpoint):
                continue
            if self.seen[endpoint] < SEVERAL.get(endpoint, 1):
                self.known.add(path)
                self.seen[endpoint] += 1
                return path
        return None

    def endpoint_of(self, path: str) -> str | None:
        """Return the endpoint of a page that can be opened with a link."""
        adapter = self.street.app.url_map.bind("127.0.0.1")
        try:
            endpoint, _ = adapter.match(urlsplit(path).path, method="GET")
        except HTTPException:
            return None
        return None if endpoint in NO_PAGES else str(endpoint)

    def missed(self) -> set[str]:
        """Return the pages that this visitor may open and never came to."""
        pages = {
            rule.endpoint
            for rule in self.street.app.url_map.iter_rules()
            if rule.methods and "GET" in rule.methods
        }
        return {
            page
            for page in pages - set(NO_PAGES) - BY_LETTER - set(self.seen)
            if self._wanted(page)
        }

    def is_first_at(self, path: str) -> bool:
        """Say whether nobody before this visitor, in the order of roles, looks at such a page."""
        endpoint = self.endpoint_of(path) or ""
        before = ROLES[: ROLES.index(self.who)]
        return not any(
            _may_see(self.street, who, endpoint) and endpoint not in NOT_FOR.get(who, set())
            for who in before
        )

    def _wanted(self, endpoint: str) -> bool:
        return _may_see(self.street, self.who, endpoint)


def _may_see(street: Street, who: str, endpoint: str) -> bool:
    actor: Actor | None = street.world.actors.get(who)
    guard = getattr(street.app.view_functions[endpoint], "guard", None)
    if actor is None or guard == PUBLIC:
        # Public pages look the same to all but for the menu, which is on every page.
        return actor is None and guard == PUBLIC
    return guard is not None and actor.may(guard)


@pytest.mark.parametrize("who", ROLES)
def test_pages_keep_the_rules_of_accessibility_and_fit_a_narrow_screen(
    street: Street, who: str
) -> None:
    seeds = street.world.seeds.get(who, [])
    walk = Walk(street, who, [*seeds, "/account", "/", "/ashdale/"])
    faults: list[str] = []
    with street.visitor(who) as context:
        # Sent once, not once a page.
        context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        # Anything at all, for the menu: a page that is public is not on the way of a role.
        page.goto("/accessibility")
        walk.waiting += links_of(page)
        while (path := walk.next_path()) is not None:
            if IN_CI or walk.is_first_at(path):
                faults += faults_of(page, path)
                walk.waiting += links_of(page)
            else:
                walk.waiting += links_behind(context, path)

    assert faults == []
    assert walk.missed() - NOT_FOR.get(who, set()) == set()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("stranger", "/sign-in"),
        ("stranger", "/sign-up"),
        ("stranger", "/forgot"),
        ("person", "/join"),
        ("person", "/circle/invite"),
        ("person", "/account/password"),
        ("person", "/account/email"),
        ("person", "/my-data/put-right"),
        ("commissioner", "/my-data/close/now"),
        ("provider", "/my-store/offers/new"),
        ("provider", "/my-store/offers/many"),
        ("practitioner", "/people/new"),
        ("administrator", "/councils/new"),
    ],
)
def test_a_form_that_says_what_is_wrong_keeps_the_rules(
    street: Street, who: str, path: str
) -> None:
    with street.visitor(who) as context:
        page = context.new_page()
        page.goto(path)
        page.locator("main form[method=post] button").first.click()
        page.locator(".govuk-error-summary").wait_for()

        assert _violations(page) == []


def test_the_rules_find_what_breaks_them(street: Street) -> None:
    """Prove that the tests above could fail."""
    with street.visitor() as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate("document.querySelector('main').innerHTML += '<img src=x><input>'")
        page.evaluate("document.querySelector('main h1').style.width = '400px'")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]

        broken = [fault.split(":")[0] for fault in _violations(page)]
        assert broken == ["image-alt", "label"]
        assert page.evaluate(WIDTH) > NARROW["width"]


def faults_of(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page, wide and narrow, beginning as the last one ended."""
    answer = page.goto(path)
    assert answer is not None
    if answer.status >= 400:
        return [f"{path}: {answer.status}"]
    looks = [(WIDE, _violations), (NARROW, _width)]
    if page.viewport_size == NARROW:
        looks.reverse()
    found: list[str] = []
    for size, look in looks:
        if page.viewport_size != size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{path}: {said}" for said in look(page)]
    return found


def links_of(page: Page) -> list[str]:
    """Return the paths of all links of a page to our own pages."""
    found: list[str] = page.evaluate(LINKS)
    return _paths(page.url, found)


def links_behind(context: BrowserContext, path: str) -> list[str]:
    """Return the same of a page that is fetched and not shown."""
    answer = context.request.get(path)
    assert answer.ok, f"{path}: {answer.status}"
    links = BeautifulSoup(answer.text(), "html.parser").select("a[href]:not(svg a)")
    return _paths(answer.url, [urljoin(answer.url, str(link["href"])) for link in links])


def _paths(url: str, links: list[str]) -> list[str]:
    here = urlsplit(url).netloc
    parts = [urlsplit(link) for link in links]
    return [
        part.path + (f"?{part.query}" if part.query else "")
        for part in parts
        if part.netloc == here
    ]


def _width(page: Page) -> list[str]:
    width = page.evaluate(WIDTH)
    return [f"{width} px wide on a screen of 320"] if width > NARROW["width"] else []


def _violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] | None = page.evaluate(FIND, RULES)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(FIND, RULES)
    assert found is not None, f"axe is not there on {page.url}"
    return [
        f"{fault['id']}: {node['html'][:160]} {' '.join(node['failureSummary'].split())[:200]}"
        for fault in found
        for node in fault["nodes"]
    ]
