"""Joining the market, in four short pages that need no script and keep nothing on the server."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from marketplace.access import queries as access_queries
from marketplace.access.commands import wear_hat
from marketplace.access.guards import find_actor, public
from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands, queries
from marketplace.catalogue.errors import BadOfferError, BadWordsError
from marketplace.catalogue.forms import (
    FirstOfferForm,
    SendForm,
    WhereForm,
    YouForm,
    join_wish,
)
from marketplace.catalogue.rules import Unit, per_unit
from marketplace.catalogue.views.blueprint import catalogue
from marketplace.database import reading, transaction
from marketplace.kernel import clock
from marketplace.web.steps import SEND, StepForm, next_step, step_page

YOU, WHERE, OFFER, CHECK = ("you", "where", "offer", "check")


@catalogue.route("/join", methods=["GET", "POST"])
@public
def join() -> str | Response:
    """Ask who they are, where they work and what they sell; then open their store."""
    actor = find_actor()
    if actor is None:
        return redirect(url_for("access.sign_up", next=url_for("catalogue.join")))
    with reading() as session:
        categories = queries.categories(session)
    you, where, offer, send = YouForm(), WhereForm(), FirstOfferForm(), SendForm()
    offer.offer_categories(categories)
    forms: dict[str, StepForm] = {YOU: you, WHERE: where, OFFER: offer, CHECK: send}
    step = next_step(forms)
    if step == SEND:
        try:
            return _open_store(you, where, offer, actor)
        except (BadWordsError, BadOfferError) as refusal:
            send.form_errors.append(str(refusal))
            step = CHECK
    return render_template(
        "catalogue/join.html",
        page=step_page(forms, step),
        answers=_in_words(you, where, offer),
    )


def _open_store(you: YouForm, where: WhereForm, offer: FirstOfferForm, actor: Actor) -> Response:
    at = clock.now()
    with transaction() as session:
        email = access_queries.person(session, user_id=actor.user_id).email
        wish = join_wish(you, where, offer, email=email)
        provider_id = commands.join(session, wish, by=actor, at=at)
        councils = queries.councils_of_provider(session, provider_id=provider_id)
        if actor.sign_in_id is not None:
            wear_hat(
                session,
                sign_in_id=actor.sign_in_id,
                role=Role.PROVIDER_OWNER,
                hat_id=provider_id,
                by=actor,
                at=at,
            )
    if councils and not any(council.shows for council in councils):
        flash(f"Your store is ready. {councils[0].name} checks it before people can see it.")
    else:
        flash("Your store is open. People see that it is not yet checked.")
    return redirect(url_for("catalogue.my_store"))


def _words(field: SelectField) -> str:
    """Return what was chosen, in the words it was offered in."""
    return next((each.label for each in field.choices if each.value == field.data), "")


def _price_in_words(offer: FirstOfferForm) -> str:
    if offer.price.data is None or offer.unit.data not in list(Unit):
        return ""
    return f"{offer.price.data} {per_unit(Unit(offer.unit.data))}"


def _in_words(
    you: YouForm, where: WhereForm, offer: FirstOfferForm
) -> dict[str, list[tuple[str, str]]]:
    """Return every answer as the last page shows it."""
    chosen = {
        field.name: _words(field)
        for field in (you.kind, where.reach_miles, offer.category, offer.unit)
    }
    return {
        YOU: [
            ("Name", you.name.data or ""),
            ("Who you are", chosen["kind"]),
            ("What you do", you.about.data or ""),
        ],
        WHERE: [
            ("Postcode", where.postcode.data or ""),
            ("How far you travel", chosen["reach_miles"]),
        ],
        OFFER: [
            ("What you offer", offer.title.data or ""),
            ("Kind of support", chosen["category"]),
            ("Price", _price_in_words(offer)),
        ],
    }
