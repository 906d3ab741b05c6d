"""A provider's day on a phone: what is still to be said of visits, said in two taps.

What a phone kept while it had no network comes in through one address. It is asked for a fresh
token first: a token is never kept on a phone.
"""

from hashlib import sha256
from uuid import UUID

from flask import Response as Answer
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.queries.workers import workers_of
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.commands import CheckIn, NoteDelivery
from marketplace.orders.errors import BadLineError, ElsewhereError
from marketplace.orders.forms import TODAY, KeyForm, NoteForm, PhoneForm
from marketplace.orders.queries import DayVisit
from marketplace.orders.rules import ALT_LENGTH_MAX, PUT_RIGHT_DAYS, NoteKind, VisitState
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do
from marketplace.web.sessions import csrf_token

_SENT = "It is noted. The person can see it."
_OWNER_LENGTH = 24


@orders.route("/work/today")
@requires(Permission.TAKE_ORDERS)
def day() -> str:
    """Show today's visits, what is not noted yet from before, and what was noted today."""
    actor = current_actor()
    with reading() as session:
        found = queries.day_of_provider(session, by=actor, at=clock.now())
    return render_template(
        "orders/day.html",
        day=found,
        owner=_owner(actor),
        alt_length_max=ALT_LENGTH_MAX,
        put_right_days=PUT_RIGHT_DAYS,
    )


@orders.route("/work/today.js")
@requires(Permission.TAKE_ORDERS)
def day_worker() -> Answer:
    """Send what lets the day page open without network; from here, so that it may."""
    answer = current_app.send_static_file("js/day-worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@orders.route("/work/visits/<uuid:visit_id>/done", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def done(visit_id: UUID) -> Response:
    """Say that a visit was done as agreed."""
    wish = NoteDelivery(visit_id=visit_id, note_kind=NoteKind.FULL, sent=KeyForm().sent)
    try:
        with transaction() as session:
            commands.note_delivery(session, wish, by=current_actor(), at=clock.now())
    except ElsewhereError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("orders.note", visit_id=visit_id))
    except (ConflictError, BadLineError) as refusal:
        flash(str(refusal), "warning")
    else:
        flash(_SENT)
    return redirect(url_for("orders.day"))


@orders.route("/work/visits/<uuid:visit_id>/undo", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def undo(visit_id: UUID) -> Response:
    """Take back what was said of a visit a moment ago."""
    return _do(
        lambda session: commands.undo_note(
            session, visit_id=visit_id, by=current_actor(), at=clock.now()
        ),
        "It is taken back. Nothing is noted of this visit.",
    )


@orders.route("/work/visits/<uuid:visit_id>/arrived", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def arrived(visit_id: UUID) -> Response:
    """Say that the worker has arrived."""
    return _check_in(CheckIn(visit_id=visit_id, arrives=True, sent=KeyForm().sent))


@orders.route("/work/visits/<uuid:visit_id>/left", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def left(visit_id: UUID) -> Response:
    """Say that the worker leaves."""
    return _check_in(CheckIn(visit_id=visit_id, arrives=False, sent=KeyForm().sent))


@orders.route("/work/visits/<uuid:visit_id>", methods=["GET", "POST"])
@requires(Permission.TAKE_ORDERS)
def note(visit_id: UUID) -> str | Response:
    """Ask what became of a visit; each answer says what would be paid before it is sent."""
    one, workers = _visit(visit_id)
    form = NoteForm()
    form.offer(one, workers)
    if request.method == "GET":
        form.show(one, back=request.args.get("back", ""))
    if form.validate_on_submit():
        change = (
            commands.note_delivery
            if one.visit.state is VisitState.PLANNED
            else commands.correct_note
        )
        try:
            with transaction() as session:
                change(session, form.wish(visit_id), by=current_actor(), at=clock.now())
        except (ConflictError, BadLineError, NotAllowedError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(_SENT)
            if form.back.data == TODAY:
                return redirect(url_for("orders.day"))
            return redirect(url_for("orders.work_order", order_id=one.visit.order_id))
    return render_template("orders/note.html", form=form, one=one)


@orders.route("/work/phone")
@requires(Permission.TAKE_ORDERS)
def phone() -> Answer:
    """Tell a phone that has network again who is signed in, and give it a token for this moment."""
    return jsonify({"owner": _owner(current_actor()), "token": csrf_token()})


@orders.route("/work/phone", methods=["POST"])
@requires(Permission.TAKE_ORDERS)
def from_phone() -> tuple[Answer, int]:
    """Take in one note that a phone kept; the same key again is answered the same."""
    form, by, at = PhoneForm(), current_actor(), clock.now()
    try:
        if not form.validate():
            raise BadLineError(" ".join(map(str, form.refusals)))
        check_in = form.check_in
        with transaction() as session:
            if check_in is not None:
                commands.check_in(session, check_in, by=by, at=at)
            else:
                commands.note_delivery(session, form.note, by=by, at=at)
    except DomainError as refusal:
        return jsonify({"state": "refused", "said": str(refusal)}), 409
    return jsonify({"state": "sent", "said": _SENT}), 200


@orders.route("/orders/visits/<uuid:visit_id>/photo")
@requires(Permission.SIGNED_IN)
def visit_photo(visit_id: UUID) -> Answer:
    """Send the picture that came with a delivery note."""
    with reading() as session:
        found = queries.photo_of_visit(session, visit_id=visit_id, seen_by=current_actor())
    answer = Answer(found.content, mimetype=found.media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _visit(visit_id: UUID) -> tuple[DayVisit, list[str]]:
    actor, at = current_actor(), clock.now()
    with reading() as session:
        order_id = queries.order_of_visit(session, visit_id=visit_id)
        order = queries.order_for(session, order_id=order_id, seen_by=actor, at=at)
        if order.provider_id != actor.organisation_id:
            raise NotFoundError("We cannot find that visit.")
        one = queries.visit_to_note(session, visit_id=visit_id, at=at)
        workers = workers_of(session, [order.provider_id]).get(order.provider_id, ())
    return one, [worker.name for worker in workers]


def _check_in(wish: CheckIn) -> Response:
    said = "You have arrived." if wish.arrives else "You have left. Now say how it went."
    return _do(
        lambda session: commands.check_in(session, wish, by=current_actor(), at=clock.now()), said
    )


def _do(deed: Deed, said: str) -> Response:
    return do(deed, said, lambda: redirect(url_for("orders.day")))


def _owner(actor: Actor) -> str:
    """Return a mark for who works for whom, from which nobody can be told."""
    who = f"{actor.user_id}/{actor.works_for}"
    return sha256(who.encode()).hexdigest()[:_OWNER_LENGTH]
