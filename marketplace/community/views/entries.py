"""The entries of one's group: adding, changing, ending, and the days that are different."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.community import commands, queries
from marketplace.community.errors import BadEntryError, BadTimetableError
from marketplace.community.forms import DateForm, ListingForm
from marketplace.community.queries import ListingCard
from marketplace.community.rules import ListingKind
from marketplace.community.views.blueprint import community
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.kernel.errors import NotFoundError

_DATES_SHOWN_DAYS = 120
_DATES_SHOWN_MAX = 20


@community.route("/groups/<slug>/entries/add")
@requires(Permission.SIGNED_IN)
def choose_kind(slug: str) -> str:
    """Ask what sort of entry is to be added."""
    with reading() as session:
        card = queries.kept_group(session, slug=slug, by=current_actor()).card
    return render_template("community/choose_kind.html", group=card, kinds=list(ListingKind))


@community.route("/groups/<slug>/entries/add/<kind>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def add_listing(slug: str, kind: str) -> str | Response:
    """Ask for a new entry; one that is there can be copied into the questions."""
    if kind not in list(ListingKind):
        raise NotFoundError
    actor, form = current_actor(), ListingForm()
    form.begin(ListingKind(kind))
    with reading() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
        copied = _copied(request.args.get("copy", ""))
        if copied is not None:
            original = queries.kept_listing(session, listing_id=copied, by=actor)
            form.offer_to_keep(original)
            if request.method == "GET":
                form.show(original)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_listing(
                    session, form.wish(), group_id=card.id, by=actor, at=clock.now()
                )
        except (BadEntryError, BadTimetableError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash(f"“{form.title.data}” is added.")
            return redirect(url_for("community.keep", slug=slug))
    return render_template(
        "community/listing_form.html", form=form, group=card, listing=None, kind=form.kind
    )


@community.route("/activities/<uuid:listing_id>/change", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def change_listing(listing_id: UUID) -> str | Response:
    """Change an entry of one's group."""
    actor, form = current_actor(), ListingForm()
    card = _kept(listing_id)
    form.begin(card.kind)
    form.offer_to_keep(card)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_listing(session, form.wish(card.id), by=actor, at=clock.now())
        except (BadEntryError, BadTimetableError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Your changes are saved.")
            return redirect(url_for("community.keep", slug=card.group.slug))
    if request.method == "GET":
        form.show(card)
    return render_template(
        "community/listing_form.html", form=form, group=card.group, listing=card, kind=card.kind
    )


@community.route("/activities/<uuid:listing_id>/end", methods=["POST"])
@requires(Permission.SIGNED_IN)
def end_listing(listing_id: UUID) -> Response:
    """Say that an entry of one's group no longer counts."""
    card = _kept(listing_id)
    with transaction() as session:
        commands.end_own_listing(session, listing_id=listing_id, by=current_actor(), at=clock.now())
    flash(f"“{card.title}” has ended. You can put it back at any time.")
    return redirect(url_for("community.keep", slug=card.group.slug))


@community.route("/activities/<uuid:listing_id>/bring-back", methods=["POST"])
@requires(Permission.SIGNED_IN)
def bring_back(listing_id: UUID) -> Response:
    """Put an entry that had ended back."""
    card = _kept(listing_id)
    with transaction() as session:
        commands.bring_back(session, listing_id=listing_id, by=current_actor(), at=clock.now())
    flash(f"“{card.title}” is back. Look whether its days are still right.")
    return redirect(url_for("community.keep", slug=card.group.slug))


@community.route("/activities/<uuid:listing_id>/confirm", methods=["POST"])
@requires(Permission.SIGNED_IN)
def confirm_listing(listing_id: UUID) -> Response:
    """Say that everything in an entry is still right."""
    card = _kept(listing_id)
    with transaction() as session:
        commands.confirm_own_listing(
            session, listing_id=listing_id, by=current_actor(), at=clock.now()
        )
    flash(f"Thank you. “{card.title}” is confirmed.")
    return redirect(url_for("community.keep", slug=card.group.slug))


@community.route("/groups/<slug>/confirm-all", methods=["POST"])
@requires(Permission.SIGNED_IN)
def confirm_all(slug: str) -> Response:
    """Say that everything in all entries is still right."""
    actor = current_actor()
    with transaction() as session:
        card = queries.kept_group(session, slug=slug, by=actor).card
        count = commands.confirm_all(session, group_id=card.id, by=actor, at=clock.now())
    flash(f"Thank you. {'1 entry is' if count == 1 else f'{count} entries are'} confirmed.")
    return redirect(url_for("community.keep", slug=slug))


@community.route("/activities/<uuid:listing_id>/dates")
@requires(Permission.SIGNED_IN)
def dates(listing_id: UUID) -> str:
    """Show the coming times of an entry, and what is different about each."""
    card, at = _kept(listing_id), clock.now()
    if not card.has_times:
        raise NotFoundError
    coming = card.occurrences(clock.local_day(at), _DATES_SHOWN_DAYS)
    return render_template("community/dates.html", listing=card, coming=coming[:_DATES_SHOWN_MAX])


@community.route("/activities/<uuid:listing_id>/dates/<day>", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def change_date(listing_id: UUID, day: str) -> str | Response:
    """Cancel or move one time of an entry."""
    card, form, on_day = _kept(listing_id), DateForm(), _day(day)
    here = next((each for each in card.occurrences(on_day, 1) if each.day == on_day), None)
    if here is None and not card.schedule.days(first=on_day, days=1):
        raise NotFoundError
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_date(
                    session, form.wish(listing_id, on_day), by=current_actor(), at=clock.now()
                )
        except (BadTimetableError, BadEntryError) as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("People see the change now.")
            return redirect(url_for("community.dates", listing_id=listing_id))
    if request.method == "GET" and request.args.get("what") in {"cancelled", "moved"}:
        form.what.data = request.args["what"]
    return render_template("community/change_date.html", form=form, listing=card, on_day=on_day)


@community.route("/activities/<uuid:listing_id>/dates/<day>/undo", methods=["POST"])
@requires(Permission.SIGNED_IN)
def undo_date(listing_id: UUID, day: str) -> Response:
    """Let one time of an entry take place as planned after all."""
    on_day = _day(day)
    with transaction() as session:
        commands.undo_date(
            session, listing_id=listing_id, on_day=on_day, by=current_actor(), at=clock.now()
        )
    flash("It takes place as planned.")
    return redirect(url_for("community.dates", listing_id=listing_id))


def _kept(listing_id: UUID) -> ListingCard:
    with reading() as session:
        return queries.kept_listing(session, listing_id=listing_id, by=current_actor())


def _copied(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NotFoundError from None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotFoundError from None
