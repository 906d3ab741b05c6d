"""Makes groups, what they offer, and who looks after them."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role
from marketplace.community import commands, queries
from marketplace.community.commands import (
    PutGroup,
    PutListing,
    WriteGroup,
    WriteListing,
)
from marketplace.community.rules import ListingKind, Timetable
from marketplace.kernel.money import ZERO, Money
from tests.factories.people import LONG_AGO, PeopleMaker

TUESDAYS = "FREQ=WEEKLY;BYDAY=TU"
SECRET = "a secret of the tests"


class CommunityMaker(PeopleMaker):
    """Makes groups, what they offer, and who looks after them."""

    def group(
        self, *, name: str = "", council_id: UUID | None = None, at: datetime = LONG_AGO
    ) -> UUID:
        """Make a group in Leeds that everybody sees and nobody looks after; return its id."""
        number = self.number()
        wish = PutGroup(
            slug=f"group-{number}",
            name=name or f"Group {number}",
            about="Neighbours who meet.",
            postcode="LS6 2AB",
            email=f"group{number}@mail.example",
            council_id=council_id,
        )
        with self.block() as session:
            return commands.put_group(session, wish, by_user_id=None, at=at)

    def activity(
        self,
        *,
        group_id: UUID | None = None,
        title: str = "",
        category: str = "company",
        rrule: str = TUESDAYS,
        on_day: date | None = None,
        cost: Money = ZERO,
        at: datetime = LONG_AGO,
    ) -> UUID:
        """Make an activity on Tuesdays at half past ten, free, confirmed at ``at``."""
        number = self.number()
        group_id = group_id or self.group()
        wish = PutListing(
            group_id=group_id,
            slug=f"activity-{number}",
            title=title or f"Activity {number}",
            category=category,
            about="Tea and talk.",
            venue="The hall",
            postcode="LS6 2AB",
            cost=cost,
            cost_words="Free" if not cost else str(cost),
            for_whom=("older-people",),
            access=("step-free",),
            languages=("english",),
            rrule=rrule,
            on_day=on_day,
            starts="10:30",
            minutes=60,
            contact="Ring Alma",
        )
        with self.block() as session:
            return commands.put_listing(session, wish, by_user_id=None, at=at)

    def kept_group(
        self,
        *,
        by: Actor,
        name: str = "",
        postcode: str = "LS6 2AB",
        shown: bool = True,
        at: datetime = LONG_AGO,
    ) -> str:
        """Make a group that somebody added; return its address part.

        It is shown by the council in whose area it is, so there has to be one.
        """
        wish = replace(self.group_wish(name=name), postcode=postcode)
        with self.block() as session:
            slug = commands.add_group(session, wish, by=by, at=at)
            council_id = queries.kept_group(session, slug=slug, by=by).card.council_id
        if shown:
            assert council_id is not None, "make a council with this postcode's district first"
            moderator = self.staff(organisation_id=council_id, role=Role.MODERATOR)
            with self.block() as session:
                commands.show_group(session, group_id=wish.group_id, by=moderator, at=at)
        return slug

    def group_wish(self, *, name: str = "", group_id: UUID | None = None) -> WriteGroup:
        """Return what somebody types about a group."""
        number = self.number()
        return WriteGroup(
            group_id=group_id or uuid4(),
            name=name or f"Kept Group {number}",
            about="We meet and talk.",
            postcode="LS6 2AB",
            email=f"kept{number}@mail.example",
        )

    def entry_wish(
        self,
        *,
        kind: ListingKind = ListingKind.ACTIVITY,
        title: str = "Tea and talk",
        rule: str = TUESDAYS,
        on_day: date | None = None,
        listing_id: UUID | None = None,
    ) -> WriteListing:
        """Return what a keeper types: an activity on Tuesdays from half past ten for an hour."""
        times = kind.has_times
        timetable = Timetable(rule=rule if kind is ListingKind.ACTIVITY else "", on_day=on_day)
        return WriteListing(
            listing_id=listing_id or uuid4(),
            kind=kind,
            title=title,
            category="company",
            about="Tea and talk for all.",
            venue="The hall" if times else "",
            postcode="LS6 2AB" if times else "",
            cost_words="Free",
            timetable=timetable,
            starts="10:30" if times else "",
            minutes=60 if times else 0,
            contact="Ring the hall",
        )

    def entry(
        self, *, slug: str, by: Actor, wish: WriteListing | None = None, at: datetime = LONG_AGO
    ) -> UUID:
        """Add an entry to a group as its keeper does; return its id."""
        with self.block() as session:
            card = queries.kept_group(session, slug=slug, by=by).card
            return commands.add_listing(
                session, wish or self.entry_wish(), group_id=card.id, by=by, at=at
            )

    def report(self, listing_id: UUID, *, email: str = "", at: datetime = LONG_AGO) -> UUID:
        """Say that an entry is wrong; return the report's id."""
        report_id = uuid4()
        with self.block() as session:
            commands.report_entry(
                session,
                report_id=report_id,
                listing_id=listing_id,
                words="It is on Wednesdays now.",
                email=email,
                at=at,
            )
        return report_id

    def partner(self, *, who: Actor, email: str, council_id: UUID, at: datetime = LONG_AGO) -> UUID:
        """Let a council trust somebody; return the partnership's id."""
        by = replace(who, role=Role.ADMINISTRATOR, organisation_id=council_id)
        with self.block() as session:
            return commands.name_partner(session, name="Bridge", email=email, by=by, at=at)
