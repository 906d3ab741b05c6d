"""What supporters earn and for whom they work, as they declared it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.access.models import (
    Declaration,
    DeclaredStore,
    FamilyCarer,
    FamilyDecision,
    Membership,
    Supporter,
    User,
)
from marketplace.access.queries.hats import acts
from marketplace.access.rules import PROVIDER_ROLES, Basis, FeePer, fee_words
from marketplace.kernel.money import Money


@dataclass(frozen=True, slots=True)
class NamedStore:
    """A store by its id and the name it had when it was declared."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationRow:
    """What a supporter says of themself, as it stands now."""

    supporter_row_id: UUID
    fee_per: FeePer
    fee: Money | None
    fee_percent: int | None
    words: str
    sells: bool
    family: bool
    stores: tuple[NamedStore, ...]
    declared_at: datetime

    @property
    def fee_in_words(self) -> str:
        """The fee, as people say it."""
        return fee_words(self.fee_per, amount=self.fee, percent=self.fee_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Somebody near a person who earns from a store."""

    provider_id: UUID
    user_id: UUID | None
    """None for family who are not in the circle."""
    name: str
    basis: Basis | None
    family: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCarerRow:
    """Somebody of the family who is paid, as the person declared it."""

    id: UUID
    person_id: UUID
    provider_id: UUID
    provider_name: str
    who: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """What a council last said to family being paid."""

    agreed: bool
    reason: str
    decided_by_name: str
    decided_at: datetime


def declarations_of(
    session: Session, *, supporter_row_ids: Iterable[UUID]
) -> dict[UUID, DeclarationRow]:
    """Return the last declarations of some supporters, by the id of their place in a circle."""
    rows = list(
        session.scalars(
            select(Declaration).where(
                Declaration.supporter_row_id.in_(set(supporter_row_ids)),
                Declaration.number == _last_number(),
            )
        )
    )
    stores: dict[UUID, list[NamedStore]] = {row.id: [] for row in rows}
    named = (
        select(DeclaredStore)
        .where(DeclaredStore.declaration_id.in_(stores))
        .order_by(DeclaredStore.provider_name, DeclaredStore.provider_id)
    )
    for store in session.scalars(named):
        stores[store.declaration_id].append(NamedStore(store.provider_id, store.provider_name))
    return {
        row.supporter_row_id: DeclarationRow(
            supporter_row_id=row.supporter_row_id,
            fee_per=row.fee_per,
            fee=row.fee,
            fee_percent=row.fee_percent,
            words=row.words,
            sells=row.sells,
            family=row.family,
            stores=tuple(stores[row.id]),
            declared_at=row.declared_at,
        )
        for row in rows
    }


def interests_in(
    session: Session, *, person_id: UUID, provider_ids: Collection[UUID], at: datetime
) -> list[Interest]:
    """Return who of a person's circle and family earns from some stores, as far as is known.

    That is whoever declared it, and whoever works for the store with an account of this market.
    """
    found = {
        (interest.user_id or interest.name, interest.provider_id): interest
        for interest in (
            *_carers(session, person_id, provider_ids),
            *_declared(session, person_id, provider_ids, at),
            *_working(session, person_id, provider_ids, at),
        )
    }
    return sorted(found.values(), key=lambda interest: (interest.name, str(interest.user_id)))


def family_carers_of(session: Session, *, person_ids: Collection[UUID]) -> list[FamilyCarerRow]:
    """Return whom some people declared as paid family, by name."""
    rows = (
        select(FamilyCarer)
        .where(FamilyCarer.person_id.in_(person_ids), FamilyCarer.ended_at.is_(None))
        .order_by(FamilyCarer.who, FamilyCarer.id)
    )
    return [
        FamilyCarerRow(
            id=row.id,
            person_id=row.person_id,
            provider_id=row.provider_id,
            provider_name=row.provider_name,
            who=row.who,
            declared_at=row.declared_at,
        )
        for row in session.scalars(rows)
    ]


def paid_family_of(
    session: Session, *, person_ids: Collection[UUID], at: datetime
) -> list[tuple[UUID, NamedStore, str]]:
    """Return of some people who of their family earns from which store: person, store, name."""
    declared = (
        _acting_with_declaration(
            Supporter.person_id, DeclaredStore.provider_id, DeclaredStore.provider_name, User.name
        )
        .join(DeclaredStore, DeclaredStore.declaration_id == Declaration.id)
        .where(Supporter.person_id.in_(person_ids), Declaration.family, *acts(at))
    )
    working = (
        _acting_with_declaration(
            Supporter.person_id, Membership.organisation_id, Membership.organisation_name, User.name
        )
        .join(Membership, Membership.user_id == Supporter.supporter_id)
        .where(Supporter.person_id.in_(person_ids), Declaration.family, *acts(at), *_works())
    )
    found = {
        (person_id, store_id, who): (person_id, NamedStore(store_id, store), who)
        for statement in (working, declared)
        for person_id, store_id, store, who in session.execute(statement)
    }
    for row in family_carers_of(session, person_ids=person_ids):
        store = NamedStore(row.provider_id, row.provider_name)
        found.setdefault((row.person_id, store.id, row.who), (row.person_id, store, row.who))
    return sorted(found.values(), key=lambda row: (row[2], row[1].name, str(row[0])))


def family_answers(
    session: Session, *, person_ids: Collection[UUID], council_id: UUID
) -> dict[tuple[UUID, UUID], FamilyAnswer]:
    """Return what a council last said to family being paid, by person and store."""
    rows = (
        select(FamilyDecision)
        .where(FamilyDecision.person_id.in_(person_ids), FamilyDecision.council_id == council_id)
        .order_by(FamilyDecision.number)
    )
    return {
        (row.person_id, row.provider_id): FamilyAnswer(
            row.agreed, row.reason, row.decided_by_name, row.decided_at
        )
        for row in session.scalars(rows)
    }


def _carers(session: Session, person_id: UUID, provider_ids: Collection[UUID]) -> list[Interest]:
    return [
        Interest(provider_id=row.provider_id, user_id=None, name=row.who, basis=None, family=True)
        for row in family_carers_of(session, person_ids=[person_id])
        if row.provider_id in provider_ids
    ]


def _declared(
    session: Session, person_id: UUID, provider_ids: Collection[UUID], at: datetime
) -> list[Interest]:
    rows = (
        _acting_with_declaration(
            DeclaredStore.provider_id, User.id, User.name, Supporter.basis, Declaration.family
        )
        .join(DeclaredStore, DeclaredStore.declaration_id == Declaration.id)
        .where(
            Supporter.person_id == person_id,
            DeclaredStore.provider_id.in_(provider_ids),
            *acts(at),
        )
    )
    return [_interest(*row) for row in session.execute(rows)]


def _working(
    session: Session, person_id: UUID, provider_ids: Collection[UUID], at: datetime
) -> list[Interest]:
    family = func.coalesce(Declaration.family, false())
    rows = (
        select(Membership.organisation_id, User.id, User.name, Supporter.basis, family)
        .join(Supporter, Supporter.supporter_id == Membership.user_id)
        .join(User, User.id == Supporter.supporter_id)
        .outerjoin(Declaration, _is_last())
        .where(
            Supporter.person_id == person_id,
            Membership.organisation_id.in_(provider_ids),
            *acts(at),
            *_works(),
        )
    )
    return [_interest(*row) for row in session.execute(rows)]


def _interest(
    provider_id: UUID,
    user_id: UUID,
    name: str,
    basis: Basis,
    family: bool,  # noqa: FBT001
) -> Interest:
    return Interest(
        provider_id=provider_id, user_id=user_id, name=name, basis=basis, family=bool(family)
    )


def _acting_with_declaration(*columns: Any) -> Select[Any]:  # noqa: ANN401
    return (
        select(*columns)
        .select_from(Supporter)
        .join(Declaration, _is_last())
        .join(User, User.id == Supporter.supporter_id)
    )


def _works() -> tuple[ColumnElement[bool], ...]:
    return Membership.role.in_(PROVIDER_ROLES), Membership.ended_at.is_(None)


def _is_last() -> ColumnElement[bool]:
    return (Declaration.supporter_row_id == Supporter.id) & (Declaration.number == _last_number())


def _last_number() -> ScalarSelect[int]:
    every = aliased(Declaration)
    return (
        select(func.max(every.number))
        .where(every.supporter_row_id == Declaration.supporter_row_id)
        .correlate(Declaration)
        .scalar_subquery()
    )
