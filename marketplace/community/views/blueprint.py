"""The blueprint, and what several pages of it share."""

from uuid import UUID

from flask import Blueprint

from marketplace.web.site import address_of

community = Blueprint("community", __name__)


def link_of(listing_id: UUID) -> str:
    """Return the whole address of an entry's page."""
    return address_of("community.activity", listing_id=listing_id)
