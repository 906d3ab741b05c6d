"""The calendar in somebody's phone: its secret address, made, changed and switched off."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.calendars import commands, queries
from marketplace.calendars.commands import FollowCalendar
from marketplace.calendars.forms import FeedForm
from marketplace.calendars.rules.subjects import Subject, subjects_of
from marketplace.calendars.views.blueprint import calendars
from marketplace.calendars.views.subject import subject_asked_for
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.site import address_of, settings


@calendars.route("/calendar/phone", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def phone() -> str | Response:
    """Make a secret address for a phone, or choose how much it says."""
    actor, form, at = current_actor(), FeedForm(), clock.now()
    subject = subject_asked_for(actor)
    if form.validate_on_submit():
        wish = FollowCalendar(subject, form.chosen)
        with transaction() as session:
            commands.follow(session, wish, secret_key=settings().secret_key, by=actor, at=at)
            commands.choose_words(session, subject=subject, words=form.chosen, by=actor, at=at)
        flash("Your calendar has an address. It is on this page.")
        return _back(subject)
    own = actor.person_id == actor.user_id
    with reading() as session:
        found = queries.feeds_of(
            session,
            user_id=actor.user_id,
            subjects=[subject],
            secret_key=settings().secret_key,
        ).get(subject)
        others = queries.followers_of(session, person_id=actor.user_id) if own else []
    if found is not None and not form.is_submitted():
        form.words.data = found.words.value
    address = address_of("calendars.feed", secret=found.secret) if found and found.secret else ""
    return render_template(
        "calendars/phone.html",
        actor=actor,
        form=form,
        subject=subject,
        subjects=subjects_of(actor),
        feed=found,
        address=address,
        # Phones know by this word that it is a calendar to follow, and ask no more.
        phone_address=f"webcal:{address.partition(':')[2]}" if address else "",
        others=others,
    )


@calendars.route("/calendar/phone/change", methods=["POST"])
@requires(Permission.SIGNED_IN)
def change_address() -> Response:
    """Give a calendar another secret address."""
    actor = current_actor()
    subject = subject_asked_for(actor)
    with transaction() as session:
        commands.change_address(
            session,
            subject=subject,
            secret_key=settings().secret_key,
            by=actor,
            at=clock.now(),
        )
    flash("The address is a new one. The old one does not work any more.")
    return _back(subject)


@calendars.route("/calendar/phone/off", methods=["POST"])
@requires(Permission.SIGNED_IN)
def switch_off() -> Response:
    """Switch off one's own secret address of a calendar."""
    actor = current_actor()
    subject = subject_asked_for(actor)
    with transaction() as session:
        commands.stop_following(session, subject=subject, by=actor, at=clock.now())
    flash("It is switched off. The address does not work any more.")
    return _back(subject)


@calendars.route("/calendar/phone/<uuid:feed_id>/end", methods=["POST"])
@requires(Permission.SEE_WALLET)
def end_follower(feed_id: UUID) -> Response:
    """Switch off the address by which somebody else follows one's own calendar."""
    with transaction() as session:
        commands.end_follower(session, feed_id=feed_id, by=current_actor(), at=clock.now())
    flash("They do not follow your calendar any more.")
    return redirect(url_for("calendars.phone"))


def _back(subject: Subject) -> Response:
    return redirect(url_for("calendars.phone", whose=subject.whose.value))
