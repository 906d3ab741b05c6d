"""Who should come: a worker, a language, a gender; only what the store has is asked."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
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


def chosen_in(form: FlaskForm, name: str) -> str:
    """Return what was chosen of a wish that may not have been asked for."""
    return (form[name].data or "") if name in form else ""


def _named(topic: str, slugs: Sequence[str]) -> list[tuple[str, str]]:
    known = labels(topic)
    return [(slug, known[slug]) for slug in slugs if slug in known]
