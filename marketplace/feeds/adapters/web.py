"""Fetching from addresses other people chose, without reaching where only we may go.

A name is resolved once, every address it stands for must be a public one, and the connection goes
to just the address that was looked at: a name that changes its mind in between gains nothing. Each
redirect is looked at in the same way. An answer is read in pieces, and stopped when it is too long
or takes too long, however slowly it drips.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from marketplace.feeds.errors import BadFeedError, RefusedAddressError, TooMuchError

PAGE_BYTES_MAX = 32 * 1024 * 1024
ALL_BYTES_MAX = 512 * 1024 * 1024
ANSWER_SECONDS_MAX = 60.0
SILENCE_SECONDS_MAX = 15.0
ALL_SECONDS_MAX = 1800.0
REDIRECTS_MAX = 5
PIECE = 64 * 1024
_OK, _REDIRECTS = 200, frozenset({301, 302, 303, 307, 308})
_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True, kw_only=True)
class Web:
    """Fetches from the public web, within limits."""

    may_be_private: bool = False
    """For tests against a server of their own; nothing in the program says yes."""
    page_bytes_max: int = PAGE_BYTES_MAX
    all_bytes_max: int = ALL_BYTES_MAX
    answer_seconds_max: float = ANSWER_SECONDS_MAX
    silence_seconds_max: float = SILENCE_SECONDS_MAX
    all_seconds_max: float = ALL_SECONDS_MAX
    read: int = field(default=0, init=False)
    """Bytes so far."""
    began: float = field(default_factory=time.monotonic, init=False)

    def get(self, address: str) -> bytes:
        """Return what an address answers.

        Raises:
            RefusedAddressError: it is none of the public web, or leads to none.
            TooMuchError: it is too long, or takes too long.
            BadFeedError: it cannot be reached, or answers with a refusal.
        """
        now = time.monotonic()
        if now - self.began > self.all_seconds_max:
            raise TooMuchError("All of it together takes too long.")
        give_up_at = now + self.answer_seconds_max
        for _ in range(REDIRECTS_MAX + 1):
            found = self._ask(address, give_up_at)
            if isinstance(found, bytes):
                return found
            address = urljoin(address, found)
        raise BadFeedError(f"It leads on more than {REDIRECTS_MAX} times.")

    def _ask(self, address: str, give_up_at: float) -> bytes | str:
        """Return the answer, or the address it leads to."""
        parts = _checked(address)
        connection = self._connect(parts)
        # Head and body alike may come a byte at a time, so the line is cut when time is up.
        watch = threading.Timer(give_up_at - time.monotonic(), _cut, [connection.sock])
        watch.daemon = True
        watch.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        try:
            connection.request("GET", path, headers={**headers, "User-Agent": "marketplace-feeds"})
            answer = connection.getresponse()
            if answer.status in _REDIRECTS:
                return answer.getheader("Location") or ""
            if answer.status != _OK:
                raise BadFeedError(f"It answers {answer.status}, not with a feed.")
            if answer.getheader("Content-Encoding", "identity") != "identity":
                raise BadFeedError("It answers packed, though we asked it not to.")
            return self._body(answer, give_up_at)
        except TimeoutError:
            raise TooMuchError("It takes too long to answer.") from None
        except (http.client.HTTPException, OSError, ValueError) as failure:
            if time.monotonic() >= give_up_at:
                raise TooMuchError("It takes too long to answer.") from None
            raise BadFeedError(f"It breaks off: {type(failure).__name__}.") from failure
        finally:
            watch.cancel()
            connection.close()

    def _body(self, answer: http.client.HTTPResponse, give_up_at: float) -> bytes:
        pieces, size = [], 0
        said = answer.getheader("Content-Length", "")
        if said.isdigit() and int(said) > self.page_bytes_max:
            raise TooMuchError(f"It is {int(said) // 1_000_000:,} MB long, which is too much.")
        while piece := answer.read1(PIECE):
            size += len(piece)
            self.read += len(piece)
            if size > self.page_bytes_max:
                raise TooMuchError(f"It is longer than {self.page_bytes_max // 1_000_000:,} MB.")
            if self.read > self.all_bytes_max:
                raise TooMuchError("All of it together is too long.")
            if time.monotonic() > give_up_at:
                raise TooMuchError("It takes too long to answer.")
            pieces.append(piece)
        if time.monotonic() >= give_up_at:
            raise TooMuchError("It takes too long to answer.")
        if said.isdigit() and size < int(said):
            raise BadFeedError("It breaks off before its end.")
        return b"".join(pieces)

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        pinned = self._public_address(host, port)
        try:
            made = socket.create_connection((pinned, port), timeout=self.silence_seconds_max)
        except OSError as failure:
            raise BadFeedError(f"It cannot be reached: {type(failure).__name__}.") from failure
        connection = http.client.HTTPConnection(host, port, timeout=self.silence_seconds_max)
        if secure:
            # The certificate must be the name's, although we went to the address.
            try:
                made = ssl.create_default_context().wrap_socket(made, server_hostname=host)
            except OSError as failure:
                made.close()
                raise BadFeedError(f"Its certificate is no good: {failure}.") from failure
        connection.sock = made
        return connection

    def _public_address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise BadFeedError(f"There is no “{host[:60]}” on the web.") from None
        addresses = [str(entry[4][0]) for entry in found]
        for each in addresses:
            if not self.may_be_private and not is_public(each):
                raise RefusedAddressError(f"“{host[:60]}” is no address of the public web.")
        return addresses[0]


def is_public(text: str) -> bool:
    """Tell whether an address is one anybody can reach, and none inside."""
    address: _IPAddress = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        teredo = address.teredo
        if teredo is not None or address in _NAT64 or address.is_site_local:
            return False
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise RefusedAddressError("That is no web address.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RefusedAddressError("A feed's address begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddressError("A feed's address holds no name and no password.")
    if port == 0:
        raise RefusedAddressError("That is no web address.")
    if any(ord(sign) <= ord(" ") for sign in address):
        raise RefusedAddressError("That is no web address.")
    return parts
