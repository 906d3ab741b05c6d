"""What somebody types about a pool: its shape, not whether they may."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from marketplace.budgets.commands import InviteToPool, MakePool, PutIntoPool, TakeFromPool
from marketplace.budgets.forms.parts import MoreThanNothing
from marketplace.budgets.queries import LineRow
from marketplace.budgets.rules import POOL_NAME_LENGTH_MAX, WORDS_LENGTH_MAX
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import ZERO, Money
from marketplace.web.fields import LineField, MoneyField, Needed, NoLonger, UuidField


class MakePoolForm(FlaskForm):  # type: ignore[misc]
    """A shared pot: what it is called, what it is for, and from when on another is asked."""

    pool_id = UuidField()
    name = LineField(
        "What is the pool called?",
        description="A short name that all of you know, like: The garden.",
        validators=[Needed("Give the pool a name."), NoLonger(POOL_NAME_LENGTH_MAX)],
    )
    purpose = LineField(
        "What is it for?",
        description="Like: A gardener we share.",
        validators=[Needed("Say what the pool is for."), NoLonger(WORDS_LENGTH_MAX)],
    )
    council = RadioField(
        "Whose money is it?",
        description="All money in a pool is from one council.",
        validators=[InputRequired("Choose a council.")],
    )
    asks_from = MoneyField(
        "From what price on must another member say yes?",
        description="Leave it empty if nobody has to be asked.",
        validators=[Optional(), MoreThanNothing()],
    )

    def offer_councils(self, lines: Sequence[LineRow]) -> None:
        """Offer the councils whose money the person has."""
        names = {str(line.council_id): line.council_name for line in lines}
        self.council.choices = [SelectChoice(*pair) for pair in names.items()]
        if len(names) == 1 and not self.council.data:
            self.council.data = next(iter(names))

    @property
    def wish(self) -> MakePool:
        """What was typed, as a command."""
        return MakePool(
            pool_id=self.pool_id.data,
            name=self.name.data,
            purpose=self.purpose.data,
            council_id=_id(self.council.data),
            asks_from=self.asks_from.data or ZERO,
        )


class InviteToPoolForm(FlaskForm):  # type: ignore[misc]
    """Whom to ask into a pool."""

    invitation_id = UuidField()
    email = EmailField(
        "Their e-mail address",
        description="Or that of somebody who acts for them by law.",
        filters=[lambda typed: (typed or "").strip()],
        validators=[Needed("Enter an e-mail address."), NoLonger(WORDS_LENGTH_MAX)],
    )

    def wish(self, pool_id: UUID) -> InviteToPool:
        """What was typed, as a command."""
        return InviteToPool(
            invitation_id=self.invitation_id.data, pool_id=pool_id, email=self.email.data
        )


class PutIntoPoolForm(FlaskForm):  # type: ignore[misc]
    """How much, from which of one's own money."""

    deposit_id = UuidField()
    line = RadioField("From which money?", validators=[InputRequired("Choose which money.")])
    amount = MoneyField(
        "How much do you put in?", validators=[Needed("Enter an amount."), MoreThanNothing()]
    )

    def offer_lines(self, lines: Sequence[LineRow]) -> None:
        """Offer the lines that money can come from, each with what it has."""
        self.line.choices = [
            SelectChoice(str(line.id), f"{line.label}: {line.available} to spend") for line in lines
        ]
        if len(lines) == 1 and not self.line.data:
            self.line.data = str(lines[0].id)

    def wish(self, pool_id: UUID) -> PutIntoPool:
        """What was typed, as a command."""
        return PutIntoPool(
            deposit_id=self.deposit_id.data,
            pool_id=pool_id,
            line_id=_id(self.line.data),
            amount=cast("Money", self.amount.data),
        )


class TakeFromPoolForm(FlaskForm):  # type: ignore[misc]
    """How much of one's own share to take back."""

    withdrawal_id = UuidField()
    amount = MoneyField(
        "How much do you take out?", validators=[Needed("Enter an amount."), MoreThanNothing()]
    )

    def wish(self, pool_id: UUID, share_id: UUID) -> TakeFromPool:
        """What was typed, as a command."""
        return TakeFromPool(
            withdrawal_id=self.withdrawal_id.data,
            pool_id=pool_id,
            share_id=share_id,
            amount=cast("Money", self.amount.data),
        )


def _id(chosen: str | None) -> UUID:
    try:
        return UUID(chosen or "")
    except ValueError:
        raise NotFoundError from None
