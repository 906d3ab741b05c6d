"""Letters about asks. None of them names whoever asked, or says what they wrote."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.queries import Person
from marketplace.access.rules import Role, Scope
from marketplace.asking.models import Ask, QuietStore
from marketplace.kernel.errors import NotFoundError
from marketplace.outbox.commands import WriteLetter, write_letter

_ANSWERING = frozenset({Role.PROVIDER_OWNER, Role.PROVIDER_MANAGER})


def tell_stores_of_ask(
    session: Session, ask: Ask, category_name: str, provider_ids: Iterable[UUID], *, at: datetime
) -> None:
    """Write to the owners of stores that somebody asks for what they sell, unless they said no."""
    wanted = set(provider_ids)
    quiet = set(session.scalars(select(QuietStore.id).where(QuietStore.id.in_(wanted))))
    owners = access.owners_of(session, organisation_ids=wanted - quiet)
    for provider_id in sorted(owners):
        for owner in owners[provider_id]:
            letter = WriteLetter(
                key=f"ask-near/{ask.id}/{provider_id}/{owner.id}",
                to=owner.email,
                subject=f"Somebody in {ask.district} asks for help: {category_name}",
                template="ask_near",
                values={
                    "name": owner.name,
                    "category": category_name,
                    "district": ask.district,
                    "until": _day(ask),
                    "path": f"/people-asking/{ask.id}",
                },
            )
            write_letter(session, letter, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a letter is about, whoever gets it."""

    key: str
    subject: str
    template: str
    values: Mapping[str, object]


def tell_store(session: Session, provider_id: UUID, news: News, *, at: datetime) -> None:
    """Write to those who answer for a store."""
    staff = access.staff_of(session, organisation_id=provider_id)
    people = {person.id: person for person, role in staff if role in _ANSWERING}
    for person in people.values():
        _write(session, person, news, {}, at)


def tell_asker(session: Session, ask: Ask, news: News, *, at: datetime) -> None:
    """Write to the person, and to whoever asked for them if they still may."""
    about = {"title": ask.title, "path": f"/asks/{ask.id}"}
    for person in _askers(session, ask, at):
        _write(session, person, news, about, at)


def _write(
    session: Session, person: Person, news: News, about: Mapping[str, object], at: datetime
) -> None:
    letter = WriteLetter(
        key=f"{news.key}/{person.id}",
        to=person.email,
        subject=news.subject,
        template=news.template,
        values={"name": person.name, **about, **news.values},
    )
    write_letter(session, letter, at=at)


def _askers(session: Session, ask: Ask, at: datetime) -> list[Person]:
    found = []
    with suppress(NotFoundError):  # whoever has closed their account: there is nobody to write to
        found.append(access.person(session, user_id=ask.person_id))
    if ask.asked_by_id != ask.person_id:
        for scope in (Scope.PROPOSE, Scope.PAY):
            helpers = access.active_supporters(session, person_id=ask.person_id, scope=scope, at=at)
            found += [each for each in helpers if each.id == ask.asked_by_id]
    return list({each.id: each for each in found}.values())


def _day(ask: Ask) -> str:
    until = ask.answers_until
    return f"{until:%A} {until.day} {until:%B}"
