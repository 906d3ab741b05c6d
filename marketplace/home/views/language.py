"""Pages in another language: the visitor's browser remembers which."""

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import public
from marketplace.access.rules import own_path
from marketplace.home.views.blueprint import home
from marketplace.kernel.errors import NotFoundError
from marketplace.web.languages import languages, remember


@home.route("/language/<code>")
@public
def language(code: str) -> Response:
    """Remember in which language somebody reads, and go back to the page they came from."""
    chosen = languages().by_code.get(code)
    if chosen is None:
        raise NotFoundError("There are no pages in that language yet.")
    answer = redirect(own_path(request.args.get("back")) or _came_from() or url_for("home.front"))
    remember(answer, chosen)
    return answer


def _came_from() -> str | None:
    """Return the page that had the link, if the browser says so and it is one of ours."""
    page = urlsplit(request.referrer or "")
    ours = page.netloc == request.host and page.path != request.path
    return own_path(f"{page.path}?{page.query}" if page.query else page.path) if ours else None
