"""Money asked back: the council's notices and decisions, and the person's answer."""

from io import BytesIO
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Actor, Permission, Scope
from marketplace.budgets import commands, queries
from marketplace.budgets.errors import BadLineError
from marketplace.budgets.forms.clawbacks import AnswerNoticeForm, DecideForm, NoticeForm
from marketplace.budgets.views.blueprint import budgets
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.paging import page_number


@budgets.route("/clawbacks")
@requires(Permission.ASK_BACK)
def clawbacks() -> str:
    """Show what the council asked back, and the lines of which it may."""
    actor, page = current_actor(), page_number(request.args.get("page"))
    with reading() as session:
        found = queries.clawbacks_of_council(session, council_id=actor.works_for)
        lines = queries.lines_of_council(session, council_id=actor.works_for, page=page)
    return render_template("budgets/clawbacks.html", clawbacks=found, lines=lines)


@budgets.route("/clawbacks/new/<uuid:line_id>", methods=["GET", "POST"])
@requires(Permission.ASK_BACK)
def give_notice(line_id: UUID) -> str | Response:
    """Ask what the council wants back, and why."""
    actor, at, form = current_actor(), clock.now(), NoticeForm()
    with reading() as session:
        line = queries.line_of_council(session, line_id=line_id, council_id=actor.works_for)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.give_notice(session, form.wish(line_id), by=actor, at=at)
        except BadLineError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash("They get a letter. Nothing is taken before somebody else decides.")
            return redirect(url_for("budgets.clawbacks"))
    return render_template("budgets/give_notice.html", form=form, line=line)


@budgets.route("/clawbacks/<uuid:clawback_id>", methods=["GET", "POST"])
@requires(Permission.ASK_BACK)
def clawback(clawback_id: UUID) -> str | Response:
    """Show a notice to the council, and ask a second officer what they decide."""
    actor, at, form = current_actor(), clock.now(), DecideForm()
    with reading() as session:
        found = queries.clawback_for(session, clawback_id=clawback_id, seen_by=actor)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                taken = commands.decide_clawback(session, form.wish(clawback_id), by=actor, at=at)
        except BadLineError as refusal:
            form.say(refusal.field, str(refusal))
        else:
            flash(f"It is decided. {taken} went back to the council.")
            return redirect(url_for("budgets.clawback", clawback_id=clawback_id))
    return render_template(
        "budgets/clawback.html",
        form=form,
        clawback=found,
        may_decide=found.may_be_decided(at) and found.noticed_by_id != actor.user_id,
        is_mine=found.noticed_by_id == actor.user_id,
    )


@budgets.route("/clawbacks/<uuid:clawback_id>/paper")
@requires(Permission.ASK_BACK)
def clawback_paper(clawback_id: UUID) -> Response:
    """Send the council the paper that came with a notice."""
    return _paper(clawback_id, current_actor())


@budgets.route("/wallet/notices/<uuid:clawback_id>")
@requires(Permission.SEE_WALLET)
def notice(clawback_id: UUID) -> str:
    """Show the person what a council wants back, and ask whether it is right."""
    return _notice(clawback_id, AnswerNoticeForm())


@budgets.route("/wallet/notices/<uuid:clawback_id>/answer", methods=["POST"])
@requires(Permission.SEE_WALLET)
def answer_notice(clawback_id: UUID) -> str | Response:
    """Keep what the person says to a notice."""
    actor, form = current_actor(), AnswerNoticeForm()
    if not form.validate_on_submit():
        return _notice(clawback_id, form)
    try:
        with transaction() as session:
            commands.answer_notice(
                session,
                clawback_id=clawback_id,
                agrees=form.agrees.data == "yes",
                words=form.words.data,
                by=actor,
                at=clock.now(),
            )
    except BadLineError as refusal:
        form.say(refusal.field, str(refusal))
        return _notice(clawback_id, form)
    flash("The council reads what you said before it decides.")
    return redirect(url_for("budgets.notice", clawback_id=clawback_id))


@budgets.route("/wallet/notices/<uuid:clawback_id>/paper")
@requires(Permission.SEE_WALLET)
def notice_paper(clawback_id: UUID) -> Response:
    """Send the person the paper that came with a notice."""
    return _paper(clawback_id, current_actor())


def _notice(clawback_id: UUID, form: AnswerNoticeForm) -> str:
    actor = current_actor()
    with reading() as session:
        found = queries.clawback_for(session, clawback_id=clawback_id, seen_by=actor)
    return render_template(
        "budgets/notice.html", form=form, clawback=found, may_answer=_may_answer(actor)
    )


def _paper(clawback_id: UUID, actor: Actor) -> Response:
    with reading() as session:
        name, media_type, content = queries.clawback_file(
            session, clawback_id=clawback_id, seen_by=actor
        )
    # Never opened in the page: whoever sent it is not trusted to send only a picture.
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def _may_answer(actor: Actor) -> bool:
    return not actor.acts_for_another or bool(actor.scopes & {Scope.PAY, Scope.PLAN})
