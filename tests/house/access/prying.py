"""Tries addresses as everybody, and says what should not have happened."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from marketplace.access.rules import Actor, Permission
from marketplace.database import db
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from tests.browser import Browser
from tests.conftest import SignInAs
from tests.house.access.mixed import Mixed, of
from tests.house.access.routes import Route, routes
from tests.house.access.side import Side, Values
from tests.house.access.typed import ASKED, TYPED
from tests.house.access.world import World
from tests.pace import all_or_one

SIGNED_OUT = "signed out"
OUTSIDERS = frozenset({"neighbour", "stranger", "ended"})
"""People in their own hats to whom nothing of our side belongs, but what a route says."""
METHODS = ("GET", "POST")
DONE = frozenset({200, 302, 304, 308, 409})
"""What a door that is open answers: a page, a way on, or why this cannot be done now."""


@dataclass(frozen=True)
class Visitor:
    """Somebody's cookie, and the token their forms carry."""

    name: str
    actor: Actor | None
    cookie: str
    token: str

    def may(self, route: Route) -> bool:
        """Say whether the guard lets them in."""
        if route.is_public:
            return True
        return self.actor is not None and self.actor.may(Permission(route.guard))


@dataclass(frozen=True)
class Try:
    """One address, opened by one visitor, in one way."""

    route: Route
    visitor: Visitor
    side: Side
    own: bool
    method: str

    @property
    def expected(self) -> frozenset[int]:
        """Return what may be answered."""
        if "unsigned" in self.route.whose:
            return frozenset({400})
        if self.visitor.actor is None and not self.route.is_public:
            return frozenset({302})
        if not self.visitor.may(self.route):
            return frozenset({403})
        outside = OUTSIDERS - self.route.whose
        own = self.own and self.visitor.name not in outside
        hat = "person" if self.visitor.name in outside else self.visitor.name
        if self.route.is_told_not_to(hat, own=own):
            return frozenset({403})
        if not self.route.is_there_for(hat, own=own):
            return frozenset({404})
        return DONE

    @property
    def is_refused(self) -> bool:
        """Say whether nothing may come of it."""
        return self.expected is not DONE

    def __str__(self) -> str:
        """Say it in words, for a failing test."""
        whose = "" if self.route.kind == "-" else f" {'own' if self.own else 'theirs'}"
        return f"{self.method} {self.route.endpoint}{whose} as {self.visitor.name}"


class Prying:
    """One application with one world, put back as it was after each deed."""

    def __init__(self, app: Flask, world: World, path: Path) -> None:
        self.app, self.world, self._path = app, world, path
        self._client = app.test_client(use_cookies=False)
        self.visitors = [self._signed_out(), *map(self._signed_in, world.hats.items())]
        self.began = clock.now()
        db.engine.dispose()
        self._kept = path.with_suffix(".kept")
        shutil.copyfile(path, self._kept)
        self._watch = sqlite3.connect(path)
        self._version = self._now()

    def close(self) -> None:
        """Let the database go."""
        self._watch.close()

    def tries(self, route: Route) -> Iterator[Try]:
        """Return every way to try an address."""
        sides = [(self.world.ours, True), (self.world.theirs, False)]
        for rule in self.app.url_map.iter_rules(route.endpoint):
            for method in sorted(set(METHODS) & (rule.methods or set())):
                for visitor in self.visitors:
                    # A guard that refuses has not looked at what the address names.
                    one_side = route.kind == "-" or not visitor.may(route)
                    for side, own in sides[:1] if one_side else sides:
                        yield Try(route, visitor, side, own, method)

    def picked(self, route: Route) -> Iterator[Try]:
        """Return these ways; in a hurry, of the hats that must be answered alike, one."""
        alike: dict[tuple[str, bool, bool, frozenset[int]], list[Try]] = {}
        for one in self.tries(route):
            is_in = one.visitor.actor is not None
            alike.setdefault((one.method, one.own, is_in, one.expected), []).append(one)
        for (method, own, *_), tries in alike.items():
            yield from all_or_one(tries, f"{method} {route.endpoint} {own}")

    def faults(self, one: Try, *, with_token: bool = True) -> list[str]:
        """Try it and return what should not have happened."""
        answer = self.open(one, with_token=with_token)
        found = []
        if with_token and answer.status_code not in one.expected:
            found.append(f"{one}: {answer.status_code}, not {sorted(one.expected)}")
        if with_token and one.expected == {302} and "/sign-in" not in answer.location:
            found.append(f"{one}: led to {answer.location}, not to sign in")
        if not with_token and answer.status_code != 400:
            found.append(f"{one} without its token: {answer.status_code}, not 400")
        told = answer.get_data().decode(errors="replace") + str(answer.headers)
        answer.close()
        secrets = [secret for secret in self._secrets(one.visitor) if secret in told]
        found += [f"{one}: tells {secret!r}" for secret in secrets]
        changed = self._put_back()
        if changed and (one.is_refused or not with_token):
            found.append(f"{one}: was refused and changed something")
        return found

    def open(self, one: Try, *, with_token: bool = True) -> TestResponse:
        """Open an address as somebody."""
        asked = ASKED if one.method == "GET" else TYPED
        fields = self._filled(asked.get(one.route.endpoint, {}), one)
        typed: Values = {}
        if one.method == "POST":
            typed = fields | ({"csrf_token": one.visitor.token} if with_token else {})
        return self._client.open(
            self._address(one.route, one.side),
            method=one.method,
            query_string=fields if one.method == "GET" else None,
            data=typed or None,
            headers={"Cookie": f"session={one.visitor.cookie}"},
        )

    def faults_of_mixed(self, mixed: Mixed) -> list[str]:
        """Send a form with ids of the other side and return what should not have happened."""
        ours, theirs = self.world.ours, self.world.theirs
        visitor = next(each for each in self.visitors if each.name == mixed.hat)
        one = Try(routes()[mixed.endpoint], visitor, ours, own=True, method="POST")
        values = {} if mixed.kind == "-" else dict(ours.objects[mixed.kind])
        values |= {part: theirs.objects[mixed.kind][part] for part in mixed.theirs_in_address}
        stolen = {
            field: of(theirs.objects, theirs.typed, name) for field, name in mixed.theirs_in_form
        }
        fields = self._filled(TYPED.get(mixed.endpoint, {}), one) | dict(mixed.also)
        fields |= {field: str(value) for field, value in stolen.items()}
        ids = [*stolen.values(), *(values[part] for part in mixed.theirs_in_address)]
        before = self._rows(ids)
        answer = self._client.post(
            self.app.url_map.bind("localhost").build(mixed.endpoint, values),
            data=fields | {"csrf_token": visitor.token},
            headers={"Cookie": f"session={visitor.cookie}"},
        )
        told = answer.get_data().decode(errors="replace") + str(answer.headers)
        found = [f"{mixed}: tells {each!r}" for each in self._secrets(visitor) if each in told]
        if mixed.theirs_in_address and answer.status_code != 404:
            found.append(f"{mixed}: {answer.status_code}, not 404")
        if answer.status_code not in DONE | {404}:
            found.append(f"{mixed}: {answer.status_code}")
        if self._rows(ids) != before:
            found.append(f"{mixed}: changed what is theirs")
        self._put_back()
        return found

    def _rows(self, ids: list[object]) -> list[object]:
        """Return every row that is or names one of these."""
        wanted = {str(each).replace("-", "") for each in ids}
        with sqlite3.connect(self._path) as database:
            return [
                (table, row)
                for (table,) in database.execute(_TABLES).fetchall()
                for row in database.execute(f"SELECT * FROM {table}")
                if not wanted.isdisjoint(map(str, row))
            ]

    def _address(self, route: Route, side: Side) -> str:
        values = {} if route.kind == "-" else side.objects[route.kind]
        return self.app.url_map.bind("localhost").build(route.endpoint, values)

    def _filled(self, fields: Values, one: Try) -> Values:
        side, actor = one.side, one.visitor.actor
        other = self.world.theirs if side is self.world.ours else self.world.ours
        ids = {
            **side.typed,
            "me": actor.user_id if actor else "",
            "other_offer": other.offer_id,
            "shared_offer": self.world.shared_offer_id,
            "today": local_day(self.world.at).strftime("%d/%m/%Y"),
        }
        return {
            name: [each.format(**ids) for each in value]
            if isinstance(value, list)
            else str(value).format(**ids)
            for name, value in fields.items()
        }

    def _secrets(self, visitor: Visitor) -> list[str]:
        """Return what must never be told to somebody."""
        ours, theirs = self.world.ours.names, self.world.theirs.names
        never = [theirs.person, theirs.outcome, theirs.note, theirs.worry, theirs.plan]
        never += [str(theirs.agreed), str(theirs.agreed_for_shared)]
        if visitor.name not in _READS_WORRIES:
            never.append(ours.worry)
        if visitor.name not in _READS_PLANS:
            never.append(ours.plan)
        return never + [getattr(ours, part) for part in _NOT_TOLD.get(visitor.name, ())]

    def _signed_out(self) -> Visitor:
        browser = Browser(self.app.test_client())
        browser.get("access.sign_in")
        return _visitor(SIGNED_OUT, None, browser)

    def _signed_in(self, named: tuple[str, Actor]) -> Visitor:
        name, actor = named
        browser = SignInAs(self.app)(actor)
        browser.get("access.hats")
        return _visitor(name, actor, browser)

    def _now(self) -> int:
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def _put_back(self) -> bool:
        """Undo what was changed, and say whether anything was."""
        if self._now() == self._version:
            return False
        self._watch.close()
        db.engine.dispose()
        shutil.copyfile(self._kept, self._path)
        self._watch = sqlite3.connect(self._path)
        self._version = self._now()
        return True


_TABLES = """
SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND c.name = 'id' ORDER BY m.name"""
_ALL = ("person", "outcome", "note", "agreed_words", "agreed_for_shared_words")
_NOT_TOLD = {
    SIGNED_OUT: _ALL,
    "stranger": _ALL,
    "ended": ("outcome", "note", "agreed_words", "agreed_for_shared_words"),
    "neighbour": ("person", "outcome", "note"),
    "owner": ("agreed_for_shared_words",),
    "manager": ("agreed_for_shared_words",),
    "worker": ("agreed_for_shared_words",),
    "commissioner": ("person", "outcome", "note"),
    "practitioner": ("note", "agreed_for_shared_words"),
    "finance_officer": ("outcome", "note", "agreed_for_shared_words"),
    "moderator": ("person", "outcome", "note", "agreed_words", "agreed_for_shared_words"),
    "administrator": _ALL,
    "safeguarding_officer": _ALL,
    "plan": ("note",),
    "manage_circle": ("note",),
}
"""Secrets of our own side that not everybody there may read."""
_READS_WORRIES = frozenset({"safeguarding_officer", "person"})
"""The team, and whoever wrote it, in their own data. The store and the circle never."""
_READS_PLANS = frozenset({"person", "see", "practitioner"})
"""The two sides. No provider ever, and of the circle only who may see the money."""


def _visitor(name: str, actor: Actor | None, browser: Browser) -> Visitor:
    assert browser.page is not None, "a page was opened just now"
    cookie = browser.client.get_cookie("session")
    field = browser.page.soup.find("input", attrs={"name": "csrf_token"})
    assert cookie is not None, f"{name} has no cookie"
    assert field is not None, f"{browser.page.url} has no form with a token"
    return Visitor(name, actor, cookie.value, str(field["value"]))
