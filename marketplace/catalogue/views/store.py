"""Looking after one's own store."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadWordsError
from marketplace.catalogue.forms import (
    CouncilForm,
    StoreForm,
    WorkerForm,
)
from marketplace.catalogue.rules import is_out_of_date, per_unit
from marketplace.catalogue.rules.holidays import capacity_words
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.councils.queries import councils
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.fields import one_of


@catalogue.route("/my-store")
@requires(Permission.KEEP_STORE)
def my_store() -> str:
    """Show everything about one's own store, and what to do next."""
    actor, at = current_actor(), clock.now()
    today = clock.local_day(at)
    with reading() as session:
        store = queries.kept_store(session, by=actor)
        offers = queries.offers_of_provider(
            session, provider_id=store.id, funded_by=frozenset(), with_drafts=True, on=today
        )
        shown = queries.storefront(session, provider_id=store.id, on=today)
        capacity = queries.capacity_of(session, by=actor)
        agreed = queries.agreed_prices_of(session, on=today, by=actor)
    return render_template(
        "catalogue/my_store.html",
        store=store,
        shown=shown,
        capacity=capacity,
        capacity_words=capacity_words,
        offers=offers,
        agreed=agreed,
        titles={offer.id: offer.title for offer in offers},
        out_of_date=is_out_of_date(store.confirmed_at, at=at),
        sees_bank=actor.may(Permission.SEE_EARNINGS),
        today=today,
        per_unit=per_unit,
    )


@catalogue.route("/my-store/details", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def change_store() -> str | Response:
    """Ask what the store says of itself."""
    actor = current_actor()
    with reading() as session:
        store = queries.kept_store(session, by=actor)
    form = StoreForm(data=StoreForm.values_of(store))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.change_store(session, form.wish(), by=actor, at=clock.now())
        except BadWordsError as refusal:
            form.form_errors.append(str(refusal))
        else:
            flash("Your store is changed.")
            return redirect(url_for("catalogue.my_store"))
    return render_template("catalogue/change_store.html", form=form)


@catalogue.route("/my-store/pause", methods=["POST"])
@requires(Permission.KEEP_STORE)
def pause_store() -> Response:
    """Go on holiday."""
    with transaction() as session:
        commands.pause_store(session, by=current_actor(), at=clock.now())
    flash("Your store is closed for a holiday. Nobody can order until you open it again.")
    return redirect(url_for("catalogue.my_store"))


@catalogue.route("/my-store/open", methods=["POST"])
@requires(Permission.KEEP_STORE)
def open_store() -> Response:
    """Come back from a holiday."""
    with transaction() as session:
        commands.open_store(session, by=current_actor(), at=clock.now())
    flash("Your store is open again.")
    return redirect(url_for("catalogue.my_store"))


@catalogue.route("/my-store/confirm", methods=["POST"])
@requires(Permission.KEEP_STORE)
def confirm_store() -> Response:
    """Note that everything is still right."""
    with transaction() as session:
        commands.confirm_store(session, by=current_actor(), at=clock.now())
    flash("Thank you. People see that your store is up to date.")
    return redirect(url_for("catalogue.my_store"))


@catalogue.route("/my-store/workers", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def workers() -> str | Response:
    """Show who works here, and ask for one more."""
    actor = current_actor()
    form = WorkerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                commands.add_worker(
                    session,
                    worker_id=form.worker_id.data,
                    name=form.name.data,
                    about=form.about.data or "",
                    by=actor,
                    at=clock.now(),
                )
        except BadWordsError as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash(f"People can now ask for {form.name.data}.")
            return redirect(url_for("catalogue.workers"))
    with reading() as session:
        store = queries.kept_store(session, by=actor)
    return render_template("catalogue/workers.html", form=form, store=store)


@catalogue.route("/my-store/workers/<uuid:worker_id>/end", methods=["POST"])
@requires(Permission.KEEP_STORE)
def end_worker(worker_id: UUID) -> Response:
    """Take a worker's name off the store."""
    with transaction() as session:
        commands.end_worker(session, worker_id=worker_id, by=current_actor(), at=clock.now())
    flash("That worker is no longer in your store.")
    return redirect(url_for("catalogue.workers"))


@catalogue.route("/my-store/councils", methods=["GET", "POST"])
@requires(Permission.KEEP_STORE)
def my_councils() -> str | Response:
    """Show what councils say of the store, and let it ask one more."""
    actor = current_actor()
    with reading() as session:
        store = queries.kept_store(session, by=actor)
        asked = {said.council_id for said in store.councils}
        others = [card for card in councils(session) if card.id not in asked]
    form = CouncilForm()
    form.council_id.choices = one_of((str(card.id), card.name) for card in others)
    if request.method == "POST" and form.validate():
        with transaction() as session:
            commands.apply_to_council(session, council_id=form.chosen, by=actor, at=clock.now())
        flash("The council has your store on its list now.")
        return redirect(url_for("catalogue.my_councils"))
    return render_template(
        "catalogue/my_councils.html", form=form, store=store, has_others=bool(others)
    )
