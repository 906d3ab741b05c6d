"""What the web server does beside serving. It reads this file by itself where it is started."""

from typing import Any

from marketplace.kernel import clock
from marketplace.search.guards import get_ready


def post_worker_init(worker: Any) -> None:  # noqa: ANN401 - the server's types are not public
    """Let a new worker get the search ready, so that nobody's first search waits for it."""
    try:
        with worker.wsgi.app_context():
            asked = get_ready(at=clock.now())
    except Exception:  # whatever it is, the searches will say it; the site serves all else
        worker.log.exception("The search could not be made ready.")
    else:
        worker.log.info("The search is ready: %s questions asked.", asked)
