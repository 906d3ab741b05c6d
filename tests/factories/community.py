"""Makes groups and what they run."""

from datetime import date, datetime
from uuid import UUID

from marketplace.community import commands
from marketplace.community.commands import PutGroup, PutListing
from marketplace.kernel.money import ZERO, Money
from tests.factories.people import LONG_AGO, BaseMaker


class CommunityMaker(BaseMaker):
    """Makes groups and what they run."""

    def group(self, *, name: str = "", council_id: UUID | None = None) -> UUID:
        """Make a group in Leeds and return its id."""
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
            return commands.put_group(session, wish, by_user_id=None, at=LONG_AGO)

    def activity(
        self,
        *,
        group_id: UUID | None = None,
        title: str = "",
        category: str = "company",
        rrule: str = "FREQ=WEEKLY;BYDAY=TU",
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
