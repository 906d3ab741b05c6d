"""Address parts made from names, and links that may be shown. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

from marketplace.community.errors import BadEntryError
from marketplace.kernel.money import Money

OWN_PAGES = frozenset({"add", "mine", "invitation", "confirm", "to-check"})
"""First parts after /groups/ that are pages of ours."""
_SLUG_LENGTH_MAX = 50
_LINK_LENGTH_MAX = 500


def cost_more(words: str, cost: Money) -> str:
    """Return what words about a cost say beside the amount, which stands before them already.

    "£3.50 with tea" says "with tea" more; "£2" says nothing more; "A pound a cup" all of it.
    """
    pounds, pence = divmod(cost.pence, 100)
    for amount in (str(cost), f"{pence}p" if not pounds else f"£{pounds}", "Free"):
        rest = words.removeprefix(amount)
        if rest != words and not re.match(r"\.?\d", rest):
            return rest.strip(" ,")
    return words


def group_slug(name: str) -> str:
    """Return the address part of a group's name; never one of our own pages."""
    slug = listing_slug(name)
    return f"{slug}-group" if slug in OWN_PAGES else slug


def listing_slug(title: str) -> str:
    """Return the address part of a title: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH_MAX].strip("-")
    return slug or "group"


def safe_link(typed: str) -> str:
    """Return a web address that may be shown as a link; empty stays empty.

    Raises:
        BadEntryError: it is none, or leads elsewhere than to the web.
    """
    text = typed.strip()
    if not text:
        return ""
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    bad = parts.scheme not in {"http", "https"} or "." not in host or parts.username is not None
    if bad or len(text) > _LINK_LENGTH_MAX or re.search(r"[\s<>\"'\\^`{|}]", text):
        raise BadEntryError("Enter a web address, like www.our-group.org.uk.")
    return text
