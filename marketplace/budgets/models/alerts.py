"""The tables of what people want to be told about money, and of what they were told."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.rules.alerts import AlertKind
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Alert(Model):
    """One kind of news about a person's money that they, or a supporter, want to be told."""

    __tablename__ = "budget_alerts"
    __table_args__ = (
        UniqueConstraint("user_id", "person_id", "kind"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint("number >= 0", name="number_not_negative"),
    )

    user_id: Mapped[UUID]
    """Who is told."""
    person_id: Mapped[UUID] = mapped_column(index=True)
    """Whose money it is about."""
    kind: Mapped[AlertKind]
    amount: Mapped[Money] = mapped_column("amount_pence")
    number: Mapped[int]
    """Weeks, days or times, as the kind says."""
    chosen_at: Mapped[datetime]
    looked_at: Mapped[datetime] = mapped_column(index=True)
    """When it was last looked whether there is news."""


class AlertTold(Model):
    """One letter about one cause: a second look at the same cause writes none."""

    __tablename__ = "budget_alerts_told"
    __table_args__ = (UniqueConstraint("alert_id", "cause"),)

    alert_id: Mapped[UUID] = mapped_column(ForeignKey(Alert.id))
    cause: Mapped[str]
    told_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    """When what was told about was no longer so: from then on it can be told about again."""


class PriceSeen(Model):
    """What something cost when it was last looked whether its price rose."""

    __tablename__ = "budget_prices_seen"
    __table_args__ = (UniqueConstraint("alert_id", "offer_id"),)

    alert_id: Mapped[UUID] = mapped_column(ForeignKey(Alert.id))
    offer_id: Mapped[UUID]
    price: Mapped[Money] = mapped_column("price_pence")
    seen_at: Mapped[datetime]


class SpentWeek(Model):
    """What a person spent in one week that is over: a counter for forecasts, read at every page."""

    __tablename__ = "budget_spent_weeks"
    __table_args__ = (UniqueConstraint("person_id", "starts_on"),)

    person_id: Mapped[UUID]
    starts_on: Mapped[date]
    """A Monday."""
    spent: Mapped[Money] = mapped_column("spent_pence")
    """Less than nothing if more was given back than paid."""
