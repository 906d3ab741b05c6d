"""What a store shows beside its offers: pictures, papers, times, area, room."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import Form, FormField, IntegerField, RadioField, TextAreaField
from wtforms.validators import NumberRange, Optional

from marketplace.catalogue.commands import TITLE_LENGTH_MAX
from marketplace.catalogue.queries import Storefront
from marketplace.catalogue.rules import (
    ALT_LENGTH_MAX,
    DAYS,
    OPENING_WORDS_MAX,
    ROOM,
    AnswersWithin,
    OpenDay,
    weeks_to_ask,
)
from marketplace.councils.queries import CouncilCard
from marketplace.kernel.labels import label
from marketplace.web.fields import (
    DayField,
    LineField,
    Needed,
    NoLonger,
    TickField,
    TimeField,
    UuidField,
    choices,
)

_DISTRICTS_LENGTH_MAX = 1000


def _alt() -> LineField:
    return LineField(
        "What does the picture show?",
        [Needed("Say what the picture shows."), NoLonger(ALT_LENGTH_MAX)],
        description="People who cannot see the picture hear these words.",
    )


class PictureForm(FlaskForm):  # type: ignore[misc]
    """A picture and what it shows."""

    picture_id = UuidField()
    picture = FileField(
        "Your picture",
        [FileRequired("Choose a picture.")],
        description="A JPEG, PNG or WebP file of no more than 5 MB.",
    )
    alt = _alt()


class DescribeForm(FlaskForm):  # type: ignore[misc]
    """What a picture shows, in other words."""

    alt = _alt()


class DocumentForm(FlaskForm):  # type: ignore[misc]
    """A paper and its title."""

    document_id = UuidField()
    title = LineField(
        "What is it called?",
        [Needed("Say what the document is called."), NoLonger(TITLE_LENGTH_MAX)],
        description="Like: Our terms, or: Easy Read leaflet.",
    )
    document = FileField(
        "The document",
        [FileRequired("Choose a file.")],
        description="A PDF file or a plain text file of no more than 2 MB.",
    )


class OneDay(Form):  # type: ignore[misc]
    """From when until when somebody is there on one day."""

    opens = TimeField("From", [Optional()])
    closes = TimeField("Until", [Optional()])

    def validate(self, extra_validators: object = None) -> bool:
        """Check that both times are there, or none, and in their order."""
        right = bool(super().validate(extra_validators))
        if not right:
            return False
        opens, closes = self.opens.data, self.closes.data
        if (opens is None) is not (closes is None):
            missing = self.opens if opens is None else self.closes
            missing.errors = ["Enter both times, or none if you are closed."]
            return False
        if opens is not None and closes <= opens:
            self.closes.errors = ["The time you close must be later than the time you open."]
            return False
        return True


class TimesForm(FlaskForm):  # type: ignore[misc]
    """When the provider can be reached, and how soon it answers."""

    mon = FormField(OneDay, label("days", "mon"))
    tue = FormField(OneDay, label("days", "tue"))
    wed = FormField(OneDay, label("days", "wed"))
    thu = FormField(OneDay, label("days", "thu"))
    fri = FormField(OneDay, label("days", "fri"))
    sat = FormField(OneDay, label("days", "sat"))
    sun = FormField(OneDay, label("days", "sun"))
    words = LineField(
        "Anything else about your times",
        [Optional(), NoLonger(OPENING_WORDS_MAX)],
        description="Like: closed on bank holidays.",
    )
    answers_within = RadioField(
        "How soon do you usually answer?",
        [Optional()],
        choices=choices(
            [
                ("", "I would rather not say"),
                *((each, each.label.capitalize()) for each in AnswersWithin),
            ]
        ),
        default="",
    )

    @property
    def days(self) -> Sequence[FormField]:
        """The days of the week in their order."""
        return [self[day] for day in DAYS]

    @property
    def opening(self) -> tuple[OpenDay, ...]:
        """The days on which somebody is there."""
        return tuple(
            OpenDay(day, _clock(self[day].form.opens.data), _clock(self[day].form.closes.data))
            for day in DAYS
            if self[day].form.opens.data is not None
        )

    @property
    def promise(self) -> AnswersWithin | None:
        """How soon they say they answer."""
        return AnswersWithin(self.answers_within.data) if self.answers_within.data else None

    @staticmethod
    def values_of(shown: Storefront) -> dict[str, object]:
        """Return a store's times as the values of this form."""
        days = {
            span.day: {"opens": _time(span.opens), "closes": _time(span.closes)}
            for span in shown.opening
        }
        promise = shown.answers_within
        return {
            **days,
            "words": shown.opening_words,
            "answers_within": promise.value if promise else "",
        }


class AreaForm(FlaskForm):  # type: ignore[misc]
    """Where the provider comes to, besides so many miles around."""

    districts = TextAreaField(
        "Which postcode districts do you cover?",
        [Optional(), NoLonger(_DISTRICTS_LENGTH_MAX)],
        description="Write the first half of each postcode, like: LS6, LS7, BD1.",
    )
    councils = TickField("Do you cover the whole of a council’s area?", default=())

    def offer_councils(self, cards: Collection[CouncilCard]) -> None:
        """Let the councils of the market be ticked."""
        self.councils.choices = choices((str(card.id), card.name) for card in cards)

    @property
    def named(self) -> list[str]:
        """The districts that were typed, however they were parted."""
        typed = str(self.districts.data or "").replace(",", " ").replace(";", " ")
        return typed.split()

    @property
    def council_ids(self) -> list[UUID]:
        """The councils that were ticked."""
        return [UUID(each) for each in self.councils.chosen]


class CapacityForm(FlaskForm):  # type: ignore[misc]
    """How many people, and hours a week, a store can take."""

    people = IntegerField(
        "How many people can you help at a time?",
        [Optional(), NumberRange(1, 10_000, "Enter a number between 1 and 10,000.")],
        description="Leave empty if you do not count.",
    )
    hours = IntegerField(
        "How many hours a week can you work?",
        [Optional(), NumberRange(1, 100_000, "Enter a number between 1 and 100,000.")],
        description="All of you together. Leave empty if you do not count.",
    )


class RoomForm(FlaskForm):  # type: ignore[misc]
    """When there is room for somebody new."""

    usual = TickField("When do you usually have room?", default=())
    full_weeks = TickField("In which weeks are you full?", default=())
    full_until = DayField(
        "If you are full now: until when?",
        [Optional()],
        description="The last day without room, like {later}. Leave empty if you have room.",
    )

    def offer_weeks(self, today: date) -> None:
        """Let the parts of a usual week and the next weeks be ticked."""
        self.usual.choices = choices((part, part_in_words(part)) for part in ROOM)
        self.full_weeks.choices = choices(
            (monday.isoformat(), week_in_words(monday)) for monday in weeks_to_ask(today)
        )

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks that were ticked."""
        return [date.fromisoformat(each) for each in self.full_weeks.chosen]


def part_in_words(part: str) -> str:
    """Return a part of the week as people say it: Monday morning."""
    day, _, time = part.partition("-")
    return f"{label('days', day)} {label('times', time).lower()}"


def week_in_words(monday: date) -> str:
    """Return a week by its first and last day: 2 March to 8 March."""
    sunday = monday + timedelta(days=6)
    return f"{monday.day} {monday:%B} to {sunday.day} {sunday:%B}"


def _clock(time: tuple[int, int]) -> str:
    return f"{time[0]:02}:{time[1]:02}"


def _time(kept: str) -> tuple[int, int]:
    hours, _, minutes = kept.partition(":")
    return int(hours), int(minutes)
