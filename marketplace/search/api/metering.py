"""How often one address may ask within a minute, whichever process answers.

The count stands in the database. A process takes a tenth of a minute's calls at a time and gives
them out from memory, so that a call in ten writes, and one that is refused writes nothing.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from threading import Lock

from marketplace.database import transaction
from marketplace.search.commands import TakeCalls, take_calls
from marketplace.search.errors import TooManyCallsError

MINUTE = 60
_LEASES_A_MINUTE = 10
_IPV6_HOST_BITS = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls there may be in a minute, how many are left, and when a new minute begins."""

    most: int
    left: int
    seconds: int


@dataclass(slots=True)
class _Lease:
    here: int = 0
    """Calls this process may still give out."""
    elsewhere: int = 1
    """Calls still to be taken from the database."""


@dataclass(slots=True)
class Meter:
    """Counts the calls of each address within each minute."""

    _minute: datetime | None = None
    _leases: dict[str, _Lease] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, address: str, *, most: int, secret: str, at: datetime) -> Allowance:
        """Take one call.

        Raises:
            TooManyCallsError: there is none left in this minute.
        """
        minute = at.replace(second=0, microsecond=0)
        seconds = MINUTE - at.second
        caller = _caller(address, minute, secret)
        with self._lock:
            if minute != self._minute:
                self._minute, self._leases = minute, {}
            lease = self._leases.setdefault(caller, _Lease())
            if lease.here == 0 and lease.elsewhere:
                self._renew(lease, caller, minute, most)
            if lease.here == 0:
                raise TooManyCallsError(most, seconds=seconds)
            lease.here -= 1
            return Allowance(most, lease.here + lease.elsewhere, seconds)

    def _renew(self, lease: _Lease, caller: str, minute: datetime, most: int) -> None:
        wanted = max(1, most // _LEASES_A_MINUTE)
        wish = TakeCalls(caller=caller, minute=minute, wanted=wanted, most=most)
        with transaction() as session:
            taken = take_calls(session, wish)
        lease.here, lease.elsewhere = taken.granted, taken.left


def _caller(address: str, minute: datetime, secret: str) -> str:
    """Return under what somebody is counted: nobody can tell from it who, or whom from before."""
    said = f"{_network(address)}/{minute.isoformat()}"
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()


def _network(address: str) -> str:
    """Return a network address; of the newer kind the half that belongs to one household."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(int(found) >> _IPV6_HOST_BITS)
    return str(found)
