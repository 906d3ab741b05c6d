"""Setting a spending limit in two steps, and ending one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.budgets import commands, queries
from marketplace.budgets.commands import NewLimit
from marketplace.budgets.errors import BadLineError, SecondLookError
from marketplace.budgets.forms import EndLimitForm, LimitForm
from marketplace.budgets.queries import LineRow, Preview
from marketplace.budgets.rules import NOBODY
from marketplace.budgets.views.blueprint import budgets
from marketplace.catalogue import queries as catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock

NOT_KEPT = frozenset({"csrf_token", "step", "looked", "second_look"})
"""What the page for checking brings along itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a limit is set, and where one goes afterwards."""

    line: LineRow
    back: str
    back_words: str
    whose: str
    is_own: bool = False
    """Whether the person sets it on their own money."""


@budgets.route("/people/<uuid:person_id>/lines/<uuid:line_id>/limits/new", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def set_limit(person_id: UUID, line_id: UUID) -> str | Response:
    """Ask for one spending limit, show what it would do, then set it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        found = queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
        line = queries.line(
            session, line_id=line_id, person_id=person_id, council_id=actor.works_for, at=at
        )
        commands.line_to_limit(session, line_id, actor)
    back = url_for("budgets.person", person_id=person_id)
    return _set(Place(line, back, found.name, f"For {found.name}, {line.label}"))


@budgets.route("/wallet/lines/<uuid:line_id>/limits/new", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def set_own_limit(line_id: UUID) -> str | Response:
    """Ask a person for a limit on their own money, show what it would do, then set it."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        commands.line_to_limit(session, line_id, actor)
        line = queries.line(session, line_id=line_id, person_id=actor.buys_for, at=at)
    back = url_for("budgets.line", line_id=line_id)
    return _set(Place(line, back, line.label, line.label, is_own=not actor.acts_for_another))


@budgets.route("/people/<uuid:person_id>/limits/<uuid:limit_id>/end", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def end_limit(person_id: UUID, limit_id: UUID) -> str | Response:
    """Ask why a limit ends, and end it from now on."""
    actor = current_actor()
    with reading() as session:
        # The address names both: neither may be another council's.
        queries.person_of_council(session, council_id=actor.works_for, person_id=person_id)
    return _end(limit_id, url_for("budgets.person", person_id=person_id))


@budgets.route("/wallet/limits/<uuid:limit_id>/end", methods=["GET", "POST"])
@requires(Permission.SEE_WALLET)
def end_own_limit(limit_id: UUID) -> str | Response:
    """Ask a person why their own limit ends, and end it."""
    return _end(limit_id, url_for("budgets.wallet"))


def _set(place: Place) -> str | Response:
    form, step = LimitForm(), request.form.get("step", "")
    _offer(form, place)
    if not form.is_submitted() or step == "change" or not form.validate():
        return _form_page(form, place)
    try:
        with reading() as session:
            wish = _wish(session, form)
            preview = _preview(session, place, wish) if wish else None
            stopped = preview.trial.stopped if preview else ()
            words = queries.what_was_bought(session, stopped)
    except BadLineError as refusal:
        form.say(refusal.field, str(refusal))
        return _form_page(form, place)
    if wish is None or preview is None:
        return _form_page(form, place)
    if step == "save":
        if _save(form, place, wish):
            flash("The limit is set.")
            return redirect(place.back)
        form.ask_to_look()
    return render_template(
        "budgets/check_limit.html",
        form=form,
        place=place,
        wish=wish,
        preview=preview,
        trial=preview.trial,
        words=words,
        kept=_kept(),
    )


def _form_page(form: LimitForm, place: Place) -> str:
    return render_template("budgets/set_limit.html", form=form, place=place)


def _save(form: LimitForm, place: Place, wish: NewLimit) -> bool:
    try:
        with transaction() as session:
            commands.set_limit(
                session, line_id=place.line.id, limit=wish, by=current_actor(), at=clock.now()
            )
    except SecondLookError:
        return False
    except BadLineError as refusal:
        form.say(refusal.field, str(refusal))
        return False
    return True


def _wish(session: Session, form: LimitForm) -> NewLimit | None:
    named = form.resolve(catalogue.providers_named(session, names=form.names_typed))
    return None if named is None else form.wish(named)


def _preview(session: Session, place: Place, wish: NewLimit) -> Preview:
    at = clock.now()
    limit = commands.as_it_would_be(
        session, line_id=place.line.id, wish=wish, by=current_actor(), at=at
    )
    return queries.preview(session, line_id=place.line.id, limit=limit, at=at)


def _offer(form: LimitForm, place: Place) -> None:
    actor, at, line = current_actor(), clock.now(), place.line
    with reading() as session:
        kinds = [(row.slug, row.name) for row in catalogue.categories(session)]
        outcomes = queries.outcomes_of(session, person_id=line.person_id)
        sellers = {one.provider_id for one in queries.bought(session, [line.id])} - {NOBODY}
        names = catalogue.provider_names(session, provider_ids=sellers)
        asked = queries.who_may_be_asked(session, line_id=line.id, by=actor, at=at)
    form.offer(
        categories=kinds,
        providers=sorted(((str(one), name) for one, name in names.items()), key=_by_name),
        outcomes=[(str(row.id), row.sentence) for row in outcomes],
        asks=[("", _me(actor)), *((str(one.id), f"{one.name}, {one.words}") for one in asked)],
    )


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _me(actor: Actor) -> str:
    return f"Me, {actor.name}" if actor.name else "Me"


def _kept() -> Sequence[tuple[str, str]]:
    """Return all that was typed, so that nothing of it is lost between the steps."""
    return [
        (name, value)
        for name, values in request.form.lists()
        if name not in NOT_KEPT
        for value in values
    ]


def _end(limit_id: UUID, back: str) -> str | Response:
    form, actor, at = EndLimitForm(), current_actor(), clock.now()
    with reading() as session:
        limit = commands.limit_to_end(session, limit_id=limit_id, by=actor, at=at)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.end_limit(
                    session, limit_id=limit_id, reason=form.reason.data or "", by=actor, at=at
                )
        except BadLineError as refusal:
            form.reason.errors = [str(refusal)]
        else:
            flash("The limit has ended.")
            return redirect(back)
    return render_template("budgets/end_limit.html", form=form, limit=limit, back=back)
