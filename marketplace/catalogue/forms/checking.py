"""Evidence, what councils want of it, and appeals."""

from collections.abc import Collection
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional

from marketplace.catalogue.commands import AddEvidence, AnswerAppeal, AskAgain, AskForEvidence
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import CheckState, EvidenceKind, NeededKinds
from marketplace.web.fields import (
    DayField,
    LineField,
    Needed,
    NoLonger,
    TickField,
    UuidField,
    choices,
)

_STAYS = "stays"
EVERYBODY = "everybody"


def kind_choices() -> list:  # type: ignore[type-arg]
    """Return the kinds of evidence in words."""
    return choices((kind.value, kind.label) for kind in EvidenceKind)


class EvidenceForm(FlaskForm):  # type: ignore[misc]
    """Something that can be shown to a council."""

    evidence_id = UuidField()
    kind = RadioField(
        "What is it?",
        [InputRequired("Choose what it is.")],
        choices=kind_choices(),
    )
    note = LineField(
        "What does it say?",
        [Needed("Say what it is, like: public liability, £5 million."), NoLonger(500)],
        description="Say its number and who gave it out. Like: enhanced DBS, number 0012 3456.",
    )
    issued_on = DayField(
        "When was it issued?", [Optional()], description="Like {past}. Leave empty if unsure."
    )
    expires_on = DayField(
        "Last day on which it counts",
        [Optional()],
        description="Like {far}. Leave empty if it does not run out.",
    )
    paper = FileField(
        "The paper itself",
        description="A photo, a PDF file or plain text, up to 5 MB. Only you and the councils "
        "you asked to check you can open it.",
    )

    def wish(self) -> AddEvidence:
        """Return what was typed as a command."""
        sent = self.paper.data if self.paper.data and self.paper.data.filename else None
        return AddEvidence(
            evidence_id=self.evidence_id.data,
            kind=EvidenceKind(self.kind.data),
            note=self.note.data,
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
            paper_name=sent.filename if sent else "",
            paper=sent.read() if sent else None,
        )


class AskForEvidenceForm(FlaskForm):  # type: ignore[misc]
    """What a council wants to see of a provider."""

    ask_id = UuidField()
    kind = RadioField(
        "What do you want to see?",
        [InputRequired("Choose what you want to see.")],
        choices=kind_choices(),
    )
    words = TextAreaField(
        "A few words to the provider",
        [Optional(), NoLonger(1000)],
        description="For example: the copy cannot be read. Please send it again.",
    )

    def wish(self, provider_id: UUID) -> AskForEvidence:
        """Return what was typed as a command."""
        return AskForEvidence(
            ask_id=self.ask_id.data,
            provider_id=provider_id,
            kind=EvidenceKind(self.kind.data),
            words=self.words.data or "",
        )


class NeededForm(FlaskForm):  # type: ignore[misc]
    """Which evidence a council wants of those who sell one kind of support, or of everybody."""

    category = RadioField("For whom?", [InputRequired("Choose for whom.")])
    kinds = TickField("What do you want to see?", default=())

    def offer_categories(self, rows: Collection[CategoryRow]) -> None:
        """Let everybody, or one kind of support, be chosen."""
        named = [(row.slug, row.name) for row in rows]
        self.category.choices = choices([(EVERYBODY, "Everybody"), *named])
        self.kinds.choices = kind_choices()

    def changed(self, needed: NeededKinds) -> dict[str, frozenset[EvidenceKind]]:
        """Return what a council wants with what was ticked in its place."""
        category = "" if self.category.data == EVERYBODY else self.category.data
        ticked = frozenset(EvidenceKind(kind) for kind in self.kinds.chosen)
        return {**needed, category: ticked}


class AppealForm(FlaskForm):  # type: ignore[misc]
    """Why a decision is wrong."""

    appeal_id = UuidField()
    words = TextAreaField(
        "What is wrong with the decision?",
        [Needed("Say what is wrong."), NoLonger(2000)],
        description="Say what has changed, or what the council did not know.",
    )

    def wish(self, council_id: UUID) -> AskAgain:
        """Return what was typed as a command."""
        return AskAgain(appeal_id=self.appeal_id.data, council_id=council_id, words=self.words.data)


class AnswerAppealForm(FlaskForm):  # type: ignore[misc]
    """What is said to an appeal."""

    decision = RadioField(
        "What do you decide?",
        [InputRequired("Choose what you decide.")],
        choices=choices(
            [
                (_STAYS, "The decision stays"),
                (CheckState.CHECKED.value, "Changed: the provider is checked"),
                (CheckState.APPLIED.value, "Changed: the provider counts as not yet checked"),
            ]
        ),
    )
    answer = TextAreaField(
        "Why?",
        [Needed("Say why. The provider reads it."), NoLonger(2000)],
        description="The provider reads this.",
    )

    def wish(self, appeal_id: UUID) -> AnswerAppeal:
        """Return what was typed as a command."""
        chosen = self.decision.data
        return AnswerAppeal(
            appeal_id=appeal_id,
            instead=None if chosen == _STAYS else CheckState(chosen),
            answer=self.answer.data,
        )
