"""The ``flask wallet`` commands."""

from flask.cli import AppGroup

from marketplace.database import reading
from marketplace.wallet import queries
from marketplace.web.telling import tell

wallet_cli = AppGroup("wallet", help="Look after the ledger.")


@wallet_cli.command("check")
def check() -> None:
    """Exit with 1 and say what is wrong, if anything in the ledger does not add up."""
    with reading(of_one_instant=True) as session:
        wrong = queries.problems(session)
    tell(wrong, unless_wrong="The ledger balances.")
