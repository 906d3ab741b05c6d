"""Groups that people of the demonstration look after, and what they have done about them."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.queries import find_person_by_email
from marketplace.access.rules import Actor, Role, own_hat
from marketplace.community import commands, queries
from marketplace.community.commands import ChangeDate, PutListing, WriteGroup
from marketplace.community.rules import Change, ListingKind
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import ZERO
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows

_LOOK_AHEAD_DAYS = 60


def add_pages(session: Session, cast: Cast, groups: dict[str, UUID]) -> None:
    """Add advice, volunteering and hours to swap."""
    for row in rows("community", "page"):
        wish = PutListing(
            group_id=groups[row["group"]],
            slug=row["slug"],
            kind=ListingKind(row["kind"]),
            title=row["title"],
            category=row["category"],
            about=row["about"],
            venue="",
            postcode="",
            online=row["online"],
            cost=ZERO,
            cost_words="Free",
            for_whom=tuple(row["for_whom"]),
            access=(),
            languages=tuple(row["languages"]),
            rrule="",
            on_day=None,
            starts="",
            minutes=0,
            contact=row["contact"],
        )
        at = cast.ago(weeks=row["confirmed_weeks_ago"])
        commands.put_listing(session, wish, by_user_id=None, at=at)


def keep_groups(session: Session, cast: Cast) -> None:
    """Let people look after groups, cancel a day, say that something is wrong, and check."""
    for row in rows("community", "keeper"):
        for slug in row["groups"]:
            _hand_over(session, cast, slug, _person(session, row["email"]))
    for row in rows("community", "new_group"):
        _add(session, cast, row)
    for row in rows("community", "cancelled"):
        _cancel(session, cast, row)
    for row in rows("community", "report"):
        commands.report_entry(
            session,
            report_id=_id(f"report/{row['listing']}"),
            listing_id=_listing(session, row["group"], row["listing"]),
            words=row["words"],
            email="",
            at=cast.ago(days=row["days_ago"]),
        )
    for row in rows("community", "partner"):
        _trust(session, cast, row)


def _hand_over(session: Session, cast: Cast, slug: str, keeper: Actor) -> None:
    """Let a group be claimed and handed over, as the pages do it."""
    group = queries.group_at(session, slug=slug)
    council = next(each for each, id_ in cast.councils.items() if id_ == group.council_id)
    at = cast.ago(weeks=40)
    claim_id = _id(f"claim/{slug}")
    commands.claim_group(
        session, claim_id=claim_id, group_id=group.id, words="I run it.", by=keeper, at=at
    )
    moderator = cast.of_council(council, Role.MODERATOR)
    commands.decide_group_claim(session, claim_id=claim_id, agree=True, by=moderator, at=at)


def _add(session: Session, cast: Cast, row: Row) -> None:
    wish = WriteGroup(
        group_id=_id(f"group/{row['name']}"),
        name=row["name"],
        about=row["about"],
        postcode=row["postcode"],
        email=row["email"],
    )
    commands.add_group(session, wish, by=_person(session, row["email"]), at=cast.ago(days=1))


def _cancel(session: Session, cast: Cast, row: Row) -> None:
    listing_id = _listing(session, row["group"], row["listing"])
    today = local_day(cast.now)
    coming = queries.listing(session, listing_id=listing_id).occurrences(today, _LOOK_AHEAD_DAYS)
    keeper = next(
        _person(session, each["email"])
        for each in rows("community", "keeper")
        if row["group"] in each["groups"]
    )
    wish = ChangeDate(
        listing_id=listing_id, on_day=coming[0].day, what=Change.CANCELLED, words=row["words"]
    )
    commands.change_date(session, wish, by=keeper, at=cast.now - timedelta(hours=1))


def _trust(session: Session, cast: Cast, row: Row) -> None:
    at = cast.ago(weeks=6)
    commands.name_partner(
        session,
        name=row["name"],
        email=row["email"],
        by=cast.of_council(row["council"], Role.ADMINISTRATOR),
        at=at,
    )
    partner = _person(session, row["email"])
    wanted = set(row["checked"])
    for listing in queries.findable_listings(session, ids=None, at=cast.now):
        if listing.slug in wanted:
            commands.check_listing(session, listing_id=listing.id, by=partner, at=cast.ago(weeks=1))


def _person(session: Session, email: str) -> Actor:
    person = find_person_by_email(session, email=email)
    assert person is not None, f"{email} is not in the demonstration"
    return own_hat(person.id, person.name)


def _listing(session: Session, group: str, slug: str) -> UUID:
    group_id = queries.group_at(session, slug=group).id
    listings = queries.listings_of(session, group_id=group_id)
    return next(each.id for each in listings if each.slug == slug)


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:community/{name}")
