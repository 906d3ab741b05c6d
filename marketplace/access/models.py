"""The tables of people, sign-ins, memberships and circles."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.access.rules import Basis, FeePer, Role
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class User(Model):
    """A human with an account."""

    __tablename__ = "access_users"
    __table_args__ = (UniqueConstraint("email"),)

    email: Mapped[str]
    """Lower-case."""
    name: Mapped[str]
    password_hash: Mapped[str]
    joined_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    """When what a closed account had written was last taken away."""

    @property
    def reset_binding(self) -> str:
        """What kills a link for a new password: its use, or that they have another address."""
        return f"{self.password_hash} {self.email}"


class EmailChange(Model):
    """A wish for another e-mail address; nothing changes until somebody there says yes."""

    __tablename__ = "access_email_changes"
    __table_args__ = (Index("ix_access_email_changes_user_id", "user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    old_email: Mapped[str]
    new_email: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class SignIn(Model):
    """One signed-in browser. Ending the row signs it out."""

    __tablename__ = "access_sign_ins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    secret_hash: Mapped[str]
    """SHA-256 of the secret in the cookie; the secret itself is kept nowhere."""
    device: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    hat_role: Mapped[Role]
    hat_id: Mapped[UUID]
    """Whose hat: the person or the organisation."""


class SignInTries(Model):
    """How often signing in failed lately, by e-mail address and by network address."""

    __tablename__ = "access_sign_in_tries"
    __table_args__ = (UniqueConstraint("key", "window_began_at"),)

    key: Mapped[str]
    window_began_at: Mapped[datetime]
    count: Mapped[int]


class Membership(Model):
    """A role somebody has in a provider or council."""

    __tablename__ = "access_memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role"),
        Index("ix_access_memberships_organisation_id", "organisation_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    """Copied for the list of hats; the organisation's room keeps it true."""
    role: Mapped[Role]
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Supporter(Model):
    """Somebody in a person's circle of support: invited, accepted, ended."""

    __tablename__ = "access_supporters"
    __table_args__ = (
        CheckConstraint("ceiling_pence IS NULL OR ceiling_pence > 0", name="ceiling_positive"),
        Index("ix_access_supporters_person_id", "person_id"),
        Index("ix_access_supporters_supporter_id", "supporter_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    invited_email: Mapped[str]
    supporter_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    """Known once they accept."""
    basis: Mapped[Basis]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    ceiling: Mapped[Money | None] = mapped_column("ceiling_pence")
    ends_before: Mapped[date | None]
    """The first day on which they no longer act; None has no end."""
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CircleRule(Model):
    """How a circle decides. Its id is the person's; a circle without one asks for one yes."""

    __tablename__ = "access_circle_rules"
    __table_args__ = (
        CheckConstraint("yeses BETWEEN 1 AND 2", name="yeses"),
        CheckConstraint("asks_from_pence IS NULL OR asks_from_pence >= 0", name="asks_from"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True, sort_order=-1)
    yeses: Mapped[int]
    """How many yeses a suggested order needs."""
    asks_from: Mapped[Money | None] = mapped_column("asks_from_pence")
    """An order of this price or more waits for a yes although its supporter may place orders."""
    chosen_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    chosen_at: Mapped[datetime]


class Declaration(Model):
    """What a supporter says they earn and for whom they work. Only added to; the last counts."""

    __tablename__ = "access_declarations"
    __table_args__ = (
        UniqueConstraint("supporter_row_id", "number"),
        CheckConstraint("fee_pence IS NULL OR fee_pence > 0", name="fee_positive"),
        CheckConstraint("fee_percent IS NULL OR fee_percent BETWEEN 1 AND 100", name="fee_percent"),
    )

    supporter_row_id: Mapped[UUID] = mapped_column(ForeignKey(Supporter.id))
    number: Mapped[int]
    fee_per: Mapped[FeePer]
    fee: Mapped[Money | None] = mapped_column("fee_pence")
    fee_percent: Mapped[int | None]
    words: Mapped[str]
    """What else there is to know about the fee and the work, in the supporter's own words."""
    sells: Mapped[bool]
    """Do they, or those they work for, sell support?"""
    family: Mapped[bool]
    """Are they of the person's family?"""
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    declared_at: Mapped[datetime]


class DeclaredStore(Model):
    """A store that a supporter, or those they work for, earn from. Only added to."""

    __tablename__ = "access_declared_stores"
    __table_args__ = (UniqueConstraint("declaration_id", "provider_id"),)

    declaration_id: Mapped[UUID] = mapped_column(ForeignKey(Declaration.id))
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]


class FamilyCarer(Model):
    """Somebody of the person's family who is paid for support and need not be in the circle."""

    __tablename__ = "access_family_carers"
    __table_args__ = (Index("ix_access_family_carers_person_id", "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    provider_id: Mapped[UUID]
    provider_name: Mapped[str]
    who: Mapped[str]
    """Their name, or what they are to the person."""
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FamilyDecision(Model):
    """A council's yes or no to family being paid. Only added to; the last of a council counts."""

    __tablename__ = "access_family_decisions"
    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "provider_id",
            "council_id",
            "number",
            name="uq_access_family_decisions_number",
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    provider_id: Mapped[UUID]
    council_id: Mapped[UUID]
    number: Mapped[int]
    agreed: Mapped[bool]
    reason: Mapped[str]
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]
