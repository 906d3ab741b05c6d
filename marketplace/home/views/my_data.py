"""My data: what is kept about somebody, why, how long, who sees it; and all of it to take away."""

import json
from datetime import datetime
from uuid import UUID

from flask import Response, render_template
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.audit import queries as audit
from marketplace.councils import queries as councils
from marketplace.database import reading, transaction
from marketplace.home import commands
from marketplace.home.rules import FORMAT, kinds
from marketplace.home.views.blueprint import home
from marketplace.kernel import clock
from marketplace.kernel.errors import NotAllowedError
from marketplace.kernel.exporting import Kept
from marketplace.kernel.money import Money
from marketplace.kernel.retention import retention_rules
from marketplace.web.downloads import cell, csv_text, file_answer, zip_answer


@home.route("/my-data")
@requires(Permission.SIGNED_IN)
def my_data() -> str:
    """Say in plain words what is kept, why, how long and who sees it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        user_id = whose(session, actor, at)
        person = access.person(session, user_id=user_id)
        corrections = councils.corrections_of(session, person_id=user_id)
        runs = audit.last_retention_runs(session)
    return render_template(
        "home/my_data.html",
        person=person,
        own=user_id == actor.user_id,
        may_see=actor.may(Permission.SEE_WALLET),
        corrections=corrections,
        rules=retention_rules(),
        runs=runs,
        kinds=kinds(),
    )


@home.route("/my-data/json", methods=["POST"])
@requires(Permission.SIGNED_IN)
def my_data_json() -> Response:
    """Give everything as one JSON document."""
    at = clock.now()
    name, kept = _taken("json", at)
    document = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "about": name,
        "kinds": dict(kinds()),
        "data": {kind: each.rows for kind, each in kept.items()},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, default=_in_json)
    return file_answer(f"my-data-{clock.local_day(at)}.json", text.encode(), "application/json")


@home.route("/my-data/csv", methods=["POST"])
@requires(Permission.SIGNED_IN)
def my_data_csv() -> Response:
    """Give everything as tables for a spreadsheet, one file for each kind."""
    at = clock.now()
    _, kept = _taken("csv", at)
    files = {f"{kind}.csv": _table(each) for kind, each in kept.items()}
    files["what-is-in-it.csv"] = csv_text(("file", "what"), kinds().items())
    return zip_answer(f"my-data-{clock.local_day(at)}.zip", files)


def whose(session: Session, actor: Actor, at: datetime) -> UUID:
    """Return whose data this is about: one's own, or that of whom one stands in for by law.

    Raises:
        NotAllowedError: a supporter asks who only helps; that is for the person alone.
    """
    if not actor.acts_for_another:
        return actor.user_id
    if not access.acts_in_law(session, user_id=actor.user_id, person_id=actor.buys_for, at=at):
        raise NotAllowedError(
            f"What is kept about {actor.person_name} is for them alone, or for their appointee, "
            "attorney or deputy. To see what is kept about you, change to your own role."
        )
    return actor.buys_for


def _taken(form: str, at: datetime) -> tuple[str, dict[str, Kept]]:
    actor = current_actor()
    with transaction() as session:
        user_id = whose(session, actor, at)
        name = access.person(session, user_id=user_id).name
        kept = commands.take_everything(session, user_id=user_id, form=form, by=actor, at=at)
    return name, kept


def _table(kept: Kept) -> str:
    return csv_text(kept.keys, ([_in_cell(row[key]) for key in kept.keys] for row in kept.rows))


def _in_cell(value: object) -> object:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else value


def _in_json(value: object) -> str:
    # Everything else is plain already.
    assert isinstance(value, Money), f"{type(value)} has no plain form"
    return cell(value)
