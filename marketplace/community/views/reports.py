"""Saying that an entry is wrong, and answering it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.commands import count_try
from marketplace.access.errors import TooManyTriesError
from marketplace.access.guards import current_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.community import commands, queries
from marketplace.community.forms import AnswerReportForm, ReportForm
from marketplace.community.rules import (
    REPORTS_OF_ENTRY_MAX,
    REPORTS_OF_NETWORK_MAX,
    ReportAnswer,
)
from marketplace.community.views.blueprint import community
from marketplace.database import reading, transaction
from marketplace.kernel import clock


@community.route("/activities/<uuid:listing_id>/wrong", methods=["GET", "POST"])
@public
def report(listing_id: UUID) -> str | Response:
    """Ask what is wrong with an entry, signed in or not."""
    form, at = ReportForm(), clock.now()
    with reading() as session:
        card = queries.listing(session, listing_id=listing_id)
    if form.validate_on_submit():
        limits = {
            f"report-entry/network/{request.remote_addr}": REPORTS_OF_NETWORK_MAX,
            f"report-entry/{listing_id}": REPORTS_OF_ENTRY_MAX,
        }
        try:
            with transaction() as session:
                count_try(session, limits=limits, at=at)
            with transaction() as session:
                commands.report_entry(
                    session,
                    report_id=form.report_id.data,
                    listing_id=listing_id,
                    words=form.words.data or "",
                    email=form.email.data or "",
                    at=at,
                )
        except TooManyTriesError as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Thank you. Whoever looks after this entry has your words now.")
            return redirect(url_for("community.activity", listing_id=listing_id))
    return render_template("community/report.html", form=form, listing=card)


@community.route("/groups/reports/<uuid:report_id>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def answer_report(report_id: UUID) -> str | Response:
    """Show what somebody says is wrong, and ask for an answer: of a keeper, or the moderator."""
    actor, form = current_actor(), AnswerReportForm()
    with reading() as session:
        row = queries.report_to_answer(session, report_id=report_id, by=actor)
    if form.validate_on_submit():
        with transaction() as session:
            commands.answer_report(
                session,
                report_id=report_id,
                answer=ReportAnswer(form.answer.data),
                words=form.words.data or "",
                by=actor,
                at=clock.now(),
            )
        flash("Your answer is saved.")
        if actor.may(Permission.MODERATE):
            return redirect(url_for("community.moderate_groups"))
        return redirect(url_for("community.keep", slug=row.group_slug))
    return render_template("community/answer_report.html", form=form, row=row)
