"""The public interface in plain words, for people."""

from flask import render_template

from marketplace.access.guards import public
from marketplace.search.api.finding import PARAMETERS
from marketplace.search.api.operations import OPERATIONS, api
from marketplace.web.site import settings, whole_address


@api.route("")
@public
def guide() -> str:
    """Say what programs can ask, with an example."""
    return render_template(
        "search/api.html",
        operations=OPERATIONS,
        parameters=PARAMETERS,
        base_url=whole_address(""),
        most=settings().api_calls_a_minute,
    )
