"""In whose name a provider's invoices are made, and how they stand to VAT."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.queries import names_of
from marketplace.access.rules import Actor, Permission
from marketplace.catalogue.queries import Seller, exempt_categories, provider_name, sellers
from marketplace.kernel.errors import NotFoundError
from marketplace.orders.models import SelfBillingAgreement, VatRegistration
from marketplace.orders.rules import Treatment, may_renew, treatment_of

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Everything about a seller that an invoice of one day needs."""

    seller: Seller
    on: date
    exempt: frozenset[str]
    """The categories that are welfare."""
    agreement_id: UUID | None = None
    vat_number: str = ""
    address: str = ""

    @property
    def shows_vat(self) -> bool:
        """Tell whether VAT is on the invoice: only if it may be made in the seller's name."""
        return bool(self.vat_number) and self.agreement_id is not None

    def treatment(self, category: str) -> Treatment:
        """Return how a sale in a category stands to VAT."""
        return treatment_of(
            registered=self.shows_vat,
            exempt=category in self.exempt,
            welfare=self.seller.welfare,
            on=self.on,
        )

    def words(self) -> dict[str, str]:
        """Return what an invoice keeps of the seller."""
        said = {
            "name": self.seller.name,
            "district": self.seller.district,
            "email": self.seller.email,
            "phone": self.seller.phone,
        }
        if not self.vat_number:
            return said
        return {**said, "vat_number": self.vat_number, "address": self.address}


def billing_of(session: Session, *, provider_ids: Iterable[UUID], on: date) -> dict[UUID, Billing]:
    """Return how the invoices of some providers are made on a day, with a few statements."""
    wanted = sorted(set(provider_ids))
    exempt, names = exempt_categories(session), sellers(session, provider_ids=wanted)
    found: dict[UUID, Billing] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        agreed = {row.provider_id: row.id for row in _agreements(session, some, on)}
        said = {row.provider_id: row for row in _registrations(session, some, on)}
        for provider_id in some:
            vat = said.get(provider_id)
            found[provider_id] = Billing(
                seller=names[provider_id],
                on=on,
                exempt=exempt,
                agreement_id=agreed.get(provider_id),
                vat_number=vat.number if vat else "",
                address=vat.address if vat else "",
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """An agreement, and who gave it."""

    version: int
    words: str
    agreed_by_name: str
    agreed_on: date
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """What was said of a registration for VAT."""

    number: str
    address: str
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingPage:
    """How a provider's invoices are made, as their owner sees it."""

    provider_name: str
    agreements: tuple[AgreementRow, ...]
    """The newest first."""
    vat: VatRow | None
    """What holds today."""
    coming: VatRow | None
    """What was said of a later day."""
    on: date

    @property
    def agreement(self) -> AgreementRow | None:
        """The agreement that holds today."""
        held = (row for row in self.agreements if row.starts_on <= self.on <= row.ends_on)
        return next(held, None)

    @property
    def may_agree(self) -> bool:
        """Tell whether there is something to agree to: there is none, or it runs out soon."""
        return not self.agreements or may_renew(self.agreements[0].ends_on, on=self.on)


def billing_page(session: Session, *, by: Actor, on: date) -> BillingPage:
    """Return how the invoices of somebody's own store are made.

    Raises:
        NotFoundError: they own none.
    """
    if not by.may(Permission.SEE_EARNINGS):
        raise NotFoundError
    agreements = list(
        session.scalars(
            select(SelfBillingAgreement)
            .where(SelfBillingAgreement.provider_id == by.works_for)
            .order_by(SelfBillingAgreement.starts_on.desc())
        )
    )
    names = names_of(session, user_ids=[row.agreed_by_id for row in agreements])
    said = list(_all_registrations(session, [by.works_for]))
    now = [row for row in said if row.starts_on <= on]
    later = [row for row in said if row.starts_on > on]
    return BillingPage(
        provider_name=provider_name(session, provider_id=by.works_for),
        agreements=tuple(
            AgreementRow(
                version=row.version,
                words=row.words,
                agreed_by_name=names.get(row.agreed_by_id, ""),
                agreed_on=row.agreed_at.date(),
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in agreements
        ),
        vat=_vat_row(now[-1]) if now and now[-1].number else None,
        coming=_vat_row(later[-1]) if later else None,
        on=on,
    )


def asks_for_agreement(session: Session, *, provider_id: UUID, on: date) -> bool:
    """Tell whether a provider has no agreement for invoices in their name, or it runs out soon."""
    last = session.scalar(
        select(SelfBillingAgreement.ends_on)
        .where(SelfBillingAgreement.provider_id == provider_id)
        .order_by(SelfBillingAgreement.ends_on.desc())
        .limit(1)
    )
    return last is None or may_renew(last, on=on)


def _vat_row(row: VatRegistration) -> VatRow:
    return VatRow(number=row.number, address=row.address, starts_on=row.starts_on)


def _agreements(
    session: Session, provider_ids: Iterable[UUID], on: date
) -> Iterable[SelfBillingAgreement]:
    return session.scalars(
        select(SelfBillingAgreement)
        .where(
            SelfBillingAgreement.provider_id.in_(provider_ids),
            SelfBillingAgreement.starts_on <= on,
            SelfBillingAgreement.ends_on >= on,
        )
        .order_by(SelfBillingAgreement.starts_on)
    )


def _registrations(
    session: Session, provider_ids: Iterable[UUID], on: date
) -> Iterable[VatRegistration]:
    return (row for row in _all_registrations(session, provider_ids) if row.starts_on <= on)


def _all_registrations(session: Session, provider_ids: Iterable[UUID]) -> Iterable[VatRegistration]:
    """Return what some providers said, so that the last of each that began is what counts."""
    return session.scalars(
        select(VatRegistration)
        .where(VatRegistration.provider_id.in_(provider_ids))
        .order_by(VatRegistration.starts_on, VatRegistration.said_at, VatRegistration.id)
    )
