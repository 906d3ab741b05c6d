"""Looking after councils: their portals, policies and staff."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access import queries as access
from marketplace.access.commands import wear_hat
from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission, Role
from marketplace.councils import commands, queries
from marketplace.councils.errors import LastAdministratorError, NoSuchPersonError, SlugTakenError
from marketplace.councils.forms import AnswerForm, ChangePortalForm, NewPortalForm, StaffForm
from marketplace.councils.queries import CouncilCard
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError

councils = Blueprint("councils", __name__)


@councils.route("/councils")
@requires(Permission.ADMINISTER_COUNCIL)
def index() -> str:
    """Show all councils."""
    with reading() as session:
        rows = queries.councils(session)
    return render_template("councils/index.html", rows=rows, own=current_actor().works_for)


@councils.route("/councils/new", methods=["GET", "POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def new() -> str | Response:
    """Make a council and its portal with one form."""
    form = NewPortalForm()
    if form.validate_on_submit():
        try:
            _open(form)
        except SlugTakenError as refusal:
            form.slug.errors = [str(refusal)]
        else:
            flash(f"The portal of {form.name.data} is open.")
            return redirect(url_for("councils.index"))
    return render_template("councils/new.html", form=form)


@councils.route("/councils/<uuid:council_id>/edit", methods=["GET", "POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def edit(council_id: UUID) -> str | Response:
    """Change one's own council's words, colours and policies."""
    council = _own(council_id)
    form = ChangePortalForm()
    if form.validate_on_submit():
        with transaction() as session:
            commands.change_council(
                session,
                council_id,
                form.wish(council.slug),
                by_user_id=current_actor().user_id,
                at=clock.now(),
            )
        flash("Your changes are saved.")
        return redirect(url_for("councils.index"))
    if request.method == "GET":
        form.show(council)
    return render_template("councils/edit.html", form=form, council=council)


@councils.route("/councils/<uuid:council_id>/staff", methods=["GET", "POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def staff(council_id: UUID) -> str | Response:
    """Show who works for one's own council, and add somebody."""
    council = _own(council_id)
    form = StaffForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_staff(
                    session,
                    council_id=council_id,
                    email=form.email.data,
                    role=Role(form.role.data),
                    by=current_actor(),
                    at=clock.now(),
                )
        except NoSuchPersonError as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash("They have the role now.")
            return redirect(url_for("councils.staff", council_id=council_id))
    with reading() as session:
        rows = access.staff_of(session, organisation_id=council_id)
    return render_template("councils/staff.html", form=form, council=council, rows=rows)


@councils.route("/councils/<uuid:council_id>/staff/end", methods=["POST"])
@requires(Permission.ADMINISTER_COUNCIL)
def end_staff(council_id: UUID) -> Response:
    """Take a role away."""
    try:
        user_id, role = UUID(request.form["user_id"]), Role(request.form["role"])
    except ValueError:
        raise NotFoundError from None
    try:
        with transaction() as session:
            commands.end_staff(
                session,
                council_id=council_id,
                user_id=user_id,
                role=role,
                by=current_actor(),
                at=clock.now(),
            )
    except LastAdministratorError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("They no longer have that role.")
    return redirect(url_for("councils.staff", council_id=council_id))


@councils.route("/corrections")
@requires(Permission.OPEN_FUNDING_LINES)
def corrections() -> str:
    """Show what people ask the council to put right."""
    with reading() as session:
        rows = queries.corrections_for(session, council_id=current_actor().works_for)
    return render_template("councils/corrections.html", rows=rows)


@councils.route("/corrections/<uuid:correction_id>", methods=["GET", "POST"])
@requires(Permission.OPEN_FUNDING_LINES)
def answer_correction(correction_id: UUID) -> str | Response:
    """Show one request, and answer it."""
    actor, form = current_actor(), AnswerForm()
    with reading() as session:
        row = queries.correction(session, correction_id=correction_id, council_id=actor.works_for)
    if form.validate_on_submit():
        with transaction() as session:
            commands.answer_correction(
                session,
                correction_id=correction_id,
                answer=form.answer.data,
                by=actor,
                at=clock.now(),
            )
        flash("Your answer is on its way.")
        return redirect(url_for("councils.corrections"))
    return render_template("councils/answer_correction.html", row=row, form=form)


def _open(form: NewPortalForm) -> None:
    actor, at = current_actor(), clock.now()
    assert actor.sign_in_id is not None, "who is signed in has a sign-in"
    with transaction() as session:
        council_id = commands.open_portal(
            session, form.wish(form.slug.data), council_id=form.council_id.data, by=actor, at=at
        )
        # Its maker looks after it from now on, and can change it at once.
        wear_hat(
            session,
            sign_in_id=actor.sign_in_id,
            role=Role.ADMINISTRATOR,
            hat_id=council_id,
            by=actor,
            at=at,
        )


def _own(council_id: UUID) -> CouncilCard:
    if council_id != current_actor().works_for:
        raise NotFoundError
    with reading() as session:
        return queries.council(session, council_id=council_id)
