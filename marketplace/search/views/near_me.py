"""Looking near where somebody is: only after they press the button for it."""

from flask import flash, redirect, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from marketplace.access.guards import public
from marketplace.places.queries import district_at
from marketplace.places.rules import Point, from_latitude
from marketplace.search.forms import NearMeForm
from marketplace.search.views.blueprint import search

ROUNDED_METRES = 100
"""Where somebody is, is kept no more exactly than this, in their own browser alone."""

ELSEWHERE = "We can only look near places in the United Kingdom. Type a postcode or a town."


@search.route("/find/near-me", methods=["POST"])
@public
def near_me() -> Response:
    """Search near where somebody is; the address says only in which postcode district."""
    form = NearMeForm()
    where = {"council_slug": form.council_slug.data} if form.council_slug.data else {}
    endpoint = "search.find_in" if where else "search.find"
    if not form.validate():
        # Nobody in the United Kingdom: the search stays, without a place.
        flash(ELSEWHERE, "warning")
        return redirect(url_for(endpoint, **where, q=form.q.data or None))
    exact = from_latitude(float(form.latitude.data), float(form.longitude.data))
    near = Point(*(_rounded(metres) for metres in (exact.easting, exact.northing)))
    outcode = district_at(near)
    cookie["near"] = outcode
    cookie["near_point"] = [near.easting, near.northing]
    return redirect(url_for(endpoint, **where, q=form.q.data or None, near=outcode))


def _rounded(metres: int) -> int:
    return round(metres / ROUNDED_METRES) * ROUNDED_METRES
