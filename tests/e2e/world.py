"""A small market with something on every page of the ten stories, made through the commands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from marketplace.access.rules import Actor, Role, Scope
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue import queries as stores
from marketplace.catalogue.commands import AddEvidence
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import EvidenceKind, RegisterEntry
from marketplace.community.commands import PutGroup, PutListing
from marketplace.community.commands import put_group as write_group
from marketplace.community.commands import put_listing as write_listing
from marketplace.councils import commands as councils
from marketplace.councils.commands import AskForCorrection
from marketplace.database import transaction
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.orders import commands as orders
from marketplace.orders.commands import PlaceOrder, ProposeChange
from marketplace.orders.rules import NoteKind
from marketplace.ratings import commands as ratings
from marketplace.ratings.rules import HidingRule
from tests.e2e.asking import add_asks
from tests.e2e.calendars import add_calendars
from tests.e2e.checking import add_checking
from tests.e2e.disputes import add_disputes
from tests.e2e.groups import add_groups
from tests.e2e.kept import add_kept
from tests.e2e.money_asked import add_money_asked
from tests.e2e.money_in import add_money_in
from tests.e2e.other_catalogue import connect_catalogue
from tests.e2e.paid_out import add_paid_out
from tests.e2e.standing import add_standing
from tests.e2e.stops import add_stops
from tests.e2e.talking import add_talk
from tests.factories import Make
from tests.factories.money import Funded
from tests.factories.orders import Deal

DAY = timedelta(days=1)
DISTRICT = "LS6 2AB"


@dataclass
class World:
    """Who is there, and pages that no link leads to."""

    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    seeds: dict[str, list[str]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    line_id: UUID = field(default_factory=uuid4)
    offer_title: str = "Help to get washed and dressed"
    store_name: str = "Moss Lane Mornings"


def build(now: datetime) -> World:
    """Make everything, as seen at an instant."""
    make, world = Make(transaction), World(now)
    start = now - 30 * DAY
    council_id = make.council(name="Ashdale Council", slug="ashdale", at=start)
    _categories()
    _people(make, world, council_id, start)
    _supply(make, world, council_id, start)
    _orders(make, world, now)
    _papers(make, world, now)
    funded = _funded(world)
    _community(council_id, start)
    for seeds in (
        add_groups(make, world.actors, council_id=council_id, postcode=DISTRICT, now=now),
        add_money_in(make, world.actors["officer"], funded, now=now),
        add_money_asked(make, world.actors, funded, now=now),
        add_standing(make, world.actors, now=now),
        add_asks(make, world.actors, now=now),
        add_disputes(make, world.actors, funded, now=now),
        add_stops(make, world.actors, funded, council_id=council_id, now=now),
        add_calendars(make, world.actors, now=now),
        add_talk(
            make,
            world.actors,
            order_id=_first_order(world),
            council_id=council_id,
            now=now,
        ),
    ):
        for who, paths in seeds.items():
            world.seeds.setdefault(who, []).extend(paths)
    booked = add_paid_out(make, world.actors["officer"], funded, now=now)
    world.seeds["officer"].insert(0, booked)
    _wrong(world, now)
    add_checking(make, world.actors, council_id, now=now)
    connect_catalogue(make, council_id=council_id, at=now)
    for name, actor in world.actors.items():
        world.emails[name] = make.email_of(actor)
    return world


def _first_order(world: World) -> UUID:
    paths = (path.split("/") for path in world.seeds["person"])
    return UUID(next(parts[2] for parts in paths if parts[1] == "orders" and len(parts) == 3))


def _categories() -> None:
    rows = [
        CategoryRow("washing", "Help to wash and dress", "Ymolchi", 1),
        CategoryRow("company", "Company and going out", "Cwmni", 2),
        CategoryRow("garden", "Garden and house", "Gardd", 3),
    ]
    with transaction() as session:
        for row in rows:
            catalogue.put_category(session, row)


def _people(make: Make, world: World, council_id: UUID, start: datetime) -> None:
    funded = make.funded_person(
        name="Bea Hollins",
        to_spend=Money(900_00),
        council_id=council_id,
        limits=[make.limit(Money(400_00))],
        outcomes=["I get up when I want to.", "I see my friends."],
        starts_on=local_day(start),
        at=start,
    )
    world.actors["person"] = funded.person
    world.actors["practitioner"] = funded.practitioner
    world.line_id = funded.line_id
    world.actors["supporter"] = make.supporter(
        person=funded.person,
        name="Sam Hollins",
        scopes=[Scope.SEE, Scope.PROPOSE, Scope.APPROVE, Scope.PAY, Scope.MANAGE_CIRCLE],
        ends_before=local_day(world.now + 300 * DAY),
        at=start,
    )
    world.actors["helper"] = make.supporter(
        person=funded.person, name="Una Reed", scopes=[Scope.SEE, Scope.PROPOSE], at=start
    )
    for name, role in (
        ("commissioner", Role.COMMISSIONER),
        ("officer", Role.FINANCE_OFFICER),
        ("moderator", Role.MODERATOR),
        ("administrator", Role.ADMINISTRATOR),
        ("team", Role.SAFEGUARDING_OFFICER),
    ):
        world.actors[name] = make.staff(
            organisation_id=council_id,
            organisation_name="Ashdale Council",
            role=role,
            name=f"{name.capitalize()} Grey",
        )
    for name in ("buyer", "typist"):
        world.actors[name] = make.funded_person(
            name=f"{name.capitalize()} Marsh",
            council_id=council_id,
            outcomes=["I get up when I want to."],
            starts_on=local_day(start),
            at=start,
        ).person


def _supply(make: Make, world: World, council_id: UUID, start: datetime) -> None:
    for name, store in (("provider", world.store_name), ("rival", "Heath and Home")):
        owner = make.provider(name=store, owner=make.person(name=f"{store} owner"), at=start)
        world.actors[name] = owner
        make.standing(provider=owner, council_id=council_id, at=start)
        make.worker(provider=owner, name="Wren Ashby", at=start)
        offer_id = make.offer(
            provider=owner, title=world.offer_title, category="washing", price=Money(18_00)
        )
        make.agreed_price(offer_id=offer_id, council_id=council_id, price=Money(16_50), at=start)
        world.seeds.setdefault("stranger", []).append(f"/offers/{offer_id}")
        world.seeds.setdefault("person", []).append(f"/basket/add?offer_id={offer_id}")
    both = "&".join(f"offer={path.rsplit('/', 1)[1]}" for path in world.seeds["stranger"])
    world.seeds["stranger"] += [f"/compare?{both}", "/find?q=washed&near=LS6", "/find?q=xyzzy"]
    wish = AddEvidence(
        evidence_id=uuid4(), kind=EvidenceKind.INSURANCE, note="Public liability, one million"
    )
    entry = RegisterEntry(
        source="cqc",
        key="1-234",
        name="Larch House",
        about="A care home.",
        postcode=DISTRICT,
        categories=("washing",),
    )
    with transaction() as session:
        catalogue.add_evidence(session, wish, by=world.actors["provider"], at=start)
        catalogue.import_entry(session, entry, at=start)
        larch_house = stores.store(session, slug="larch-house")
        catalogue.ask_claim(
            session,
            claim_id=uuid4(),
            provider_id=larch_house.id,
            words="I run it.",
            by=world.actors["buyer"],
            at=start,
        )
    linked = add_kept(person=world.actors["person"], provider=world.actors["provider"], at=start)
    world.seeds["stranger"] += ["/stores/larch-house", linked]
    world.seeds["person"].append("/stores/larch-house/claim")


def _funded(world: World) -> Funded:
    person, practitioner = world.actors["person"], world.actors["practitioner"]
    return Funded(person, practitioner.works_for, world.line_id, practitioner)


def _orders(make: Make, world: World, now: datetime) -> None:
    funded, store = _funded(world), world.actors["provider"]

    def deal(*, days_ago: int, visits: int = 1, first_in: int = 2) -> Deal:
        at = now - days_ago * DAY
        return make.placed(
            funded=funded, provider=store, visits=visits, at=at, first_at=at + first_in * DAY
        )

    new = deal(days_ago=1, first_in=5)
    done = deal(days_ago=20)
    make.accepted(done, at=now - 19 * DAY)
    make.confirmed(done, at=now - 18 * DAY)
    rated = deal(days_ago=16)
    make.accepted(rated, at=now - 15 * DAY)
    make.confirmed(rated, at=now - 14 * DAY)
    rating_id = make.rating(rated, words="Always cheerful.", at=now - 13 * DAY)
    waiting = deal(days_ago=9, visits=2)
    make.accepted(waiting, at=now - 8 * DAY)
    make.noted(waiting, at=now - 7 * DAY)
    make.noted(waiting, visit=2, note=NoteKind.FULL, at=now - 0 * DAY)
    planned = deal(days_ago=3, visits=2, first_in=4)
    make.accepted(planned, at=now - 2 * DAY)
    declined, moved = deal(days_ago=4, first_in=8), deal(days_ago=2, first_in=8)
    change = ProposeChange(order_id=moved.order_id, first_at=now + 7 * DAY, words="I am away.")
    with transaction() as session:
        orders.decline_order(
            session, order_id=declined.order_id, reason="I am full.", by=store, at=now - 3 * DAY
        )
        orders.propose_change(session, change, by=store, at=now - DAY)
        ratings.report_rating(
            session, rating_id, HidingRule.ADVERTISING, "Odd.", by=store, at=now - 12 * DAY
        )
    world.seeds["person"] += [
        f"/orders/{each.order_id}" for each in (planned, waiting, done, declined, moved)
    ]
    buying = [f"/orders/{done.order_id}/rate", f"/basket/placed?order={planned.order_id}"]
    world.seeds["helper"] = buying
    world.seeds["person"] += [*buying, f"/ratings/{rating_id}/report"]
    world.seeds["provider"] = [
        f"/work/orders/{each.order_id}" for each in (new, planned, waiting, done)
    ]
    _suggestion(make, world, now)


def _suggestion(make: Make, world: World, now: datetime) -> None:
    helper, rival = world.actors["helper"], world.actors["rival"]
    make.in_basket(
        helper, make.offer(provider=rival), at=now - DAY, first_at=now + 9 * DAY, worker_wish="Wren"
    )
    wish = PlaceOrder(order_id=uuid4(), provider_id=rival.works_for)
    with transaction() as session:
        orders.place_order(session, wish, by=helper, at=now - DAY)
    world.seeds["supporter"] = [*world.seeds["person"], f"/orders/{wish.order_id}"]
    world.seeds["helper"] += [f"/orders/{wish.order_id}", *world.seeds["person"][:3]]
    make.in_basket(
        world.actors["person"],
        make.offer(provider=rival, title="A walk and a talk"),
        at=now - DAY,
        first_at=now + 9 * DAY,
    )


def _papers(make: Make, world: World, now: datetime) -> None:
    officer = world.actors["officer"]
    make.paid_run(by=officer, at=now - 12 * DAY)
    deal = make.placed(
        funded=_funded(world),
        provider=world.actors["provider"],
        at=now - 6 * DAY,
        first_at=now - 5 * DAY,
    )
    make.accepted(deal, at=now - 6 * DAY)
    make.confirmed(deal, at=now - 5 * DAY)
    make.proposed_run(by=officer, at=now - DAY)


def _wrong(world: World, now: datetime) -> None:
    person, practitioner = world.actors["person"], world.actors["practitioner"]
    wish = AskForCorrection(
        correction_id=uuid4(),
        council_id=practitioner.works_for,
        person_id=person.buys_for,
        what="My road is wrong.",
        instead="Elm Road",
    )
    with transaction() as session:
        councils.ask_for_correction(session, wish, by=person, at=now - DAY)


def _community(council_id: UUID, start: datetime) -> None:
    group = PutGroup(
        slug="drums-at-dusk",
        name="Drums at Dusk",
        about="Neighbours who drum.",
        postcode=DISTRICT,
        email="drums@mail.example",
        council_id=council_id,
    )
    with transaction() as session:
        group_id = write_group(session, group, by_user_id=None, at=start)
        for title, rrule in (("Shared drumming", "TU"), ("Tea and talk", "TH")):
            listing = PutListing(
                group_id=group_id,
                slug=title.replace(" ", "-").lower(),
                title=title,
                category="company",
                about="Everybody is welcome.",
                venue="The hall",
                postcode=DISTRICT,
                cost=Money(2_00),
                cost_words="£2",
                for_whom=("older-people",),
                access=("step-free",),
                languages=("english",),
                rrule=f"FREQ=WEEKLY;BYDAY={rrule}",
                on_day=None,
                starts="10:30",
                minutes=60,
                contact="Ring Alma",
            )
            write_listing(session, listing, by_user_id=None, at=start)
