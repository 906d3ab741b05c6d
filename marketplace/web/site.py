"""What every page is given: where we are, who is here, where one can go."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, url_for

from marketplace.config import Settings
from marketplace.web.easy_read import EasyLine


@dataclass(frozen=True, slots=True)
class Link:
    """One way to go from here."""

    label: str
    url: str
    current: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """Another language in which one can read on."""

    name: str
    """As those say it who speak it."""
    tag: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The frame round a page."""

    name: str
    council_slug: str
    theme_url: str
    home_url: str
    nav: tuple[Link, ...]
    account: tuple[Link, ...]
    signed_in: bool
    signed_in_as: str
    acting_for: str
    hat_url: str
    sign_in_url: str
    sign_out_url: str
    join_url: str
    find_url: str
    safeguarding_url: str
    footer: tuple[Link, ...]
    easy_read: bool
    easy_read_url: str
    easy_lines: tuple[EasyLine, ...]
    """What Easy Read says at the top of this page."""
    language: str
    """What ``<html lang>`` says."""
    direction: str
    languages: tuple[LanguageLink, ...]
    """The others."""
    csrf_token: Callable[[], str]


def settings() -> Settings:
    """Return the settings of the application that answers this request or runs this command."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def whole_address(path: str) -> str:
    """Return the whole address of a path here, as letters, feeds and other sites need it."""
    return settings().base_url.rstrip("/") + path


def address_of(endpoint: str, **values: object) -> str:
    """Return the whole address of a page."""
    return whole_address(url_for(endpoint, **values))  # type: ignore[arg-type]
