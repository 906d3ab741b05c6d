"""Something is wrong with a visit: the page all three read, and what each side can do there."""

from uuid import UUID

from flask import Response as FileAnswer
from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.councils.queries import council
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import ConflictError, NotAllowedError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.errors import ConflictedError, DisputeRefusedError
from marketplace.orders.forms import (
    AnswerForm,
    DecisionForm,
    QueryForm,
    QuestionForm,
    SayMoreForm,
    TakeOfferForm,
    ToCouncilForm,
)
from marketplace.orders.forms.disputes import Disputing
from marketplace.orders.queries import QueryView
from marketplace.orders.rules import VisitState
from marketplace.orders.rules.disputes import Remedy, Side
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import Deed, do
from marketplace.web.downloads import attachment_answer


@orders.route("/orders/visits/<uuid:visit_id>/wrong", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def wrong(visit_id: UUID) -> str | Response:
    """Ask what is wrong with a visit, and what is to be done; its money stays where it is."""
    actor, at, form = current_actor(), clock.now(), QueryForm()
    with reading() as session:
        order_id = queries.order_of_visit(session, visit_id=visit_id)
        order = queries.order_for(session, order_id=order_id, seen_by=actor, at=at)
        days = council(session, council_id=order.council_id).query_answer_days
        earlier = queries.queries_of_order(session, order_id=order_id).get(visit_id)
    if order.person_id != actor.person_id:
        raise NotFoundError("We cannot find that visit.")
    if earlier is not None and earlier.ended_at is None:
        return _to_query(earlier.id)
    visit = next(visit for visit in order.visits if visit.id == visit_id)
    if visit.state is VisitState.CONFIRMED:
        form.for_invoice()
    if form.validate_on_submit() and _done(
        form,
        f"{order.provider_name} is told. The money stays where it is until this is put right.",
        lambda session: commands.query_visit(session, form.wish(visit_id), by=actor, at=at),
    ):
        return _to_query(form.query_id.data)
    return render_template("orders/wrong.html", form=form, order=order, visit=visit, days=days)


@orders.route("/queries/<uuid:query_id>")
@requires(Permission.SIGNED_IN)
def query(query_id: UUID) -> str:
    """Show what is wrong with a visit, who said what, and what can be done now."""
    return render_template("orders/query.html", query=_query(query_id), form=TakeOfferForm())


@orders.route("/queries/<uuid:query_id>/answer", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def answer_query(query_id: UUID) -> str | Response:
    """Ask the provider what they say: yes, a part, or no."""
    found, form = _query(query_id), AnswerForm()
    if found.remedy is not Remedy.AGAIN:
        del form.on_day, form.at_time
    elif not found.timed:
        del form.at_time
    if not found.by_hour:
        del form.minutes
    return _page(
        "orders/query_answer.html",
        found,
        form,
        "Your answer is sent.",
        lambda session: commands.answer_query(
            session, form.wish(query_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/queries/<uuid:query_id>/take-offer", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def take_offer(query_id: UUID) -> Response:
    """Say yes to the part the provider offers."""
    form = TakeOfferForm()
    return do(
        lambda session: commands.take_offer(
            session, query_id=query_id, shown=form.shown, by=current_actor(), at=clock.now()
        ),
        "You said yes to the offer. It is settled.",
        lambda: _to_query(query_id),
        (ConflictError, ConflictedError),
    )


@orders.route("/queries/<uuid:query_id>/withdraw", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def withdraw_query(query_id: UUID) -> Response:
    """Take back that something is wrong."""
    return do(
        lambda session: commands.withdraw_query(
            session, query_id=query_id, by=current_actor(), at=clock.now()
        ),
        "You took it back. It is settled.",
        lambda: _to_query(query_id),
        (ConflictError, ConflictedError),
    )


@orders.route("/queries/<uuid:query_id>/council", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def query_to_council(query_id: UUID) -> str | Response:
    """Ask the council to decide."""
    found, form = _query(query_id), ToCouncilForm()
    return _page(
        "orders/query_council.html",
        found,
        form,
        "The council is asked to decide. The money stays where it is until then.",
        lambda session: commands.ask_council_to_decide(
            session, form.wish(query_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/queries/<uuid:query_id>/write", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def write_to_query(query_id: UUID) -> str | Response:
    """Write something more, for instance to answer the council."""
    found, form = _query(query_id), SayMoreForm()
    if found.side is Side.PERSON and not found.acts:
        raise NotAllowedError(
            f"{found.row.person_name} has not given you permission to do this for them."
        )
    return _page(
        "orders/query_write.html",
        found,
        form,
        "It is sent. Everybody whom this concerns can read it.",
        lambda session: commands.say_more(
            session, form.wish(query_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/queries/files/<uuid:file_id>")
@requires(Permission.SIGNED_IN)
def query_file(file_id: UUID) -> FileAnswer:
    """Send a file that came along: a picture to look at, all else to be kept, not opened."""
    with reading() as session:
        found, content = queries.query_file_for(session, file_id=file_id, seen_by=current_actor())
    return attachment_answer(found.name, content, found.media_type)


@orders.route("/queries")
@requires(Permission.MEDIATE)
def mediation() -> str:
    """List what the council is to decide between people and providers, and what it decided."""
    council_id = current_actor().works_for
    with reading() as session:
        waiting = queries.queries_to_mediate(session, council_id=council_id)
        ended = queries.queries_mediated(session, council_id=council_id)
    return render_template("orders/mediation.html", waiting=waiting, ended=ended)


@orders.route("/queries/<uuid:query_id>/question", methods=["GET", "POST"])
@requires(Permission.MEDIATE)
def question(query_id: UUID) -> str | Response:
    """Ask the person or the provider something."""
    found, form = _query(query_id), QuestionForm()
    form.offer(person=found.row.person_name, provider=found.row.provider_name)
    return _page(
        "orders/query_question.html",
        found,
        form,
        "Your question is sent.",
        lambda session: commands.ask_side(
            session, form.wish(query_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/queries/<uuid:query_id>/decide", methods=["GET", "POST"])
@requires(Permission.MEDIATE)
def decide_query(query_id: UUID) -> str | Response:
    """Decide what is paid, with a reason."""
    found, form = _query(query_id), DecisionForm()
    return _page(
        "orders/query_decide.html",
        found,
        form,
        "It is decided, and both are told.",
        lambda session: commands.decide_query(
            session, form.wish(query_id), by=current_actor(), at=clock.now()
        ),
    )


def _query(query_id: UUID) -> QueryView:
    with reading() as session:
        return queries.query_for(
            session, query_id=query_id, seen_by=current_actor(), at=clock.now()
        )


def _page(
    template: str, query: QueryView, form: Disputing, said: str, deed: Deed
) -> str | Response:
    """Show a form about a query until what it asks for is done."""
    if form.validate_on_submit() and _done(form, said, deed):
        return _to_query(query.row.id)
    return render_template(template, query=query, form=form)


def _done(form: Disputing, said: str, deed: Deed) -> bool:
    """Do it; tell whether there is no more to do on the form's page."""
    try:
        with transaction() as session:
            deed(session)
    except DisputeRefusedError as refusal:
        form.say(refusal)
        return False
    except (ConflictError, ConflictedError) as refusal:
        flash(str(refusal), "warning")
        return False
    flash(said)
    return True


def _to_query(query_id: UUID) -> Response:
    return redirect(url_for("orders.query", query_id=query_id))
