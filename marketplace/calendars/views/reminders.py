"""The letters that remind somebody: chosen here, and stopped without signing in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, public, requires
from marketplace.access.rules import Permission
from marketplace.calendars import commands, queries
from marketplace.calendars.adapters.links import reminder_of
from marketplace.calendars.forms import RemindersForm, StopForm
from marketplace.calendars.rules.reminders import Wish
from marketplace.calendars.rules.subjects import subjects_of
from marketplace.calendars.views.blueprint import calendars
from marketplace.calendars.views.subject import subject_asked_for
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.site import settings


@calendars.route("/calendar/reminders", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def reminders() -> str | Response:
    """Choose when to be written to about a calendar."""
    actor, form = current_actor(), RemindersForm()
    subject = subject_asked_for(actor)
    if form.validate_on_submit():
        with transaction() as session:
            commands.choose_reminders(
                session, subject=subject, wish=form.wish, by=actor, at=clock.now()
            )
        nothing = form.wish.is_nothing
        flash("We do not remind you." if nothing else "We write to you when you chose.")
        return redirect(url_for("calendars.reminders", whose=subject.whose.value))
    if not form.is_submitted():
        with reading() as session:
            wishes = queries.reminders_of(session, user_id=actor.user_id, subjects=[subject])
        form.fill(wishes.get(subject, Wish()))
    return render_template(
        "calendars/reminders.html",
        actor=actor,
        form=form,
        subject=subject,
        subjects=subjects_of(actor),
    )


@calendars.route("/calendar/stop/<token>", methods=["GET", "POST"])
@public
def stop(token: str) -> str | Response:
    """Stop the letters that a link in one of them names, without signing in."""
    # Programs open the links of letters to look at them: only the button stops anything.
    form = StopForm()
    reminder_id = reminder_of(settings().secret_key, token)
    if form.validate_on_submit():
        with transaction() as session:
            commands.stop_reminders(session, reminder_id=reminder_id, at=clock.now())
        return redirect(url_for("calendars.stop", token=token))
    with reading() as session:
        going = queries.reminder(session, reminder_id=reminder_id) is not None
    return render_template("calendars/stop.html", form=form, going=going)
