"""Our fields have the same anatomy as GOV.UK Frontend's own, as its Jinja port renders them."""

import re
from collections import Counter

import jinja2
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from wtforms import (
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)

REFERENCE = jinja2.Environment(
    loader=jinja2.PrefixLoader(
        {"govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja")}
    ),
    # The port leans on parameters that nobody gave.
    undefined=jinja2.ChainableUndefined,
    autoescape=True,
)
CHOICES = {"a": "Apples", "b": "Bread"}
ITEMS = [{"value": value, "text": text} for value, text in CHOICES.items()]
ERROR = {"text": "Say which."}


class Shopping(Form):  # type: ignore[misc]
    """One field of each kind that GOV.UK Frontend has a component for."""

    name = StringField(
        "Name", [validators.InputRequired("Say which.")], description="As on letters"
    )
    story = TextAreaField("Story", [validators.InputRequired("Say which.")])
    council = SelectField("Council", [validators.AnyOf(["c"], "Say which.")], choices=CHOICES)
    kind = RadioField("Kind", [validators.InputRequired("Say which.")], choices=CHOICES)
    more = SelectMultipleField(
        "More",
        [validators.InputRequired("Say which.")],
        choices=CHOICES,
        widget=widgets.ListWidget(),
        option_widget=widgets.CheckboxInput(),
    )


COMPONENTS: dict[str, tuple[str, dict[str, object]]] = {
    "name": ("input", {"label": {"text": "Name"}, "hint": {"text": "As on letters"}}),
    "story": ("textarea", {"label": {"text": "Story"}}),
    "council": ("select", {"label": {"text": "Council"}, "items": ITEMS}),
    "kind": ("radios", {"fieldset": {"legend": {"text": "Kind"}}, "items": ITEMS}),
    "more": ("checkboxes", {"fieldset": {"legend": {"text": "More"}}, "items": ITEMS}),
}


def anatomy(html: str) -> Counter[tuple[str, str]]:
    """Return which parts there are, by tag and class, without looks such as sizes and widths."""
    parts: Counter[tuple[str, str]] = Counter()
    for tag in BeautifulSoup(html, "html5lib").select("body *"):
        for name in tag.get("class") or ():
            if re.fullmatch(r"govuk-[a-z_-]+?(--error)?", name) and not re.search(
                r"--(?!error)|visually-hidden", name
            ):
                parts[tag.name, name] += 1
    return parts


@pytest.mark.parametrize("when", ["at first", "after an error"])
@pytest.mark.parametrize("field", COMPONENTS)
def test_a_field_has_the_parts_of_the_design_system(base_app: Flask, field: str, when: str) -> None:
    component, values = COMPONENTS[field]
    form = Shopping()
    if when == "after an error":
        form.validate()
        values = {**values, "errorMessage": ERROR}
    macro = "govuk" + component.capitalize()
    reference = REFERENCE.from_string(
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro} %}}'
        f"{{{{ {macro}(values) }}}}"
    ).render(values={"id": field, "idPrefix": field, "name": field, **values})

    page = '{% from "components/field.html" import field %}{{ field(form[name]) }}'
    ours = base_app.jinja_env.from_string(page).render(form=form, name=field)

    expected, found = anatomy(reference), anatomy(ours)
    # Ours says each error in a paragraph inside the message; theirs is the paragraph itself.
    expected.pop(("p", "govuk-error-message"), None)
    found.pop(("div", "govuk-error-message"), None)
    assert expected, "the reference rendered nothing to compare with"
    assert found == expected
