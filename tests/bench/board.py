"""How long the commissioner's dashboard takes with a hundred thousand order lines behind it."""

from flask import Flask

from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.reports import queries
from tests.bench.databases import Place, analyse, using
from tests.bench.figures import median, milliseconds, print_table
from tests.bench.machine import warn_unless, watching
from tests.bench.orders import LINES, fill_orders
from tests.conftest import SignInAs

TIMES = 7
HEAD = ("", "middle ms", "best ms", "worst ms")


def measure(app: Flask, places: list[Place]) -> bool:
    """Print how long it takes on each engine; tell whether the machine was quiet enough."""
    rows: list[tuple[object, ...]] = []
    quiet = True
    for place in places:
        with using(app, place):
            market = fill_orders(clock.now())
            analyse()
            client = SignInAs(app)(market.commissioner).client

            def count(council_id: object = market.council_id) -> None:
                with reading() as session:
                    scope = queries.scope_of(
                        session,
                        council_id=council_id,  # type: ignore[arg-type]
                        today=clock.local_day(clock.now()),
                    )
                    queries.dashboard(session, scope)

            with watching() as watch:
                counted = [milliseconds(count) for _ in range(TIMES)]
                paged = [milliseconds(lambda: client.get("/market")) for _ in range(TIMES)]  # noqa: B023
            assert client.get("/market").status_code == 200
            rows += [_row(f"{place.engine} all tables", counted)]
            rows += [_row(f"{place.engine} whole page", paged)]
            rows.append(watch.row(4))
            quiet = quiet and not watch.too_busy
    print_table(f"The dashboard on {LINES:,} order lines, a year, all categories", HEAD, rows)
    print(
        "  tables: the queries alone. page: through the application in this process, signing in\n"
        "  and template included, gunicorn and the network not. Tables were filled in bulk, then\n"
        "  ANALYZE; nothing is cached between two looks but what the engine itself keeps."
    )
    warn_unless(quiet=quiet)
    return quiet


def _row(name: str, took: list[float]) -> tuple[str, ...]:
    return name, f"{median(took):,.0f}", f"{min(took):,.0f}", f"{max(took):,.0f}"
