"""Addresses, colours and policies of a portal. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from marketplace.councils.errors import (
    BadColourError,
    BadDistrictError,
    PoorContrastError,
    SlugTakenError,
)


class FamilyCarers(StrEnum):
    """Whether a council lets somebody's family be paid for their support."""

    ALLOWED = "allowed"
    ASK = "ask"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The policy in words, as the council chooses it."""
        return _FAMILY_WORDS[self]


_FAMILY_WORDS: Mapping[FamilyCarers, str] = MappingProxyType(
    {
        FamilyCarers.ALLOWED: "Family may be paid, once it is declared",
        FamilyCarers.ASK: "Family may be paid after the council has said yes",
        FamilyCarers.REFUSED: "Family may not be paid",
    }
)

CONTRAST_MIN = 4.5
"""WCAG 2.2, 1.4.3: text on its background."""

_OWN_PAGES = """
    account accessibility admin api app audit basket circle claim community compare council
    councils deliveries evidence find hat health healthz home invoices join language login logout
    market
    metrics moderation money my new offers open-data orders oruk pay payments people portal privacy
    provider providers ratings ready register report reports safeguarding search seed settings
    sign-in sign-out sign-up static store stores support supporters theme wallet work workers
    help cookies terms worker what-is-on events activities groups invitations robots.txt
    remittances my-ratings store-ratings my-data corrections give stripe desk family-carers
    what-they-earn standing bank-details calendar
    documents easy-read keep kept lists messages ask asks people-asking
    favicon.ico confirm forgot reset deeds moderation pictures my-store agreed-prices earnings
    requests limits clawbacks pools queries stopping
    hats invitations health ready start robots.txt pay activity activities group groups
"""
RESERVED_SLUGS = frozenset(_OWN_PAGES.split())
"""First parts of addresses that are pages of the market itself."""

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def portal_slug(typed: str) -> str:
    """Return the address part of a portal.

    Raises:
        SlugTakenError: it is a page of ours, or not made of small letters, digits and hyphens.
    """
    slug = typed.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise SlugTakenError("Use 3 to 40 small letters, digits and hyphens, like green-valley.")
    if slug in RESERVED_SLUGS:
        raise SlugTakenError(f"{slug} is a page of the market itself. Choose another address.")
    return slug


def brand_colour(typed: str) -> str:
    """Return a colour on which white words can be read.

    Raises:
        BadColourError: it is not written as #rrggbb.
        PoorContrastError: the contrast with white is below 4.5.
    """
    colour = accent_colour(typed)
    contrast = contrast_with_white(colour)
    if contrast < CONTRAST_MIN:
        raise PoorContrastError(
            f"White words on {colour} have a contrast of {contrast:.1f}. It must be at least "
            f"{CONTRAST_MIN}. Choose a darker colour."
        )
    return colour


def accent_colour(typed: str) -> str:
    """Return a colour for edges and pictures, which never stands behind words.

    Raises:
        BadColourError: it is not written as #rrggbb.
    """
    colour = typed.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise BadColourError("Write the colour as #rrggbb, like #1d5c63.")
    return colour


def districts_in(typed: str) -> tuple[str, ...]:
    """Return postcode districts from a text with spaces, commas or new lines between them.

    Raises:
        BadDistrictError: names the first that is not the first half of a postcode.
    """
    districts = tuple(dict.fromkeys(typed.upper().replace(",", " ").split()))
    for district in districts:
        if not _DISTRICT.fullmatch(district):
            raise BadDistrictError(
                f"{district[:20]} is not the first half of a postcode, like LS6 or BD1."
            )
    return districts


def contrast_with_white(colour: str) -> float:
    """Return the WCAG contrast ratio of a #rrggbb colour with white, from 1 to 21."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def readable_on_white(colour: str) -> str:
    """Return a colour in which words on a light page can be read: itself, or a darker one."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    while contrast_with_white(_written(parts)) < CONTRAST_MIN + 0.5:  # the page is not quite white
        parts = [part * 19 // 20 for part in parts]
    return _written(parts)


def _written(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
