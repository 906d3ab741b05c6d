"""The tables of ratings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.model import Model
from marketplace.ratings.rules import Answers, HidingRule


class Rating(Model):
    """What one person, or a supporter for them, says of one order."""

    __tablename__ = "rating_ratings"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("(reply = '') = (replied_at IS NULL)", name="reply"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_rule IS NULL)", name="hidden"),
        Index("ix_rating_ratings_provider_id", "provider_id", "written_at"),
        Index("ix_rating_ratings_person_id", "person_id"),
        Index("ix_rating_ratings_council_id", "council_id", "written_at"),
    )

    order_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    person_id: Mapped[UUID]
    council_id: Mapped[UUID]
    """Whose moderators keep it fair: the council that paid for the order."""
    author_id: Mapped[UUID]
    by_supporter: Mapped[bool]
    on_time: Mapped[bool]
    to_standard: Mapped[bool]
    again: Mapped[bool]
    score: Mapped[int]
    words: Mapped[str]
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[HidingRule | None]
    hidden_reason: Mapped[str]
    hidden_by_id: Mapped[UUID | None]
    reply: Mapped[str]
    replied_at: Mapped[datetime | None]

    def set_answers(self, answers: Answers) -> None:
        """Say what was thought of the support."""
        self.on_time, self.to_standard = answers.on_time, answers.to_standard
        self.again, self.score, self.words = answers.again, answers.score, answers.words

    def hide(self, rule: HidingRule, reason: str, *, by_user_id: UUID, at: datetime) -> None:
        """Take it out of sight, for a reason that its author reads."""
        self.hidden_at, self.hidden_rule = at, rule
        self.hidden_reason, self.hidden_by_id = reason, by_user_id

    def show(self) -> None:
        """Let everybody see it again."""
        self.hidden_at = self.hidden_rule = self.hidden_by_id = None
        self.hidden_reason = ""


class RatingReport(Model):
    """Somebody thinks that a rating breaks a rule."""

    __tablename__ = "rating_reports"
    __table_args__ = (
        UniqueConstraint("rating_id", "by_user_id"),
        Index("ix_rating_reports_settled_at", "settled_at"),
    )

    rating_id: Mapped[UUID] = mapped_column(ForeignKey(Rating.id))
    by_user_id: Mapped[UUID]
    rule: Mapped[HidingRule]
    words: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When a moderator hid the rating, or decided to leave it."""
