"""Every line that a council funds, to look at: for who audits; and those that a provider keeps."""

from uuid import UUID

from flask import render_template, request

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.budgets import queries
from marketplace.budgets.queries import StatementWish
from marketplace.budgets.views.blueprint import budgets
from marketplace.budgets.views.statement import older_words, place_in
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number


@budgets.route("/audit/lines")
@requires(Permission.PAY_PROVIDERS)
def audit_lines() -> str:
    """Show every line that the council funds or ever funded."""
    actor, page = current_actor(), page_number(request.args.get("page"))
    with reading() as session:
        lines = queries.lines_of_council(
            session, council_id=actor.works_for, page=page, closed_too=True
        )
    return render_template("budgets/audit_lines.html", lines=lines)


@budgets.route("/audit/lines/<uuid:line_id>")
@requires(Permission.PAY_PROVIDERS)
def audit_line(line_id: UUID) -> str:
    """Show one line with all that happened to it; nothing can be changed here."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        line = queries.line_of_council(
            session, line_id=line_id, council_id=actor.works_for, closed_too=True
        )
        story = queries.line_story(session, line_id=line_id, person_id=line.person_id, at=at)
        found = queries.statement(
            session,
            person_id=line.person_id,
            wish=StatementWish(line_id=line_id, for_council=True),
            older_than=place_in(request.args.get("older", "")),
        )
    return render_template(
        "budgets/audit_line.html",
        line=story.line,
        person_name=line.person_name,
        story=story,
        statement=found,
        older=older_words(found),
        is_first="older" not in request.args,
    )


@budgets.route("/my-store/kept-money")
@requires(Permission.SEE_EARNINGS)
def kept_money() -> str:
    """Show a provider the individual service funds that it keeps for people."""
    with reading() as session:
        lines = queries.kept_by(session, provider_id=current_actor().works_for)
    return render_template("budgets/kept_money.html", lines=lines)
