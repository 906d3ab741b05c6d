"""What every public website owes its visitors: accessibility, privacy, help when worried."""

from flask import g, render_template

from marketplace.access.guards import public
from marketplace.councils import queries as councils
from marketplace.database import reading
from marketplace.home.views.blueprint import home


@home.route("/accessibility")
@public
def accessibility() -> str:
    """Say how accessible the market is, and whom to tell what is not."""
    return render_template("home/accessibility.html", council=_council())


@home.route("/privacy")
@public
def privacy() -> str:
    """Say what is kept about people, why, and which cookies there are."""
    return render_template("home/privacy.html", council=_council())


@home.route("/safeguarding")
@public
def safeguarding() -> str:
    """Say what to do when worried about someone."""
    with reading() as session:
        every_council = councils.councils(session)
    return render_template("home/safeguarding.html", council=_council(), councils=every_council)


def _council() -> councils.CouncilCard | None:
    portal = g.get("portal")
    if portal is None:
        return None
    with reading() as session:
        return councils.council(session, council_id=portal.id)
