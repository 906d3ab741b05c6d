"""What is typed on the pages of messages and worries."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField

from marketplace.councils.queries import CouncilCard
from marketplace.talk.commands import NewConcern, NewMessage
from marketplace.talk.errors import BadWordsError
from marketplace.talk.rules import (
    CONCERN_LENGTH_MAX,
    LINE_LENGTH_MAX,
    MESSAGE_LENGTH_MAX,
    NOTE_LENGTH_MAX,
    REPORT_LENGTH_MAX,
    CallBack,
    ConcernState,
)
from marketplace.web.fields import LineField, Needed, NoLonger, UuidField, choices, one_of, tidy


class Saying(FlaskForm):  # type: ignore[misc]
    """A form beside whose fields a refusal of the room stands."""

    def say(self, refusal: BadWordsError) -> None:
        """Put a refusal beside the answer it is about."""
        field = self[refusal.field]
        field.errors = [*field.errors, str(refusal)]


class WorryForm(Saying):
    """What worries somebody, about whom, and whether they may be called back."""

    concern_id = UuidField()
    words = TextAreaField(
        "What worries you?",
        [Needed("Write what worries you."), NoLonger(CONCERN_LENGTH_MAX)],
        description="What you saw or heard, where and when. A few words are enough.",
    )
    about = LineField(
        "Who is it about, if you know?",
        [NoLonger(LINE_LENGTH_MAX)],
        description="A name, or where they live. It may be you.",
    )
    council = SelectField(
        "Where do they live?", validators=[Needed("Choose the council where they live.")]
    )
    call_back = RadioField(
        "May the team get back to you?",
        choices=choices((each.value, each.label) for each in CallBack),
        default=CallBack.NO.value,
    )
    reach = LineField(
        "Your phone number or e-mail address",
        [NoLonger(LINE_LENGTH_MAX)],
        description="Only if you said yes. Say when it is safe to ring, too.",
    )
    writer_name = LineField(
        "Your name, if you want to say it",
        [NoLonger(LINE_LENGTH_MAX)],
        description="You do not have to.",
    )

    def offer(self, councils: Sequence[CouncilCard], *, here: UUID | None) -> None:
        """Offer every council, the one whose portal this is first chosen."""
        self.council.choices = one_of((str(each.id), each.name) for each in councils)
        if not self.is_submitted() and here is not None:
            self.council.data = str(here)

    def wish(self) -> NewConcern:
        """Return what was typed as a command."""
        return NewConcern(
            concern_id=self.concern_id.data,
            council_id=UUID(self.council.data),
            words=tidy(self.words.data or ""),
            about=self.about.data or "",
            call_back=CallBack(self.call_back.data),
            reach=self.reach.data or "",
            writer_name=self.writer_name.data or "",
        )


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What the team did, and whether that is all."""

    step_id = UuidField()
    note = TextAreaField(
        "What was done?",
        [Needed("Write what was done, or why it is closed."), NoLonger(NOTE_LENGTH_MAX)],
        description="Only your team reads this.",
    )
    state = RadioField(
        "And now?",
        choices=choices(
            [
                (ConcernState.LOOKED_AT.value, "We go on looking at it"),
                (ConcernState.CLOSED.value, "It is closed"),
            ]
        ),
        default=ConcernState.LOOKED_AT.value,
    )


class MessageForm(Saying):
    """What somebody writes to the others, and a file."""

    message_id = UuidField()
    words = TextAreaField(
        "Your message", [Needed("Write your message."), NoLonger(MESSAGE_LENGTH_MAX)]
    )
    attachment = FileField(
        "A picture or a paper, if you like",
        description="A JPEG, PNG or WebP picture of up to 10 MB, or a PDF file or plain text of "
        "up to 5 MB.",
    )

    def message(self) -> NewMessage:
        """Return what was typed as a command."""
        sent = self.attachment.data
        return NewMessage(
            message_id=self.message_id.data,
            words=tidy(self.words.data or ""),
            file_name=(sent.filename or "") if sent else "",
            file=sent.read() if sent else None,
        )


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with a message."""

    words = TextAreaField(
        "What is wrong with it?",
        [Needed("Say what is wrong with it."), NoLonger(REPORT_LENGTH_MAX)],
        description="The council’s moderators read this and that one message, no other.",
    )
