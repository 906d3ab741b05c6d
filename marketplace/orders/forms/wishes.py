"""Who should come: a worker, a language, a gender; only what the store has is asked."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from marketplace.catalogue.queries import OrderableOffer
from marketplace.kernel.labels import labels


def offer_wishes(form: FlaskForm, offer: OrderableOffer) -> None:
    """Ask for a worker, a language and a gender that the store has; leave out what it has not."""
    wishes = {
        "worker_wish": [(worker.name, worker.name) for worker in offer.workers],
        "language_wish": _named("languages", offer.languages),
        "gender_wish": _named("genders", offer.genders),
    }
    for name, choices in wishes.items():
        form[name].choices = [
            SelectChoice("", "It does not matter"),
            *(SelectChoice(value, words) for value, words in choices),
        ]
        if not choices:
            delattr(form, name)


def offer_menu(form: FlaskForm, menu: Sequence[str], *, must_choose: bool) -> None:
    """Ask what of a menu, if there is one; nothing is a choice unless one has to choose."""
    if not menu:
        del form.choice
        return
    form.choice.choices = [SelectChoice(each, each) for each in menu]
    if not must_choose:
        form.choice.choices.append(SelectChoice("", "No choice"))
        form.choice.data = form.choice.data or ""


def check_chosen(field: RadioField) -> None:
    """Refuse what is not on the menu any more, and no choice where one has to choose."""
    known = {each.value for each in field.choices}
    if not field.data and "" not in known:
        raise ValidationError("Choose what you would like.")
    if field.data and field.data not in known:
        raise ValidationError("You cannot choose that any more. Choose something else.")


def chosen_in(form: FlaskForm, name: str) -> str:
    """Return what was chosen of a wish that may not have been asked for."""
    return (form[name].data or "") if name in form else ""


def _named(topic: str, slugs: Sequence[str]) -> list[tuple[str, str]]:
    known = labels(topic)
    return [(slug, known[slug]) for slug in slugs if slug in known]
