"""The frame round every page: which portal this is, who is here, and where one can go."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from flask import Flask, g, request, session, url_for
from werkzeug.routing import BaseConverter

from marketplace.access.guards import JOINED_KEY, claimed_sign_in, find_actor, find_actor_beside
from marketplace.access.rules import COUNCIL_ROLES, Actor, Permission, Role
from marketplace.councils import queries as councils
from marketplace.councils.commands import note_person
from marketplace.councils.queries import PortalRow
from marketplace.councils.rules import RESERVED_SLUGS
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.shortlists.rules import LINK_KEY
from marketplace.web.easy_read import easy_lines, wants_easy_read
from marketplace.web.languages import framed, language_of_frame, languages
from marketplace.web.problems import for_program
from marketplace.web.sessions import csrf_token
from marketplace.web.site import LanguageLink, Link, Site, settings

Pairs = tuple[tuple[str, str], ...]
"""Labels and endpoints."""

_MENU: tuple[tuple[Permission, str, str], ...] = (
    (Permission.PROPOSE_ORDERS, "Ask for help", "asking.index"),
    (Permission.SEE_WALLET, "My money", "budgets.wallet"),
    (Permission.SEE_WALLET, "My orders", "orders.index"),
    (Permission.SEE_WALLET, "My calendar", "calendars.index"),
    (Permission.PROPOSE_ORDERS, "Basket", "orders.basket"),
    (Permission.TAKE_ORDERS, "My work", "orders.work"),
    (Permission.TAKE_ORDERS, "My calendar", "calendars.work"),
    (Permission.TAKE_ORDERS, "People are asking", "asking.near"),
    (Permission.KEEP_STORE, "My store", "catalogue.my_store"),
    (Permission.KEEP_STORE, "Wanted near you", "reports.near_you"),
    (Permission.SEE_EARNINGS, "My earnings", "payments.earnings"),
    (Permission.KEEP_STORE, "What people say", "ratings.store"),
    (Permission.OPEN_FUNDING_LINES, "People", "budgets.people"),
    (Permission.OPEN_FUNDING_LINES, "Requests", "budgets.requests"),
    (Permission.OPEN_FUNDING_LINES, "Family who are paid", "orders.family_carers"),
    (Permission.MEDIATE, "To settle", "orders.mediation"),
    (Permission.MEDIATE, "Providers who stop", "orders.stops"),
    (Permission.PAY_PROVIDERS, "Payments", "payments.index"),
    (Permission.PAY_PROVIDERS, "Funding lines", "budgets.audit_lines"),
    (Permission.ASK_BACK, "Money asked back", "budgets.clawbacks"),
    (Permission.READ_MARKET, "The market", "reports.dashboard"),
    (Permission.READ_MARKET, "Looked for", "reports.demand"),
    (Permission.READ_MARKET, "Agreed prices", "catalogue.agreed_prices"),
    (Permission.MODERATE, "Providers to check", "catalogue.moderate_providers"),
    (Permission.MODERATE, "Claims", "catalogue.moderate_claims"),
    (Permission.MODERATE, "Groups to look at", "community.moderate_groups"),
    (Permission.MODERATE, "Ratings", "ratings.moderate"),
    (Permission.MODERATE, "Reported messages", "talk.reported"),
    (Permission.MODERATE, "What people ask for", "asking.moderate"),
    (Permission.MODERATE, "Other catalogues", "feeds.sources"),
    (Permission.KEEP_SAFE, "Worries", "talk.concerns"),
    (Permission.ADMINISTER_COUNCIL, "Councils", "councils.index"),
)

_ACCOUNT: tuple[tuple[Permission, str, str], ...] = (
    (Permission.SIGNED_IN, "My account", "access.account"),
    (Permission.MANAGE_CIRCLE, "Circle of support", "access.circle"),
    (Permission.APPROVE_ORDERS, "Requests to answer", "budgets.requests"),
    (Permission.KEEP_LISTS, "Lists", "shortlists.index"),
    (Permission.SIGNED_IN, "Messages", "talk.inbox"),
    (Permission.SIGNED_IN, "My groups", "community.my_groups"),
    (Permission.SIGNED_IN, "Change role or person", "access.hats"),
    (Permission.SEE_WALLET, "My ratings", "ratings.mine"),
    (Permission.SIGNED_IN, "Who did what", "access.deeds"),
)

_FOOTER: Pairs = (
    ("What is on", "community.whats_on"),
    ("Offer support here", "catalogue.join"),
    ("Add your group", "community.add_group"),
    ("Accessibility", "home.accessibility"),
    ("Privacy and cookies", "home.privacy"),
    ("For programs", "search.api.guide"),
)


_SECRETS = frozenset({"token", "secret"})
"""Parts of addresses that nobody else may know."""

_WITHOUT_FRAME = frozenset({"static", "home.health", "home.ready", "home.metrics", "home.robots"})
"""What machines ask for: it must answer when the database does not."""

_OPEN_DATA = "feeds.oruk_"
"""How the names of those views begin that are open data: the same for everybody, no cookie."""


class PortalSlug(BaseConverter):
    """The first part of a portal's address; never one of the market's own pages."""

    regex = rf"(?!(?:{'|'.join(map(re.escape, sorted(RESERVED_SLUGS)))})\Z)[^/]+"
    part_isolating = True


def register(app: Flask) -> None:
    """Give every page of the application its frame."""
    app.url_map.converters["portal"] = PortalSlug
    app.before_request(find_portal)
    app.context_processor(_frame)


def find_portal() -> None:
    """Find out which council's portal the visitor is in, and remember it for later pages."""
    g.portal = None
    if request.endpoint is None or request.endpoint in _WITHOUT_FRAME:
        return
    if request.endpoint.startswith(_OPEN_DATA) or for_program():
        return
    in_address = (request.view_args or {}).get("council_slug")
    actor, card = _who_and_where(in_address or session.get("portal"))
    g.portal = card
    if card is None:
        return
    if in_address and session.get("portal") != card.slug:
        session["portal"] = card.slug
    if actor is not None and session.pop(JOINED_KEY, False):
        _note_joined(card, actor)


def _who_and_where(slug: str | None) -> tuple[Actor | None, PortalRow | None]:
    """Return who is asking, and the portal with this address, or else the one they are at home."""
    sign_in_id = claimed_sign_in()
    actor, card = None, None
    if sign_in_id:
        asked = councils.asked_for_portal(sign_in_id, slug, on=clock.local_day(clock.now()))
        actor, found = find_actor_beside(asked)
        card = councils.portal_in(found)
    if slug and card is None:
        with reading() as db_session:
            card = councils.find_portal(db_session, slug=slug)
    # Where somebody is at home is for themselves to know.
    if actor is None and card is not None and card.slug != slug:
        card = None
    return actor, card


def _note_joined(card: PortalRow, actor: Actor) -> None:
    # Signing up knows nothing of councils; here both meet, at the newcomer's first page.
    with transaction() as db_session:
        note_person(
            db_session,
            council_id=card.id,
            person_id=actor.user_id,
            funded=False,
            at=clock.now(),
        )


def _frame() -> dict[str, Site]:
    # The page that says something broke must not ask again what may have broken.
    actor = None if g.get("failed") else find_actor()
    portal: PortalRow | None = g.get("portal")
    here = _Here(request.script_root, request.endpoint)
    find_url = (
        here.address("search.find_in", portal.slug) if portal else here.address("search.find")
    )
    finding = here.endpoint in {"search.find", "search.find_in"}
    menu, account = _allowed(actor.permissions if actor else frozenset())
    lines = easy_lines(here.endpoint)
    language = language_of_frame()
    return {
        "site": Site(
            name=portal.name if portal else settings().market_name,
            council_slug=portal.slug if portal else "",
            theme_url=here.address("home.theme", portal.slug) if portal else "",
            home_url=here.address("home.portal", portal.slug)
            if portal
            else here.address("home.front"),
            nav=(
                Link(framed("Find support"), find_url, finding),
                *here.links(menu),
                *(_own_list() if actor is None else ()),
            ),
            account=here.links(account),
            signed_in=actor is not None,
            signed_in_as=_signed_in_as(actor),
            acting_for=actor.person_name if actor and actor.acts_for_another else "",
            hat_url=here.address("access.hats"),
            sign_in_url=here.address("access.sign_in"),
            sign_out_url=here.address("access.sign_out"),
            join_url=here.address("access.sign_up"),
            find_url=find_url,
            safeguarding_url=here.address("home.safeguarding"),
            footer=here.links(_FOOTER),
            easy_read=wants_easy_read(),
            # An address that nobody else may know is not carried on: nothing is said of its page.
            easy_read_url=here.address("home.easy_read") + (_back() if lines else ""),
            easy_lines=lines,
            language=language.tag,
            direction=language.direction,
            languages=here.languages(language.code),
            csrf_token=csrf_token,
        )
    }


@dataclass(frozen=True, slots=True)
class _Here:
    """From where links go: what every page has is made once, and is the same for everybody."""

    root: str
    """Under which path of its server the market stands."""
    endpoint: str | None

    def address(self, endpoint: str, slug: str = "") -> str:
        """Return the address of a page, in the portal with this slug if one is given."""
        return _address(self.root, endpoint, slug)

    def links(self, pairs: Pairs) -> tuple[Link, ...]:
        """Return ways to go."""
        code = language_of_frame().code
        return tuple(
            [_link(self.root, code, *pair, current=pair[1] == self.endpoint) for pair in pairs]
        )

    def languages(self, now: str) -> tuple[LanguageLink, ...]:
        """Return the other languages in which this page can be read."""
        # An address that nobody else may know is not carried on.
        known = request.view_args is None or _SECRETS.isdisjoint(request.view_args)
        back = _back() if known and _can_be_opened_again() else ""
        return tuple(
            [
                LanguageLink(each.name, each.tag, _language_address(self.root, code) + back)
                for code, each in languages().by_code.items()
                if code != now
            ]
        )


@lru_cache(maxsize=1_000)
def _address(_root: str, endpoint: str, slug: str) -> str:
    return url_for(endpoint, council_slug=slug) if slug else url_for(endpoint)


@lru_cache(maxsize=100)
def _language_address(_root: str, code: str) -> str:
    return url_for("home.language", code=code)


@lru_cache(maxsize=2_000)
def _link(root: str, _language: str, label: str, endpoint: str, *, current: bool) -> Link:
    return Link(framed(label), _address(root, endpoint, ""), current)


@lru_cache(maxsize=100)
def _allowed(permissions: frozenset[Permission]) -> tuple[Pairs, Pairs]:
    """Return labels and endpoints of the menu, and of the account, for what somebody may do."""
    menu, account = (
        tuple((label, endpoint) for needed, label, endpoint in ways if needed in permissions)
        for ways in (_MENU, _ACCOUNT)
    )
    return (("What is on", "community.whats_on"), *menu), account


def _own_list() -> tuple[Link, ...]:
    """Return the way back to the list that a visitor without an account has begun here."""
    secret = session.get(LINK_KEY)
    if not secret:
        return ()
    current = (request.view_args or {}).get("secret") == secret
    return (Link(framed("My list"), url_for("shortlists.linked", secret=secret), current),)


def _can_be_opened_again() -> bool:
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _back() -> str:
    return f"?back={quote(request.full_path.rstrip('?'), safe='/?')}"


def _signed_in_as(actor: Actor | None) -> str:
    if actor is None:
        return ""
    if actor.role in {Role.PERSON, Role.SUPPORTER}:
        return actor.name
    if actor.role in COUNCIL_ROLES:
        return f"{actor.name}, {actor.role.label.lower()}, {actor.organisation_name}"
    return f"{actor.name}, {actor.organisation_name}"
