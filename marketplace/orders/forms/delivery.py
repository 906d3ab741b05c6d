"""What is said of visits: on the day page, on the page of one visit, and by phones later on."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from marketplace.kernel.pictures import CleanPicture, NoPictureError, clean_picture
from marketplace.orders.commands import CheckIn, NoteDelivery, Sent
from marketplace.orders.errors import BadLineError
from marketplace.orders.forms.buying import MomentForm
from marketplace.orders.queries import DayVisit
from marketplace.orders.rules import (
    ALT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    HowMuch,
    NoteKind,
    read_how_much,
)
from marketplace.web.fields import DayField, LineField, NoLonger, TimeField, UuidField

PHOTO_SIDE_MAX = 1600
PHOTO_MEGABYTES_MAX = 12
"""A phone's own pictures are smaller; it is made smaller anyway."""
TODAY = "today"


def _how_much(kind: NoteKind, typed: str) -> HowMuch:
    return read_how_much(typed) if kind is NoteKind.PART else HowMuch()


class KeyForm(FlaskForm):  # type: ignore[misc]
    """A button that is one deed, however often it is pressed."""

    key = UuidField()

    @property
    def sent(self) -> Sent:
        """Under which key it was sent."""
        return Sent(self.key.data)


def _photo() -> FileField:
    return FileField(
        "A picture",
        description="JPEG, PNG or WebP. The person, who helps them and your store can see it.",
    )


def _alt() -> LineField:
    return LineField(
        "What does the picture show?",
        validators=[NoLonger(ALT_LENGTH_MAX)],
        description="For people who cannot see it.",
    )


class _WithPicture:
    """Checks a picture that may come with a note, and what it shows."""

    photo: FileField
    alt: LineField
    clean: CleanPicture | None = None

    def validate_photo(self, field: FileField) -> None:
        """Refuse what is no picture, and take everything out of it but the picture."""
        if not getattr(field.data, "filename", ""):
            return
        try:
            self.clean = clean_picture(
                field.data.read(), side_max=PHOTO_SIDE_MAX, megabytes_max=PHOTO_MEGABYTES_MAX
            )
        except NoPictureError as refusal:
            raise ValidationError(str(refusal)) from refusal

    def validate_alt(self, field: LineField) -> None:
        """Refuse a picture that nobody describes."""
        if getattr(self.photo.data, "filename", "") and not field.data:
            raise ValidationError("Say in a few words what the picture shows.")


class NoteForm(_WithPicture, MomentForm):
    """What became of a visit. Everything but the first answer may be left alone."""

    key = UuidField()
    done = HiddenField()
    back = HiddenField()
    outcome = RadioField("What happened?", validate_choice=False)
    how_much = SelectField("If it was part of it: how much?", validate_choice=False)
    words = TextAreaField(
        "Anything to say about it?",
        validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)],
        description="The person reads this.",
    )
    worker = SelectField("Who came?", validate_choice=False, validators=[Optional()])
    on_day = DayField("Which day was it, if another?", description="For example {past}")
    at_time = TimeField("What time did it begin?", description="For example 2pm or 14:30")
    together = BooleanField(
        "The worker was there for somebody else at the same time, as agreed with both"
    )
    photo = _photo()
    alt = _alt()

    def offer(self, one: DayVisit, workers: Sequence[str]) -> None:
        """Offer what can be said of this visit, and those who may have come."""
        self.outcome.choices = [
            SelectChoice(each.kind.value, f"{each.words}. {each.sentence}") for each in one.choices
        ]
        self.how_much.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(value, words) for value, words in one.parts),
        ]
        planned = one.visit.worker or "Nobody named"
        self.worker.choices = [
            SelectChoice("", f"As planned: {planned}"),
            *(SelectChoice(name, name) for name in workers if name != one.visit.worker),
        ]
        if not workers:
            del self.worker
        if not one.visit.timed:
            del self.at_time

    def show(self, one: DayVisit, *, back: str) -> None:
        """Show what was said of this visit before, if something was."""
        self.back.data = TODAY if back == TODAY else ""
        if one.visit.note_kind is not None:
            self.outcome.data = one.visit.note_kind.value
            self.words.data = one.visit.note

    @property
    def kind(self) -> NoteKind | None:
        """What was said to have happened; None if nothing was."""
        if self.done.data == "yes":
            return NoteKind.FULL
        with suppress(ValueError):
            return NoteKind(self.outcome.data or "")
        return None

    def validate_outcome(self, field: RadioField) -> None:
        """Refuse a form that says nothing."""
        if self.kind is None:
            raise ValidationError("Choose what happened.")

    def validate_how_much(self, field: SelectField) -> None:
        """Refuse a part that does not say how much."""
        if self.kind is NoteKind.PART and not field.data:
            raise ValidationError("Choose how much of it happened.")
        if self.kind is NoteKind.PART:
            try:
                read_how_much(field.data)
            except BadLineError as refusal:
                raise ValidationError(str(refusal)) from refusal

    @property
    def photo_lost(self) -> bool:
        """Tell whether a picture has to be chosen again: a page keeps none."""
        return bool(self.errors) and bool(getattr(self.photo.data, "filename", ""))

    def wish(self, visit_id: UUID) -> NoteDelivery:
        """What was said, as a command."""
        assert self.kind is not None, "a valid form says what happened"
        part = _how_much(self.kind, self.how_much.data or "")
        return NoteDelivery(
            visit_id=visit_id,
            note_kind=self.kind,
            part=part.percent,
            minutes=part.minutes,
            words=self.words.data or "",
            worker=(self.worker.data or "") if "worker" in self else "",
            began_at=self.moment,
            together=bool(self.together.data),
            photo=self.clean,
            alt=self.alt.data or "",
            sent=Sent(self.key.data),
        )


class PhoneForm(_WithPicture, FlaskForm):  # type: ignore[misc]
    """A note that a phone kept while it had no network."""

    key = UuidField()
    visit_id = UuidField()
    what = HiddenField()
    how_much = HiddenField()
    words = TextAreaField(validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)])
    said_at = HiddenField()
    photo = _photo()
    alt = _alt()

    @property
    def check_in(self) -> CheckIn | None:
        """What was sent, if somebody arrived or left."""
        if self.what.data not in {"arrived", "left"}:
            return None
        return CheckIn(
            visit_id=self.visit_id.data, arrives=self.what.data == "arrived", sent=self._sent
        )

    @property
    def refusals(self) -> list[str]:
        """What is wrong with what was typed or chosen."""
        return [*self.words.errors, *self.photo.errors, *self.alt.errors]

    @property
    def note(self) -> NoteDelivery:
        """What was sent, as a command.

        Raises:
            BadLineError: it does not say what happened.
        """
        try:
            kind = NoteKind(self.what.data or "")
        except ValueError:
            raise BadLineError("Choose what happened.") from None
        part = _how_much(kind, self.how_much.data or "")
        return NoteDelivery(
            visit_id=self.visit_id.data,
            note_kind=kind,
            part=part.percent,
            minutes=part.minutes,
            words=self.words.data or "",
            photo=self.clean,
            alt=self.alt.data or "",
            sent=self._sent,
        )

    @property
    def _sent(self) -> Sent:
        said_at = None
        with suppress(ValueError, OverflowError):
            read = datetime.fromisoformat(self.said_at.data or "")
            said_at = read.astimezone(UTC) if read.tzinfo else None
        return Sent(self.key.data, said_at)


class TableForm(FlaskForm):  # type: ignore[misc]
    """A filled table of deliveries."""

    file = FileField(
        "The filled table",
        validators=[FileRequired("Choose the file you filled in.")],
        description="A CSV file of at most 200 kB.",
    )


class NoteTableForm(FlaskForm):  # type: ignore[misc]
    """A table that was looked at, and whether its good lines are enough."""

    table = HiddenField()
    which = HiddenField()
