"""RSS 2.0, written by the standard library's XML writer, which escapes all there is to escape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One thing in a feed."""

    id: str
    """Stays the same for the same thing."""
    title: str
    link: str
    words: str
    at: datetime
    category: str = ""


def rss_of(
    items: Sequence[NewsItem], *, title: str, link: str, self_link: str, words: str
) -> bytes:
    """Return a feed. Characters that XML forbids are left out."""
    ET.register_namespace("atom", _ATOM)
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", link)
    _add(channel, "description", words)
    _add(channel, "language", "en-gb")
    attributes = {"href": self_link, "rel": "self", "type": "application/rss+xml"}
    ET.SubElement(channel, f"{{{_ATOM}}}link", attributes)
    newest = max((item.at for item in items), default=None)
    if newest is not None:
        _add(channel, "lastBuildDate", format_datetime(newest))
    for each in items:
        item = ET.SubElement(channel, "item")
        _add(item, "title", each.title)
        _add(item, "link", each.link)
        _add(item, "description", each.words)
        if each.category:
            _add(item, "category", each.category)
        guid = ET.SubElement(item, "guid", {"isPermaLink": "false"})
        guid.text = each.id
        _add(item, "pubDate", format_datetime(each.at))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("", text)
