"""What is typed on the pages about one's own data."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from marketplace.councils.queries import CouncilCard
from marketplace.web.fields import Needed, NoLonger, UuidField

WORDS_LENGTH_MAX = 2000
PASSWORD_LENGTH_MAX = 200


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """Something that is wrong, and what it should say."""

    correction_id = UuidField()
    council = RadioField(
        "Which council do you ask?",
        validators=[InputRequired("Choose a council.")],
    )
    what = TextAreaField(
        "What is wrong?",
        validators=[Needed("Say what is wrong."), NoLonger(WORDS_LENGTH_MAX)],
    )
    instead = TextAreaField(
        "What should it say?",
        validators=[Optional(), NoLonger(WORDS_LENGTH_MAX)],
        description="If you know it.",
    )

    def offer(self, councils: Sequence[CouncilCard]) -> None:
        """Let people choose between the councils they belong to."""
        self.council.choices = [SelectChoice(str(each.id), each.name) for each in councils]
        if len(councils) == 1 and self.council.data is None:
            self.council.data = str(councils[0].id)


class EasyReadForm(FlaskForm):  # type: ignore[misc]
    """Whether somebody wants pages in Easy Read."""

    wanted = HiddenField()
    back = HiddenField()


class CloseForm(FlaskForm):  # type: ignore[misc]
    """The second look: only whoever knows the password closes the account."""

    password = PasswordField(
        "Your password",
        validators=[InputRequired("Enter your password."), NoLonger(PASSWORD_LENGTH_MAX)],
    )
