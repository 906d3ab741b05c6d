"""People with budgets, their funding lines, and their circles of support."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access import commands as access
from marketplace.access import queries as access_queries
from marketplace.access.queries import NamedStore
from marketplace.access.rules import Actor, Basis, FeePer, Role, Scope
from marketplace.budgets import queries as budgets
from marketplace.budgets.commands import NewLimit, OpenLine, open_line
from marketplace.budgets.rules import Calendar, Funder, Holder, LimitKind, LimitWindow
from marketplace.councils.commands import note_person
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.seeding.cast import Cast, account
from marketplace.seeding.files import Row, rows
from marketplace.seeding.year import Event, Play


def add_people(session: Session, cast: Cast) -> None:
    """Make everybody's account, long before their money comes."""
    for row in rows("people", "person"):
        at = cast.beginning()
        person = account(session, email=row["email"], name=row["name"], at=at)
        cast.people[row["slug"]] = person
        cast.council_of[row["slug"]] = row["council"]
        council_id = cast.councils[row["council"]]
        note_person(session, council_id=council_id, person_id=person.buys_for, funded=False, at=at)


def lines(cast: Cast) -> Iterator[Event]:
    """Give the opening of every funding line, at its time."""
    for row in rows("people", "person"):
        for number, line in enumerate(row["line"]):
            yield Event(cast.ago(weeks=line["started_weeks_ago"]), _opening(cast, row, number))


def add_circles(session: Session, cast: Cast) -> None:
    """Have people invite those who support them."""
    for row in rows("people", "supporter"):
        helper = account(session, email=row["email"], name=row["name"], at=cast.beginning())
        for place in row["for"]:
            _join(session, cast, helper, row["email"], place)


def who_can_sign_in() -> Iterator[tuple[str, str]]:
    """Give one of each kind of people in the demonstration, in words, with their address."""
    for row in rows("people", "person")[:3]:
        yield f"{row['name']}, a person with a budget", row["email"]
    for row in rows("people", "supporter")[:2]:
        yield f"{row['name']}, who supports somebody", row["email"]
    for row in rows("providers", "provider")[:3]:
        yield f"{row['owner']} of {row['name']}, a provider", row["email"]
    for row in rows("councils", "staff"):
        yield (
            f"{row['name']}, {row['role'].replace('_', ' ')} of {row['council'].title()}",
            row["email"],
        )


def _opening(cast: Cast, row: Row, number: int) -> Play:
    line = row["line"][number]
    person = cast.people[row["slug"]]

    def play(session: Session, at: datetime) -> None:
        wish = OpenLine(
            line_id=uuid5(NAMESPACE_URL, f"seed:line/{row['slug']}/{number}"),
            person_id=person.buys_for,
            funder=Funder(line["funder"]),
            yearly=Money(line["yearly_pence"]),
            holder=Holder(line["holder"]),
            holder_name=line["holder_name"],
            holder_provider_id=_keeper(cast, line),
            calendar=Calendar(line.get("calendar", Calendar.FOUR_WEEKLY)),
            cost_code=line["cost_code"],
            starts_on=local_day(at),
            outcomes=tuple(row["outcomes"]),
            limits=tuple(_limit(limit) for limit in line["limits"]),
        )
        practitioner = cast.of_council(row["council"], Role.PRACTITIONER)
        open_line(session, wish, by=practitioner, at=at)
        known = budgets.outcomes_of(session, person_id=person.buys_for)
        by_sentence = {outcome.sentence: outcome.id for outcome in known}
        cast.outcomes[row["slug"]] = [by_sentence[sentence] for sentence in row["outcomes"]]

    return play


def _keeper(cast: Cast, line: Row) -> UUID | None:
    """Return the store that keeps an individual service fund."""
    stores = {owner.organisation_name: owner.works_for for owner in cast.owners.values()}
    return stores[line["holder_name"]] if Holder(line["holder"]) is Holder.ISF else None


def _limit(row: Row) -> NewLimit:
    return NewLimit(
        window=LimitWindow(row["window"]),
        amount=Money(row["amount_pence"]),
        kind=LimitKind(row["kind"]),
        reason=row["reason"],
    )


def _join(session: Session, cast: Cast, helper: Actor, email: str, place: Row) -> None:
    at = cast.ago(weeks=50)
    person = cast.people[place["person"]]
    ceiling = place.get("ceiling_pence")
    wish = access.InviteSupporter(
        email=email,
        basis=Basis(place["basis"]),
        scopes=frozenset(Scope(scope) for scope in place["scopes"]),
        ceiling=None if ceiling is None else Money(ceiling),
        ends_before=local_day(cast.now) + timedelta(days=place["ends_in_days"]),
        invitation_id=uuid5(NAMESPACE_URL, f"seed:supporter/{email}/{place['person']}"),
    )
    row_id = access.invite_supporter(session, wish, by=person, at=at)
    if wish.basis is Basis.BROKER:
        said = access.Declare(
            supporter_row_id=row_id,
            fee_per=FeePer.HOUR,
            fee=Money(place["fee_pence"]),
            words=place["fee_words"],
            stores=tuple(_store(cast, slug) for slug in place.get("earns_from", ())),
        )
        access.declare(session, said, by=helper, at=at)
        access.offer_as_broker(session, supporter_row_id=row_id, by=helper, at=at)
        access.agree_to_broker(session, supporter_row_id=row_id, by=person, at=at)
    else:
        access.accept_invitation(session, supporter_row_id=row_id, by=helper, at=at)
    hats = access_queries.hats_of(session, user_id=helper.user_id, at=cast.now)
    mine = [worn for worn in hats if worn.person_id == person.person_id and worn.acts_for_another]
    cast.supporters.setdefault(place["person"], []).extend(mine)
    for worn in mine:
        cast.helpers[email, place["person"]] = worn


def _store(cast: Cast, slug: str) -> NamedStore:
    owner = cast.owners[slug]
    return NamedStore(owner.works_for, owner.organisation_name)
