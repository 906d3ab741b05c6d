"""What a person can do with a standing order: leave out, pause, change, end, answer a price."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue.rules import Unit
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.clock import local_day
from marketplace.kernel.errors import ConflictError, NotAllowedError, NotFoundError
from marketplace.orders import commands, queries
from marketplace.orders.errors import ShareDueError, StandingRefusedError
from marketplace.orders.forms.standing import ChangeStandingForm
from marketplace.orders.forms.standing_deeds import ALL_DAY, EndForm, PauseForm, PriceForm, SkipForm
from marketplace.orders.queries import StandingView
from marketplace.orders.views.blueprint import orders
from marketplace.orders.views.deeds import REFUSALS, Deed, do

_AgreeingForm = SkipForm | PauseForm | EndForm


@orders.route("/standing/<uuid:standing_id>/skip", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def standing_skip(standing_id: UUID) -> str | Response:
    """Ask which day to leave out, say what that costs, then leave it out."""
    form = SkipForm(on=_asked_day(), which=request.args.get("at", ALL_DAY))
    return _agreeing(
        standing_id,
        form,
        "orders/standing_skip.html",
        "That is left out. The provider is told.",
        lambda session: commands.skip_visit(
            session, form.wish(standing_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/pause", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def standing_pause(standing_id: UUID) -> str | Response:
    """Ask from when until when, say what that costs, then pause."""
    form = PauseForm()
    return _agreeing(
        standing_id,
        form,
        "orders/standing_pause.html",
        "It is paused. The provider is told.",
        lambda session: commands.pause_standing(
            session, form.wish(standing_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/end", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def standing_end(standing_id: UUID) -> str | Response:
    """Ask for the last day, say what that costs, then end it."""
    form = EndForm()
    return _agreeing(
        standing_id,
        form,
        "orders/standing_end.html",
        "It ends on that day. The provider is told.",
        lambda session: commands.end_standing(
            session, form.wish(standing_id), by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/change", methods=["GET", "POST"])
@requires(Permission.PLACE_ORDERS)
def standing_change(standing_id: UUID) -> str | Response:
    """Ask for other days or times from a day on, then ask the provider."""
    view, form = _view(standing_id), ChangeStandingForm()
    form.fit(Unit(view.row.unit))
    with reading() as session:
        menu = queries.find_menu(session, standing_id=standing_id, on=local_day(clock.now()))
    form.offer_menu_of(menu, view.patterns[0].pattern.choice)
    form.show(view.patterns[0].pattern)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_standing(
                    session, form.wish(standing_id), by=current_actor(), at=clock.now()
                )
        except StandingRefusedError as refusal:
            form.refuse(refusal.field, str(refusal))
        except (ConflictError, NotAllowedError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash("The provider is asked. Until they say yes, all stays as it is.")
            return _back(standing_id)
    return render_template("orders/standing_change.html", form=form, view=view)


@orders.route("/standing/<uuid:standing_id>/go-on/<uuid:gap_id>", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def standing_resume(standing_id: UUID, gap_id: UUID) -> Response:
    """Let it go on sooner than was said."""
    return _do(
        standing_id,
        "It goes on. The provider is told.",
        lambda session: commands.resume_standing(
            session, standing_id=standing_id, gap_id=gap_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/agree-price", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def standing_agree_price(standing_id: UUID) -> Response:
    """Say yes to a higher price."""
    seen = PriceForm().seen
    return _do(
        standing_id,
        "You said yes to the new price. The next weeks are ordered at it.",
        lambda session: commands.agree_to_price(
            session, standing_id=standing_id, seen=seen, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/turn-down-price", methods=["POST"])
@requires(Permission.PLACE_ORDERS)
def standing_turn_down_price(standing_id: UUID) -> Response:
    """Say no to a higher price: it ends after what is ordered already."""
    return _do(
        standing_id,
        "You said no. What is ordered at the old price still happens. Then it ends.",
        lambda session: commands.turn_down_price(
            session, standing_id=standing_id, by=current_actor(), at=clock.now()
        ),
    )


@orders.route("/standing/<uuid:standing_id>/pool-answer", methods=["POST"])
@requires(Permission.APPROVE_ORDERS)
def standing_pool_answer(standing_id: UUID) -> Response:
    """Say yes or no to what a pool pays for week after week, or to its new price."""
    agrees, seen = request.form.get("answer") == "yes", PriceForm().seen
    wish = commands.AnswerInPool(standing_id=standing_id, agrees=agrees, seen=seen)
    said = "You said yes." if agrees else "You said no. What is ordered already still happens."

    def answer(session: Session) -> None:
        refusal = commands.answer_in_pool(session, wish, by=current_actor(), at=clock.now())
        if refusal:
            flash(f"Everybody said yes, but it is not ordered yet. {refusal}", "warning")

    # What a member said no to before it was ordered concerns them no more.
    return do(answer, said, lambda: _back(standing_id) if agrees else redirect(_all()))


def _agreeing(
    standing_id: UUID, form: _AgreeingForm, template: str, said: str, deed: Deed
) -> str | Response:
    view, share = _view(standing_id), None
    if isinstance(form, SkipForm):
        form.offer_times(view.minutes)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                deed(session)
        except ShareDueError as refusal:
            # The page shows the share, and sends it back when the button is pressed again.
            share = refusal.due
            form.agreed_pence.data = str(share.pence)
        except StandingRefusedError as refusal:
            form[refusal.field].errors = [str(refusal)]
        except (ConflictError, NotFoundError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(said)
            return _back(standing_id)
    return render_template(template, form=form, view=view, share=share)


def _do(standing_id: UUID, said: str, deed: Deed) -> Response:
    return do(deed, said, lambda: _back(standing_id), (*REFUSALS, StandingRefusedError))


def _view(standing_id: UUID) -> StandingView:
    with reading() as session:
        return queries.standing_for(
            session, standing_id=standing_id, seen_by=current_actor(), at=clock.now()
        )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def _all() -> str:
    return url_for("orders.standing")


def _back(standing_id: UUID) -> Response:
    return redirect(url_for("orders.standing_order", standing_id=standing_id))
