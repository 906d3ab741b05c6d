"""What some stores show beside their offers, and the lists that people keep."""

from datetime import timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid5

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.catalogue import commands as catalogue
from marketplace.catalogue.rules import AnswersWithin, OpenDay, monday_of
from marketplace.community.queries import group_at
from marketplace.kernel.clock import local_day
from marketplace.seeding.cast import Cast
from marketplace.seeding.files import Row, rows
from marketplace.shortlists import commands as lists
from marketplace.shortlists import queries as kept
from marketplace.shortlists.rules import KeptKind

_SKIES = (("#f6d9b8", "#fff3d6"), ("#bfe0ee", "#ffffff"), ("#c9a7c7", "#f3d2b3"))
_HILLS = ("#5d8a66", "#3f6f52", "#2f5a44")
_WIDTH, _HEIGHT = 960, 600


def furnish_stores(session: Session, cast: Cast) -> None:
    """Let some stores say when and where they are there, and show pictures and papers."""
    for row in rows("stores", "store"):
        owner = cast.owners[row["provider"]]
        _say(session, cast, row, owner)
        for number, alt in enumerate(row["pictures"]):
            catalogue.add_picture(
                session,
                picture_id=_id("picture", f"{row['provider']}/{number}"),
                content=drawing(number),
                alt=alt,
                by=owner,
                at=cast.ago(weeks=2),
            )
        for paper in row.get("document", ()):
            catalogue.add_document(
                session,
                document_id=_id("document", f"{row['provider']}/{paper['title']}"),
                content=paper["text"].encode(),
                title=paper["title"],
                by=owner,
                at=cast.ago(weeks=2),
            )


def keep_lists(session: Session, cast: Cast) -> None:
    """Let people keep what they found, and somebody of their circle say something."""
    for row in rows("stores", "list"):
        person = cast.people[row["person"]]
        at = cast.ago(days=6)
        list_id = _id("list", row["person"])
        lists.make_list(session, shortlist_id=list_id, name=row["name"], by=person, at=at)
        for number, (kind, subject_id) in enumerate(_wanted(session, cast, row)):
            lists.keep(
                session,
                kind=kind,
                subject_id=subject_id,
                shortlist_id=list_id,
                by=person,
                at=at + timedelta(minutes=number),
            )
        shown = kept.shortlist(session, shortlist_id=list_id, by=person, at=at)
        lists.write_note(
            session,
            note_id=_id("note", row["person"]),
            thing_id=shown.things[0].id,
            words=row["note"],
            by=next(each for each in cast.supporters[row["person"]] if _keeps(each)),
            at=cast.ago(days=5),
        )


def drawing(number: int) -> bytes:
    """Return a calm drawing of a sky over hills: morning, noon or evening."""
    low, high = _SKIES[number % len(_SKIES)]
    scene = Image.linear_gradient("L").resize((_WIDTH, _HEIGHT))
    sky = Image.composite(
        Image.new("RGB", scene.size, low), Image.new("RGB", scene.size, high), scene
    )
    pen = ImageDraw.Draw(sky)
    left = 160 + 280 * (number % len(_SKIES))
    pen.ellipse((left, 110, left + 120, 230), fill="#fbe3a1")
    for step, colour in enumerate(_HILLS):
        top = 330 + 80 * step
        pen.ellipse((-300 + 260 * step, top, 700 + 300 * step, top + 900), fill=colour)
    written = BytesIO()
    sky.save(written, "PNG")
    return written.getvalue()


def _say(session: Session, cast: Cast, row: Row, owner: Actor) -> None:
    today, at = local_day(cast.now), cast.ago(days=3)
    catalogue.set_opening(
        session,
        opening=[OpenDay(*span) for span in row["opening"]],
        words=row["opening_words"],
        answers_within=AnswersWithin(row["answers_within"]),
        by=owner,
        at=at,
    )
    catalogue.set_area(
        session,
        districts=row["districts"],
        council_ids=[cast.councils[slug] for slug in row["councils"]],
        by=owner,
        at=at,
    )
    full_days = row.get("full_for_days")
    catalogue.set_room(
        session,
        usual=row["room"],
        full_weeks=[
            monday_of(today) + timedelta(weeks=weeks) for weeks in row["full_weeks_from_now"]
        ],
        full_until=today + timedelta(days=full_days) if full_days else None,
        by=owner,
        at=at,
    )


def _keeps(helper: Actor) -> bool:
    return helper.may(Permission.KEEP_LISTS)


def _wanted(session: Session, cast: Cast, row: Row) -> list[tuple[KeptKind, UUID]]:
    return [
        *((KeptKind.OFFER, cast.offers[key]) for key in row["offers"]),
        *((KeptKind.STORE, cast.owners[slug].works_for) for slug in row["stores"]),
        *((KeptKind.GROUP, group_at(session, slug=slug).id) for slug in row["groups"]),
    ]


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"seed:{kind}/{name}")
