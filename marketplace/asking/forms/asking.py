"""What is typed to ask the market, in four short pages."""

from collections.abc import Mapping

from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from marketplace.asking.commands import PostAsk
from marketplace.asking.errors import BadAskError
from marketplace.asking.forms.common import Saying, SomePlace
from marketplace.asking.rules import TITLE_LENGTH_MAX, WORDS_LENGTH_MAX, BudgetPer, Often
from marketplace.kernel.labels import labels
from marketplace.web.fields import (
    DayField,
    LineField,
    MoneyField,
    Needed,
    NoLonger,
    UuidField,
    choices,
    one_of,
    ticks,
    tidy,
)
from marketplace.web.steps import StepForm

PLACE_LENGTH_MAX = 60


class AskStep(Saying, StepForm):
    """What every page of asking carries: the id that makes two clicks one ask."""

    ask_id = UuidField()


class NeedForm(AskStep):
    """What somebody needs, in their own words."""

    title = LineField(
        "What do you need, in a few words?",
        [Needed("Say in a few words what you need."), NoLonger(TITLE_LENGTH_MAX)],
        description="For example: Somebody to swim with",
    )
    words = TextAreaField(
        "Tell providers a little more",
        [Needed("Tell providers a little about it."), NoLonger(WORDS_LENGTH_MAX)],
        description="What would help? What matters to you? Leave out your name and address.",
    )


class WhereForm(AskStep):
    """What kind of support it is, where, and when."""

    category = SelectField(
        "What kind of support is it?",
        validators=[Needed("Choose what kind of support it is.")],
    )
    near = LineField(
        "Where is it needed?",
        [
            Needed("Enter a postcode, its first half, or a town."),
            NoLonger(PLACE_LENGTH_MAX),
            SomePlace(),
        ],
        description="A postcode or a town. Providers see only the first half of the postcode, "
        "and we keep no more.",
    )
    often = RadioField(
        "How often?",
        choices=choices((each.value, each.label) for each in Often),
        default=Often.UNSURE.value,
    )
    days = ticks("Which days are good?", "days", "Tick none if it does not matter.")
    times = ticks("Which times of day?", "times", "Tick none if it does not matter.")
    from_on = DayField("From which day?", description="You can leave this empty. Like {day}.")

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer every kind of support."""
        self.category.choices = one_of(names.items())


class WishesForm(AskStep):
    """Who it is for, who should come, money, and how long answers are waited for."""

    for_whom = ticks("Who is it for?", "for_whom", "Tick what providers should know about.")
    languages = ticks("Which language should they speak?", "languages", "One of them is enough.")
    gender = RadioField(
        "Who should come?",
        choices=choices([("", "It does not matter"), *labels("genders").items()]),
        default="",
    )
    budget = MoneyField("How much money do you think of?", description="You can leave this empty.")
    budget_per = SelectField(
        "For how much support is that?",
        choices=choices((each.value, each.label.capitalize()) for each in BudgetPer),
        default=BudgetPer.HOUR.value,
    )
    budget_shown = BooleanField("Providers may see how much money I think of")
    answers_until = DayField(
        "Until which day do you want answers?", description="Like {day}. You can make it longer."
    )


class CheckForm(AskStep):
    """The last page: nothing to fill in."""


def ask_wish(need: NeedForm, where: WhereForm, wishes: WishesForm) -> PostAsk:
    """Return what was typed on all pages as a command."""
    return PostAsk(
        ask_id=need.ask_id.data,
        title=need.title.data or "",
        words=tidy(need.words.data or ""),
        category=where.category.data or "",
        near=where.near.data or "",
        often=Often(where.often.data or Often.UNSURE),
        days=where.days.chosen,
        times=where.times.chosen,
        from_on=where.from_on.data,
        for_whom=wishes.for_whom.chosen,
        languages=wishes.languages.chosen,
        gender=wishes.gender.data or "",
        budget=wishes.budget.data,
        budget_per=BudgetPer(wishes.budget_per.data or BudgetPer.HOUR),
        budget_shown=bool(wishes.budget_shown.data),
        answers_until=wishes.answers_until.data,
    )


def say_where_it_belongs(forms: Mapping[str, AskStep], refusal: BadAskError) -> str:
    """Put a refusal beside its field; return the page on which that is."""
    page = next(name for name, form in forms.items() if refusal.field in form)
    forms[page].say(refusal)
    return page
