"""The table of what people show to councils."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets.rules.council_views import Shows
from marketplace.kernel.model import Model


class CouncilView(Model):
    """What a person lets a council see of spending from money that is not the council's.

    Without a row it is the total alone.
    """

    __tablename__ = "budget_council_views"
    __table_args__ = (UniqueConstraint("person_id", "council_id"),)

    person_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(index=True)
    shows: Mapped[Shows]
    chosen_by_id: Mapped[UUID]
    chosen_at: Mapped[datetime]
