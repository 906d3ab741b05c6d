"""What a link of the audit chain is made of. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

FIRST_HASH = "0" * 64

type_of_detail = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What one audit row says."""

    chain_id: UUID
    sequence: int
    what: str
    subject_id: UUID
    by_user_id: UUID | None
    for_person_id: UUID | None
    at: datetime
    details: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of a chain: its number, and its hash."""

    sequence: int
    hash: str


def canonical(details: Mapping[str, type_of_detail]) -> str:
    """Write details so that equal details are equal text."""
    return json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def link_hash(previous_hash: str, link: Link) -> str:
    """Return the SHA-256 of a link and everything before it, as hexadecimal."""
    text = f'["{previous_hash}", "{link.chain_id}", {link.sequence}, {link_tail(link)}'
    return hashlib.sha256(text.encode()).hexdigest()


def link_tail(link: Link) -> str:
    """Return what the hash of a link is made of, from the deed on: known before its number is."""
    said = [
        link.what,
        str(link.subject_id),
        str(link.by_user_id),
        str(link.for_person_id),
        link.at.astimezone(UTC).isoformat(),
        link.details,
    ]
    return json.dumps(said, ensure_ascii=False)[1:]
