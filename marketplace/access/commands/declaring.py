"""Saying what one earns by supporting somebody, and the person's yes to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.access import queries
from marketplace.access.commands.circle import check_open, join, record_of_circle
from marketplace.access.errors import DeclarationError, InvitationError
from marketplace.access.models import Declaration, DeclaredStore, Supporter, User
from marketplace.access.queries import NamedStore
from marketplace.access.rules import (
    FEE_WORDS_LENGTH_MAX,
    PERCENT_MAX,
    STORES_MAX,
    Actor,
    Basis,
    FeePer,
    Permission,
    fee_words,
)
from marketplace.kernel.errors import NotAllowedError, NotFoundError
from marketplace.kernel.money import Money
from marketplace.outbox.commands import WriteLetter, write_letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """A supporter's words about what they earn: their fee, and who else pays them."""

    supporter_row_id: UUID
    fee_per: FeePer = FeePer.NOTHING
    fee: Money | None = None
    fee_percent: int | None = None
    words: str = ""
    sells: bool = False
    family: bool = False
    stores: tuple[NamedStore, ...] = ()

    @property
    def fee_in_words(self) -> str:
        """The fee, as people say it."""
        return fee_words(self.fee_per, amount=self.fee, percent=self.fee_percent)


def declare(session: Session, wish: Declare, *, by: Actor, at: datetime) -> None:
    """Say what one earns by supporting a person; the person is told of every change.

    A broker who says so for the first time accepts the invitation with it. They act once the
    person has seen it and said yes.

    Raises:
        NotFoundError: it is not their own place in a circle, or not their invitation.
        DeclarationError: a fee without its amount, or stores without a word.
    """
    row = own_place(session, wish.supporter_row_id, by)
    _check(wish)
    last = queries.declarations_of(session, supporter_row_ids=[row.id]).get(row.id)
    if last is not None and _same(last, wish):
        return
    _insert(session, row, wish, by=by, at=at)
    record_of_circle(session, "terms-declared", row, by=by, at=at, fee=wish.fee_in_words)
    if row.supporter_id is not None:
        _tell(session, row, wish, by=by, at=at)


def offer_as_broker(session: Session, *, supporter_row_id: UUID, by: Actor, at: datetime) -> None:
    """Say yes to supporting a person for a fee; the person looks at the fee, then says yes too.

    Raises:
        NotFoundError: it is not their invitation.
        InvitationError: they have not said what they charge, or the invitation is over.
    """
    row = own_place(session, supporter_row_id, by)
    if row.supporter_id is not None:
        return
    check_open(row, at)
    said = queries.declarations_of(session, supporter_row_ids=[row.id]).get(row.id)
    if said is None:
        raise InvitationError("First say what you charge, and whether you also sell support.")
    row.supporter_id = by.user_id
    record_of_circle(session, "broker-offered", row, by=by, at=at, fee=said.fee_in_words)
    person = session.get_one(User, row.person_id)
    letter = WriteLetter(
        key=f"broker-offered/{row.id}",
        to=person.email,
        subject=f"{by.name} would like to be your broker",
        template="broker_offered",
        values={"name": person.name, "broker": by.name, "fee": said.fee_in_words},
    )
    write_letter(session, letter, at=at)


def agree_to_broker(session: Session, *, supporter_row_id: UUID, by: Actor, at: datetime) -> None:
    """Say yes to a broker, having seen what they charge and what they sell. Twice is once.

    Raises:
        NotFoundError: they are not in this person's circle.
        NotAllowedError: the supporter may not look after the circle, or is the broker.
        InvitationError: the broker has not answered yet.
    """
    row = session.get(Supporter, supporter_row_id, with_for_update=True)
    if row is None or row.person_id != by.person_id or row.ended_at is not None:
        raise NotFoundError
    if not by.may(Permission.MANAGE_CIRCLE) or row.supporter_id == by.user_id:
        raise NotAllowedError("You cannot say yes to this broker.")
    if row.accepted_at is not None:
        return
    if row.supporter_id is None:
        raise InvitationError("They have not answered yet.")
    said = queries.declarations_of(session, supporter_row_ids=[row.id])[row.id]
    join(session, row, user_id=row.supporter_id, at=at)
    record_of_circle(session, "broker-agreed", row, by=by, at=at, fee=said.fee_in_words)


def own_place(session: Session, supporter_row_id: UUID, by: Actor) -> Supporter:
    """Lock one's own place in a circle, or the invitation to one.

    Raises:
        NotFoundError: it is somebody else's, or over.
    """
    row = session.get(Supporter, supporter_row_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFoundError
    if row.supporter_id is not None:
        mine = row.supporter_id == by.user_id
    else:
        user = session.get_one(User, by.user_id)
        mine = row.invited_email == user.email and user.email_confirmed_at is not None
    if not mine:
        raise NotFoundError
    return row


def _check(wish: Declare) -> None:
    needs_amount = wish.fee_per not in {FeePer.NOTHING, FeePer.PERCENT}
    if needs_amount != bool(wish.fee):
        raise DeclarationError(
            "Enter how much you charge." if needs_amount else "Say for what you charge this."
        )
    percent = wish.fee_percent or 0
    if wish.fee_per is FeePer.PERCENT and not 1 <= percent <= PERCENT_MAX:
        raise DeclarationError(f"Enter a percentage between 1 and {PERCENT_MAX}.")
    if wish.fee_per is not FeePer.PERCENT and wish.fee_percent is not None:
        raise DeclarationError("Say for what you charge this.")
    if len(wish.words) > FEE_WORDS_LENGTH_MAX or len(wish.stores) > STORES_MAX:
        raise DeclarationError(f"Use at most {FEE_WORDS_LENGTH_MAX} characters.")
    if wish.sells and not (wish.stores or wish.words.strip()):
        raise DeclarationError("Name the stores that you or your organisation sell from.")


def _same(last: queries.DeclarationRow, wish: Declare) -> bool:
    stores = {store.id for store in last.stores} == {store.id for store in wish.stores}
    names = ("fee_per", "fee", "fee_percent", "sells", "family")
    return (
        stores
        and last.words == wish.words.strip()
        and all(getattr(last, name) == getattr(wish, name) for name in names)
    )


def _insert(session: Session, row: Supporter, wish: Declare, *, by: Actor, at: datetime) -> None:
    last = session.scalar(
        select(func.max(Declaration.number)).where(Declaration.supporter_row_id == row.id)
    )
    declaration = Declaration(
        id=uuid4(),
        supporter_row_id=row.id,
        number=(last or 0) + 1,
        fee_per=wish.fee_per,
        fee=wish.fee,
        fee_percent=wish.fee_percent,
        words=wish.words.strip(),
        sells=wish.sells,
        family=wish.family,
        declared_by_id=by.user_id,
        declared_at=at,
    )
    session.add(declaration)
    session.flush()  # the stores point at it
    stores = {store.id: store.name for store in wish.stores}
    session.add_all(
        DeclaredStore(
            id=uuid4(), declaration_id=declaration.id, provider_id=store_id, provider_name=name
        )
        for store_id, name in stores.items()
    )
    session.flush()


def _tell(session: Session, row: Supporter, wish: Declare, *, by: Actor, at: datetime) -> None:
    person = session.get_one(User, row.person_id)
    broker = row.basis is Basis.BROKER
    letter = WriteLetter(
        key=f"terms-declared/{row.id}/{at.isoformat()}",
        to=person.email,
        subject=f"{by.name} changed what they tell you about their fee and their work",
        template="terms_declared",
        values={
            "name": person.name,
            "supporter": by.name,
            "fee": wish.fee_in_words if broker or wish.fee_per is not FeePer.NOTHING else "",
            "stores": sorted({store.name for store in wish.stores}),
            "sells": wish.sells,
            "family": wish.family,
            "words": wish.words.strip(),
        },
    )
    write_letter(session, letter, at=at)
