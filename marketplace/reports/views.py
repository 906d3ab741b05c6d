"""The market in numbers, for commissioners; and for providers, what people near them look for."""

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.reports import queries
from marketplace.reports.errors import BadPeriodError
from marketplace.reports.forms import ScopeForm
from marketplace.reports.rules import Scope
from marketplace.web.downloads import csv_answer

reports = Blueprint("reports", __name__)


@reports.route("/market")
@requires(Permission.READ_MARKET)
def dashboard() -> str:
    """Show the market of one's own council: demand, supply, money, prices, quality."""
    form = ScopeForm(request.args)
    with reading() as session:
        scope = _scope(session, form)
        found = queries.dashboard(session, scope)
    return render_template(
        "reports/dashboard.html", form=form, found=found, tables=found.tables, asked=_asked(scope)
    )


@reports.route("/market/looked-for")
@requires(Permission.READ_MARKET)
def demand() -> str:
    """Show what people of one's own council look for and do not find."""
    form = ScopeForm(request.args)
    with reading() as session:
        scope = _scope(session, form)
        found = queries.demand(session, scope)
    return render_template(
        "reports/demand.html", form=form, found=found, tables=found.tables, asked=_asked(scope)
    )


@reports.route("/my-store/looked-for")
@requires(Permission.KEEP_STORE)
def near_you() -> str:
    """Show a provider what people near them look for."""
    today = clock.local_day(clock.now())
    with reading() as session:
        found = queries.looked_for_near(session, provider_id=current_actor().works_for, today=today)
    return render_template("reports/near_you.html", found=found)


@reports.route("/market/<key>.csv")
@requires(Permission.READ_MARKET)
def download(key: str) -> Response:
    """Send one table of the dashboard as a file, as protected as on the page."""
    if key not in queries.TABLES:
        raise NotFoundError
    with reading() as session:
        scope = _scope(session, ScopeForm(request.args))
        found = queries.table(session, scope, key=key)
    days = f"{scope.period.starts_on.isoformat()}-to-{scope.period.last_on.isoformat()}"
    return csv_answer(f"{key}-{days}.csv", found.head, found.cells())


def _scope(session: Session, form: ScopeForm) -> Scope:
    """Return what was asked for; what cannot be read is said beside its field and left out."""
    form.offer(queries.category_names(session))
    actor, today = current_actor(), clock.local_day(clock.now())
    council_id = actor.works_for
    if not form.validate():
        return queries.scope_of(session, council_id=council_id, today=today)
    since, until = form.days
    category = form.category.data or ""
    try:
        return queries.scope_of(
            session,
            council_id=council_id,
            since=since,
            until=until,
            category=category,
            today=today,
        )
    except BadPeriodError as refusal:
        form.until.errors = [str(refusal)]
        return queries.scope_of(session, council_id=council_id, category=category, today=today)


def _asked(scope: Scope) -> dict[str, str]:
    """Return the scope as parts of an address, for the files beside the tables."""
    return {
        "since": scope.period.starts_on.isoformat(),
        "until": scope.period.last_on.isoformat(),
        "category": scope.category,
    }
