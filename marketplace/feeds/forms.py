"""What people say about the entries of other catalogues."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from marketplace.feeds.rules.answering import Answer


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Whether something of a source is here already."""

    answer = RadioField(
        "Is it the same?",
        [InputRequired("Choose one of the three.")],
        choices=[SelectChoice(answer.value, answer.label) for answer in Answer],
    )

    @property
    def chosen(self) -> Answer:
        """The answer that was chosen."""
        return Answer(self.answer.data)
