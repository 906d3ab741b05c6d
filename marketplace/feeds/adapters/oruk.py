"""Reading an Open Referral UK feed: page after page, and what a list leaves out, one by one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from marketplace.feeds.adapters import RawFeed
from marketplace.feeds.adapters.decoding import read_json
from marketplace.feeds.adapters.web import Web
from marketplace.feeds.errors import BadFeedError
from marketplace.feeds.rules.said import Remark

PAGES_MAX = 10_000
SERVICES_MAX = 100_000
FILE_BYTES_MAX = 256 * 1024 * 1024
PER_PAGE = 100
AT_ONCE = 6
"""Questions on their way at a time: quick, and no load for a small council's server."""
_NESTED = ("service_at_locations", "schedules", "cost_options", "attributes", "service_areas")

Progress = Callable[[int, int], None]
"""Told how much was read, and how much there is."""


def _untold(_done: int, _all: int) -> None:
    """Nobody watches."""


def read_feed(address: str, web: Web, *, told: Progress = _untold) -> RawFeed:
    """Return all services of a feed that can be read; the rest is said in lines.

    Raises:
        BadFeedError: not even its first page can be read.
    """
    base = _base(address)
    feed = RawFeed()
    _read_root(base, web, feed)
    listed = list(_listed(base, web, feed, told))
    bare = [raw for raw in listed if _is_bare(raw)]
    whole = {id(raw): full for raw, full in _one_by_one(base, web, feed, bare, told)}
    feed.services = [whole.get(id(raw), raw) for raw in listed]
    return feed


def read_files(paths: Sequence[Path]) -> RawFeed:
    """Return the services of saved pages, or of one file with a list of services.

    Raises:
        BadFeedError: none of the files can be read.
    """
    feed = RawFeed()
    for path in paths:
        try:
            if path.stat().st_size > FILE_BYTES_MAX:
                raise BadFeedError("It is too long.")
            found = read_json(path.read_bytes(), path.name, feed)
            feed.services += _contents(found)
        except (BadFeedError, OSError) as failure:
            feed.cut(path.name, str(failure))
    if not feed.services and not feed.complete:
        raise BadFeedError(str(feed.remarks[-1]))
    return feed


def _base(address: str) -> str:
    parts = urlsplit(address)
    path = parts.path.rstrip("/").removesuffix("/services")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _read_root(base: str, web: Web, feed: RawFeed) -> None:
    try:
        root = read_json(web.get(f"{base}/"), "/", feed)
    except BadFeedError:
        return  # it says nothing that is needed
    if isinstance(root, Mapping):
        feed.publisher = str(root.get("publisher") or "")[:120]
        feed.licence = str(root.get("license") or root.get("licence") or "")[:200]


def _listed(base: str, web: Web, feed: RawFeed, told: Progress) -> Iterator[Any]:
    seen: set[str] = set()
    count = 0
    for number in range(1, PAGES_MAX + 1):
        where = f"page {number}"
        query = urlencode({"page": number, "per_page": PER_PAGE, "full": "true"})
        try:
            page = read_json(web.get(f"{base}/services?{query}"), where, feed)
            contents = _contents(page)
        except BadFeedError as failure:
            if number == 1:
                raise
            feed.cut(where, str(failure))
            return
        ids = {str(raw.get("id")) for raw in contents if isinstance(raw, Mapping)}
        if contents and ids and ids <= seen:
            feed.cut(where, "it is a page that was there before, so reading stopped.")
            return
        seen |= ids
        yield from contents
        count += len(contents)
        told(count, _total(page, count))
        if count > SERVICES_MAX:
            feed.cut(where, f"there are more than {SERVICES_MAX:,} services.")
            return
        if _is_last(page, number):
            return
        if not contents:
            feed.cut(where, "it is empty, though there is more after it, so reading stopped.")
            return
    feed.cut("pages", f"there are more than {PAGES_MAX:,} of them.")


def _contents(page: object) -> list[Any]:
    if isinstance(page, list):
        return page
    if isinstance(page, Mapping):
        for name in ("contents", "content", "services"):
            inside = page.get(name)
            if isinstance(inside, list):
                return inside
        if "id" in page and "name" in page:
            return [page]
    raise BadFeedError("There is no list of services in it.")


def _total(page: object, count: int) -> int:
    said = page.get("total_items", page.get("totalElements")) if isinstance(page, Mapping) else None
    return max(said, count) if isinstance(said, int) and not isinstance(said, bool) else count


def _is_last(page: object, number: int) -> bool:
    if not isinstance(page, Mapping):
        return True
    pages = page.get("total_pages", page.get("totalPages"))
    if isinstance(pages, int) and not isinstance(pages, bool):
        return number >= pages
    return bool(page.get("last_page", page.get("last", True)))


def _is_bare(raw: object) -> bool:
    """Tell whether a list gave only what belongs to a service one to one."""
    return isinstance(raw, Mapping) and not any(name in raw for name in _NESTED)


def _one_by_one(
    base: str, web: Web, feed: RawFeed, bare: Sequence[Mapping[str, Any]], told: Progress
) -> Iterator[tuple[Mapping[str, Any], Any]]:
    def whole(raw: Mapping[str, Any]) -> tuple[Any, RawFeed]:
        noted = RawFeed()
        service_id = str(raw.get("id"))
        try:
            return read_json(
                web.get(f"{base}/services/{quote(service_id, safe='')}"), service_id, noted
            ), noted
        except BadFeedError as failure:
            why = f"its full record cannot be read ({failure}); what the list says was kept."
            noted.remarks.append(Remark(f"service {service_id[:40]}", why))
            return None, noted

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, (raw, (full, noted)) in enumerate(
            zip(bare, pool.map(whole, bare), strict=True)
        ):
            feed.remarks += noted.remarks
            told(number + 1, len(bare))
            # Another service under this address would take this one's place.
            if isinstance(full, Mapping) and full.get("id") == raw.get("id"):
                yield raw, full
