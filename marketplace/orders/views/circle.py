"""What of a circle of support has to do with stores and orders: what supporters earn, family."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import commands as access
from marketplace.access import queries as circles
from marketplace.access.commands import Declare
from marketplace.access.errors import DeclarationError, InvitationError
from marketplace.access.guards import current_actor, requires
from marketplace.access.queries import NamedStore, SupporterRow
from marketplace.access.rules import Basis, Permission
from marketplace.councils.queries import council
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.paging import page_number
from marketplace.orders import commands, queries
from marketplace.orders.forms import DeclareForm, FamilyDecisionForm, FamilyForm
from marketplace.orders.views.blueprint import orders


@orders.route("/circle/<uuid:row_id>/what-i-earn", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def declare(row_id: UUID) -> str | Response:
    """Ask a supporter what they charge, and from which stores they earn."""
    row, form = _own_place(row_id), DeclareForm()
    stores = _named(form) if form.validate_on_submit() else None
    if stores is not None:
        try:
            _declare(row, form.wish(row.id, stores))
        except (DeclarationError, InvitationError) as refusal:
            form.form_errors = [str(refusal)]
        else:
            return redirect(url_for("access.invitations"))
    elif not form.is_submitted():
        with reading() as session:
            said = circles.declarations_of(session, supporter_row_ids=[row_id]).get(row_id)
        form.show(said)
    return render_template("orders/declare.html", form=form, row=row)


@orders.route("/circle/<uuid:row_id>/orders")
@requires(Permission.MANAGE_CIRCLE)
def of_supporter(row_id: UUID) -> str:
    """Show the orders that one of the circle placed or suggested, those that are open first."""
    actor = current_actor()
    with reading() as session:
        row = circles.supporter(session, supporter_row_id=row_id)
        if row.person_id != actor.buys_for or row.supporter_id is None:
            raise NotFoundError
        page = queries.orders_placed_by(
            session,
            person_id=row.person_id,
            user_id=row.supporter_id,
            page=page_number(request.args.get("page")),
        )
    return render_template("orders/of_supporter.html", row=row, page=page)


@orders.route("/circle/family", methods=["GET", "POST"])
@requires(Permission.MANAGE_CIRCLE)
def family() -> str | Response:
    """Show who of the family is paid, and take down somebody more."""
    actor, form = current_actor(), FamilyForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                store = queries.store_named(session, form.store.data or "")
                access.declare_family_carer(
                    session,
                    carer_id=form.carer_id.data,
                    store=store,
                    who=form.who.data or "",
                    by=actor,
                    at=clock.now(),
                )
        except (DeclarationError, NotFoundError) as refusal:
            form.store.errors = [str(refusal)]
        else:
            flash("It is written down.")
            return redirect(url_for("orders.family"))
    with reading() as session:
        rows = circles.family_carers_of(session, person_ids=[actor.buys_for])
    return render_template("orders/family.html", form=form, rows=rows, actor=actor)


@orders.route("/circle/family/<uuid:carer_id>/end", methods=["POST"])
@requires(Permission.MANAGE_CIRCLE)
def end_family(carer_id: UUID) -> Response:
    """Say that somebody of the family is no longer paid."""
    with transaction() as session:
        access.end_family_carer(session, carer_id=carer_id, by=current_actor(), at=clock.now())
    flash("It is ended.")
    return redirect(url_for("orders.family"))


@orders.route("/family-carers")
@requires(Permission.OPEN_FUNDING_LINES)
def family_carers() -> str:
    """Show a council whose family is paid, and let it say yes or no."""
    actor, at = current_actor(), clock.now()
    with reading() as session:
        page = queries.paid_family_of_council(
            session,
            council_id=actor.works_for,
            page=page_number(request.args.get("page")),
            at=at,
        )
        card = council(session, council_id=actor.works_for)
    return render_template(
        "orders/family_carers.html", page=page, council=card, form=FamilyDecisionForm()
    )


@orders.route("/family-carers/<uuid:person_id>/<uuid:provider_id>", methods=["POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def decide_family(person_id: UUID, provider_id: UUID) -> Response:
    """Say as the council whether a person's family may be paid by a store."""
    form = FamilyDecisionForm()
    wish = form.wish(person_id, provider_id)
    try:
        with transaction() as session:
            commands.decide_on_family(session, wish, by=current_actor(), at=clock.now())
    except DeclarationError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Your answer is saved, and the person is told.")
    return redirect(url_for("orders.family_carers"))


def _named(form: DeclareForm) -> tuple[NamedStore, ...] | None:
    try:
        with reading() as session:
            return tuple(queries.store_named(session, name) for name in form.store_names)
    except NotFoundError as refusal:
        form.stores.errors = [str(refusal)]
        return None


def _declare(row: SupporterRow, wish: Declare) -> None:
    actor, at = current_actor(), clock.now()
    offers = row.supporter_id is None and row.basis is Basis.BROKER
    with transaction() as session:
        access.declare(session, wish, by=actor, at=at)
        if offers:
            access.offer_as_broker(session, supporter_row_id=row.id, by=actor, at=at)
    if offers:
        flash(f"{row.person_name} is told, and says yes or no.")
    else:
        flash("It is saved. If anything changed, the person is told.")


def _own_place(row_id: UUID) -> SupporterRow:
    actor = current_actor()
    with reading() as session:
        invited = circles.invitations_for(session, user_id=actor.user_id)
        row = circles.supporter(session, supporter_row_id=row_id)
    mine = row.supporter_id == actor.user_id or row_id in {one.id for one in invited}
    if not mine or row.ended_at is not None:
        raise NotFoundError
    return row
