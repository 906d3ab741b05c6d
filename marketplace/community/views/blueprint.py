"""The blueprint, and what several pages of it share."""

from uuid import UUID

from flask import Blueprint, url_for

from marketplace.web.site import settings

community = Blueprint("community", __name__)


def whole(endpoint: str, **values: object) -> str:
    """Return the whole address of a page, as letters and feeds need it."""
    return f"{settings().base_url.rstrip('/')}{url_for(endpoint, **values)}"  # type: ignore[arg-type]


def link_of(listing_id: UUID) -> str:
    """Return the whole address of an entry's page."""
    return whole("community.activity", listing_id=listing_id)
