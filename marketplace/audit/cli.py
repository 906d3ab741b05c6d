"""The ``flask audit`` commands."""

from flask.cli import AppGroup

from marketplace.audit import queries
from marketplace.database import reading
from marketplace.web.telling import tell

audit_cli = AppGroup("audit", help="Look after the audit trail.")


@audit_cli.command("check")
def check() -> None:
    """Exit with 1 and name the chains if any row was changed, added or taken out."""
    with reading(of_one_instant=True) as session:
        wrong = list(queries.broken_chains(session))
    tell(wrong, unless_wrong="The audit trail is whole.")
