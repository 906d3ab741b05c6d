"""The community catalogue's tables."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.community.rules import (
    Change,
    ClaimState,
    GroupState,
    HidingRule,
    ListingKind,
    ListingState,
    ReportAnswer,
    Timetable,
)
from marketplace.kernel.ages import Ages
from marketplace.kernel.model import Model
from marketplace.kernel.money import Money


class Group(Model):
    """People who run something for others."""

    __tablename__ = "community_groups"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("(state = 'hidden') = (hidden_by_rule IS NOT NULL)", name="hidden_by_rule"),
    )

    slug: Mapped[str]
    name: Mapped[str]
    about: Mapped[str]
    postcode: Mapped[str]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    council_id: Mapped[UUID | None] = mapped_column(index=True)
    """The council whose portal shows it; None for all of them."""
    state: Mapped[GroupState] = mapped_column(default=GroupState.SHOWN)
    hidden_by_rule: Mapped[HidingRule | None]
    reason: Mapped[str] = mapped_column(default="")
    """Why the council decided so; its keepers read it."""
    decided_at: Mapped[datetime | None]
    checked_by: Mapped[str] = mapped_column(default="")
    """The trusted partner that looked at it last, by the name it had then."""
    checked_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When something that people read was changed last."""
    source_words: Mapped[str] = mapped_column(default="")
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: Mapped[str] = mapped_column(default="")


class Listing(Model):
    """Something a group offers: an activity, an event, advice, volunteering, an hour to swap."""

    __tablename__ = "community_listings"
    __table_args__ = (
        UniqueConstraint("group_id", "slug"),
        CheckConstraint("cost_pence >= 0", name="cost_not_negative"),
        CheckConstraint("(minutes > 0) = (starts <> '')", name="minutes_positive"),
        CheckConstraint(
            "(kind = 'event') = (on_day IS NOT NULL) AND (rrule = '' OR on_day IS NULL)",
            name="rule_or_day",
        ),
        CheckConstraint("kind NOT IN ('activity', 'event') OR starts <> ''", name="has_times"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Group.id))
    slug: Mapped[str]
    kind: Mapped[ListingKind]
    title: Mapped[str]
    category: Mapped[str]
    about: Mapped[str]
    venue: Mapped[str]
    postcode: Mapped[str]
    """Empty where there is no place to go to."""
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    online: Mapped[str] = mapped_column(default="")
    """Where to meet or read online."""
    cost: Mapped[Money] = mapped_column("cost_pence")
    cost_words: Mapped[str]
    cost_known: Mapped[bool] = mapped_column(default=True)
    """False: it came from another catalogue, which does not say what it costs."""
    for_whom: Mapped[list[str]] = mapped_column(JSON)
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]
    access: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    rrule: Mapped[str]
    """RFC 5545 rule; empty for what has none."""
    on_day: Mapped[date | None]
    """The day of a one-off."""
    also_on: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Single days beside the rule, or instead of one: ``2026-03-04``."""
    first_on: Mapped[date | None]
    """From when the rule counts."""
    last_on: Mapped[date | None]
    breaks: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """First and last days of times without it, as of school holidays."""
    not_bank_holidays: Mapped[bool] = mapped_column(default=False)
    starts: Mapped[str]
    """Local time, ``10:30``; empty for what has none."""
    minutes: Mapped[int]
    contact: Mapped[str]
    state: Mapped[ListingState]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    """When somebody last said that all this is still right."""
    changed_at: Mapped[datetime]
    """When something that people read was changed last: calendars ask for it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How often its times were changed (RFC 5545, 3.8.7.4)."""
    source_words: Mapped[str] = mapped_column(default="")
    """The other catalogue it was taken over from, with its licence; empty if none."""
    source_url: Mapped[str] = mapped_column(default="")
    days_until: Mapped[date | None] = mapped_column(index=True)
    """The last day up to which its coming days are written down."""
    nudged_at: Mapped[datetime | None]
    """When its keepers were last asked whether it is still right."""
    indexed_as: Mapped[str] = mapped_column(default="")
    """As how fresh the search was last told of it."""
    checked_by: Mapped[str] = mapped_column(default="")
    """The trusted partner that looked at it last, by the name it had then."""
    checked_at: Mapped[datetime | None]

    @property
    def ages(self) -> Ages:
        """For which ages it is."""
        return Ages(self.youngest, self.oldest)

    @property
    def timetable(self) -> Timetable:
        """The days on which it takes place."""
        return Timetable(
            rule=self.rrule,
            on_day=self.on_day,
            also_on=tuple(date.fromisoformat(each) for each in self.also_on),
            first_on=self.first_on,
            last_on=self.last_on,
            breaks=tuple(
                (date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.breaks
            ),
            not_bank_holidays=self.not_bank_holidays,
        )


class DateException(Model):
    """One day on which an entry does not take place as its timetable says."""

    __tablename__ = "community_exceptions"
    __table_args__ = (
        UniqueConstraint("listing_id", "on_day"),
        CheckConstraint(
            "what = 'moved' OR (moved_on IS NULL AND moved_starts = '' AND moved_venue = '')",
            name="moved",
        ),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id))
    on_day: Mapped[date]
    what: Mapped[Change]
    moved_on: Mapped[date | None]
    moved_starts: Mapped[str]
    moved_venue: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime]


class ComingDay(Model):
    """One day on which an entry takes place, or was to: what its timetable and changes come to."""

    __tablename__ = "community_days"
    __table_args__ = (
        UniqueConstraint("listing_id", "on_day"),
        Index("ix_community_days_day", "day"),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id))
    on_day: Mapped[date]
    """The day its timetable says."""
    at: Mapped[datetime]
    """When it starts, with what was moved."""
    day: Mapped[date]
    """The local day of that."""
    part: Mapped[str]
    """Morning, afternoon or evening."""
    cancelled: Mapped[bool]


class Keeper(Model):
    """Somebody who looks after a group's entries."""

    __tablename__ = "community_keepers"
    __table_args__ = (
        UniqueConstraint("group_id", "user_id"),
        Index("ix_community_keepers_user_id", "user_id"),
    )

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Group.id))
    user_id: Mapped[UUID]
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class KeeperInvitation(Model):
    """An e-mail address to which a link was sent that makes its reader a keeper, once."""

    __tablename__ = "community_keeper_invitations"
    __table_args__ = (Index("ix_community_keeper_invitations_group_id", "group_id"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Group.id))
    email: Mapped[str]
    """Emptied once the link was used, taken back or too old."""
    invited_by_id: Mapped[UUID]
    invited_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was used, or taken back."""


class GroupClaim(Model):
    """Somebody says that a group nobody looks after here is theirs to look after."""

    __tablename__ = "community_claims"
    __table_args__ = (Index("ix_community_claims_group_id", "group_id", "state"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey(Group.id))
    user_id: Mapped[UUID] = mapped_column(index=True)
    words: Mapped[str]
    state: Mapped[ClaimState]
    asked_at: Mapped[datetime]
    reason: Mapped[str]
    decided_at: Mapped[datetime | None]


class EntryReport(Model):
    """Somebody says that an entry is wrong. Who it was is not kept, but for an e-mail they left."""

    __tablename__ = "community_reports"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        Index("ix_community_reports_listing_id", "listing_id"),
        Index("ix_community_reports_waiting", "answered_at", "due_at"),
    )

    listing_id: Mapped[UUID] = mapped_column(ForeignKey(Listing.id))
    words: Mapped[str]
    email: Mapped[str]
    """Emptied once they were told the answer."""
    reported_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """After this the council's moderator is told."""
    passed_on_at: Mapped[datetime | None]
    answer: Mapped[ReportAnswer | None]
    answer_words: Mapped[str]
    answered_at: Mapped[datetime | None]


class Partner(Model):
    """Somebody who, for an organisation that a council trusts, says that entries are right."""

    __tablename__ = "community_partners"
    __table_args__ = (
        Index("ix_community_partners_council_id", "council_id"),
        Index("ix_community_partners_user_id", "user_id"),
    )

    council_id: Mapped[UUID]
    name: Mapped[str]
    """The organisation, as people read it."""
    user_id: Mapped[UUID]
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
