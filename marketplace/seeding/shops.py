"""Providers with their offers, and the groups that run things for others."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Role
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.commands import (
    AddEvidence,
    AgreePrice,
    ChangeStore,
    DecideOnProvider,
    JoinMarket,
    WriteOffer,
)
from marketplace.catalogue.rules import (
    CheckState,
    EvidenceKind,
    PriceBands,
    ProviderKind,
    SaleDays,
    Unit,
)
from marketplace.community.commands import PutGroup, PutListing, put_group, put_listing
from marketplace.kernel.ages import ages
from marketplace.kernel.clock import local_day
from marketplace.kernel.money import Money
from marketplace.places.errors import PlaceNotFoundError
from marketplace.places.queries import locate
from marketplace.places.rules import metres
from marketplace.seeding.cast import Cast, account, hat
from marketplace.seeding.files import Row, rows
from marketplace.seeding.keeping import add_pages


def add_providers(session: Session, cast: Cast) -> None:
    """Open every store, as its owner would have, and have it checked."""
    for row in rows("providers", "provider"):
        owner = _open(session, cast, row)
        cast.owners[row["slug"]] = owner
        _furnish(session, cast, row, owner)
        _check(session, cast, row, owner.works_for)


def add_groups(session: Session, cast: Cast) -> None:
    """Add the groups and what they run."""
    groups: dict[str, UUID] = {}
    for row in rows("community", "group"):
        wish = PutGroup(
            slug=row["slug"],
            name=row["name"],
            about=row["about"],
            postcode=row["postcode"],
            email=row["email"],
            council_id=cast.councils[row["council"]],
        )
        groups[row["slug"]] = put_group(session, wish, by_user_id=None, at=cast.beginning())
    for row in rows("community", "listing"):
        at = cast.ago(weeks=row["confirmed_weeks_ago"])
        wish_listing = _listing(row, groups[row["group"]], cast)
        put_listing(session, wish_listing, by_user_id=None, at=at)
    add_pages(session, cast, groups)


def _open(session: Session, cast: Cast, row: Row) -> Actor:
    at = cast.ago(weeks=row["joined_weeks_ago"])
    human = account(session, email=row["email"], name=row["owner"], at=at)
    first, *others = row["offer"]
    provider_id = _id("provider", row["slug"])
    wish = JoinMarket(
        provider_id=provider_id,
        name=row["name"],
        kind=ProviderKind(row["kind"]),
        about=row["about"],
        postcode=_postcode(row["postcode"]),
        reach_metres=metres(row["reach_miles"]) if row["reach_miles"] else None,
        offer=_offer(cast, row, first),
        email=row["email"],
        phone=row["phone"],
        council_ids=frozenset(cast.councils[slug] for slug in row["councils"]),
    )
    catalogue.join(session, wish, by=human, at=at)
    owner = hat(human, Role.PROVIDER_OWNER, provider_id, row["name"])
    for offer in others:
        catalogue.add_offer(session, _offer(cast, row, offer), by=owner, at=at, publish=True)
    return owner


def _furnish(session: Session, cast: Cast, row: Row, owner: Actor) -> None:
    at = cast.ago(weeks=row["joined_weeks_ago"])
    wish = ChangeStore(
        name=row["name"],
        kind=ProviderKind(row["kind"]),
        about=row["about"],
        postcode=_postcode(row["postcode"]),
        reach_metres=metres(row["reach_miles"]) if row["reach_miles"] else None,
        phone=row["phone"],
        email=row["email"],
        website=row.get("website", ""),
        regulated=row["regulated"],
        cqc_id=row.get("cqc_id", ""),
        why_no_cqc=row.get("why_no_cqc", ""),
        languages=tuple(row["languages"]),
        genders=tuple(row["genders"]),
        access=tuple(row["access"]),
        for_whom=tuple(row["for_whom"]),
        ages=ages(row.get("youngest"), row.get("oldest")),
    )
    catalogue.change_store(session, wish, by=owner, at=at)
    for name in row["workers"]:
        worker_id = _id("worker", f"{row['slug']}/{name}")
        catalogue.add_worker(session, worker_id=worker_id, name=name, by=owner, at=at)
    if "bank" in row:
        bank = row["bank"]
        catalogue.set_bank_details(
            session,
            sort_code=bank["sort_code"],
            account_number=bank["account_number"],
            account_name=bank["name"],
            by=owner,
            at=at,
        )
    # Whoever sells says now and then that everything is still right.
    catalogue.confirm_store(session, by=owner, at=cast.ago(weeks=2))


def _check(session: Session, cast: Cast, row: Row, provider_id: UUID) -> None:
    at = cast.ago(weeks=row["joined_weeks_ago"]) + timedelta(days=3)
    owner = cast.owners[row["slug"]]
    shown = [_show(session, cast, row, each, owner) for each in row["evidence"]]
    for slug in row["checked_by"]:
        moderator = cast.of_council(slug, Role.MODERATOR)
        for evidence_id in shown:
            catalogue.check_evidence(session, evidence_id=evidence_id, by=moderator, at=at)
        decision = DecideOnProvider(provider_id=provider_id, state=CheckState.CHECKED)
        catalogue.decide_on_provider(session, decision, by=moderator, at=at)
    for offer in row["offer"]:
        for slug, pence in offer.get("agreed", {}).items():
            agreement = AgreePrice(
                offer_id=cast.offers[f"{row['slug']}/{offer['slug']}"],
                bands=_agreed(offer, pence),
                starts_on=local_day(at),
            )
            commissioner = cast.of_council(slug, Role.COMMISSIONER)
            catalogue.agree_price(session, agreement, by=commissioner, at=at)


def _show(session: Session, cast: Cast, row: Row, each: Row, owner: Actor) -> UUID:
    wish = AddEvidence(
        evidence_id=_id("evidence", f"{row['slug']}/{each['kind']}/{each['note']}"),
        kind=EvidenceKind(each["kind"]),
        note=each["note"],
        expires_on=local_day(cast.now) + timedelta(days=each["expires_in_days"]),
    )
    at = cast.ago(weeks=row["joined_weeks_ago"])
    return catalogue.add_evidence(session, wish, by=owner, at=at)


def _offer(cast: Cast, row: Row, offer: Row) -> WriteOffer:
    key = f"{row['slug']}/{offer['slug']}"
    cast.offers[key] = _id("offer", key)
    return WriteOffer(
        offer_id=cast.offers[key],
        title=offer["title"],
        category=offer["category"],
        unit=Unit(offer["unit"]),
        bands=PriceBands(
            Money(offer["price_pence"]),
            _money(offer.get("evening_price_pence")),
            _money(offer.get("weekend_price_pence")),
            _money(offer.get("bank_holiday_price_pence")),
        ),
        summary=offer["summary"],
        about=offer["about"],
        included=tuple(offer["included"]),
        menu=tuple(offer.get("menu", ())),
        must_choose=offer.get("must_choose", False),
        notice_hours=offer["notice_hours"],
        late_cancel_percent=offer["late_cancel_percent"],
        terms=offer["terms"],
        days=tuple(offer["days"]),
        times=tuple(offer["times"]),
        ages=ages(offer.get("youngest"), offer.get("oldest")),
        places_free=offer.get("places_free"),
        sale_days=SaleDays(last=_last_day(cast, offer)),
    )


_DEARER = ("evening_price_pence", "weekend_price_pence", "bank_holiday_price_pence")


def _agreed(offer: Row, pence: int) -> PriceBands:
    """Return the agreed bands: the dearer hours come down in the same proportion."""
    share = [
        None if dearer is None else Money(dearer * pence // offer["price_pence"])
        for dearer in map(offer.get, _DEARER)
    ]
    return PriceBands(Money(pence), *share)


def _last_day(cast: Cast, offer: Row) -> date | None:
    in_days = offer.get("on_sale_for_days")
    return None if in_days is None else local_day(cast.now) + timedelta(days=in_days)


def _listing(row: Row, group_id: UUID, cast: Cast) -> PutListing:
    today = local_day(cast.now)
    return PutListing(
        group_id=group_id,
        slug=row["slug"],
        title=row["title"],
        category=row["category"],
        about=row["about"],
        venue=row["venue"],
        postcode=row["postcode"],
        cost=Money(row["cost_pence"]),
        cost_words=row["cost_words"],
        for_whom=tuple(row["for_whom"]),
        access=tuple(row["access"]),
        languages=tuple(row["languages"]),
        ages=ages(row.get("youngest"), row.get("oldest")),
        rrule=row["rrule"],
        on_day=None if row["rrule"] else today + timedelta(days=row["on_in_days"]),
        starts=row["starts"],
        minutes=row["minutes"],
        contact=row["contact"],
    )


def _postcode(invented: str) -> str:
    """Return an invented postcode, or its first half where we know that it does not exist."""
    try:
        return locate(invented).label
    except PlaceNotFoundError:
        return invented.split(maxsplit=1)[0]


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:{kind}/{name}")
