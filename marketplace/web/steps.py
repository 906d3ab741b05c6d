"""Long forms, asked in short pages that need no script and keep nothing on the server."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField

from marketplace.web.fields import TickField, UuidField

SEND = "send"
"""After the last page: all of it is right, and wanted."""


class StepForm(FlaskForm):  # type: ignore[misc]
    """One page of a long form, whose ids make two clicks one deed."""

    def answers(self) -> list[tuple[str, str]]:
        """Return this page's own answers, as another page carries them along."""
        found: list[tuple[str, str]] = []
        for field in self:
            if field.name == "csrf_token" or isinstance(field, UuidField):
                continue
            if isinstance(field, TickField):
                found += [(field.name, each) for each in field.chosen]
            elif isinstance(field, BooleanField):
                found += [(field.name, "y")] if field.data else []
            else:
                typed = field.raw_data[0] if field.raw_data else field.data
                found.append((field.name, "" if typed is None else str(typed)))
        return found


@dataclass(frozen=True, slots=True)
class StepPage:
    """One page of a long form, with what the others carry along."""

    step: str
    number: int
    total: int
    form: StepForm
    carried: tuple[tuple[str, str], ...]
    back: str
    """The page before it, if there is one."""

    @property
    def is_last(self) -> bool:
        """Tell whether everything is looked at once more here."""
        return self.number == self.total


def next_step(forms: Mapping[str, StepForm]) -> str:
    """Return the page that comes: the first that is not right, the one asked for, or the next."""
    steps = list(forms)
    now, wanted = request.form.get("step", steps[0]), request.form.get("go", "")
    if request.method != "POST" or now not in steps:
        return steps[0]
    if wanted in steps[:-1]:
        return wanted
    done = steps.index(now) + 1
    for name in steps[:done]:
        if not forms[name].validate():
            return name
    return steps[done] if done < len(steps) else SEND


def step_page(forms: Mapping[str, StepForm], step: str) -> StepPage:
    """Return one of the pages of a form, the last of which is to look at the others."""
    steps = list(forms)
    place = steps.index(step)
    return StepPage(
        step=step,
        number=place + 1,
        total=len(steps),
        form=forms[step],
        carried=tuple(
            answer for name, form in forms.items() if name != step for answer in form.answers()
        ),
        back=steps[place - 1] if place else "",
    )
