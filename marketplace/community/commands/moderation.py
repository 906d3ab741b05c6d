"""What councils and the partners they trust decide about groups and entries."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.community.commands.keeping import (
    GroupLetter,
    checked_text,
    locked_group,
    locked_listing,
    note_group,
    note_listing,
    tell_keepers,
)
from marketplace.community.errors import NoSuchPersonError, ReasonMissingError, WrongStateError
from marketplace.community.models import Group, Partner
from marketplace.community.queries.people import may_moderate, partner_of
from marketplace.community.rules import (
    NAME_LENGTH_MAX,
    REASON_LENGTH_MAX,
    GroupState,
    HidingRule,
    ListingState,
)
from marketplace.kernel.errors import NotFoundError


def show_group(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Let everybody see a group, and tell its keepers.

    Raises:
        NotFoundError: it is not for this moderator to decide.
        WrongStateError: its keepers closed it.
    """
    group = _moderated(session, group_id, by)
    if group.state is GroupState.SHOWN:
        return
    if group.state is GroupState.CLOSED:
        raise WrongStateError("The keepers of this group have closed it.")
    group.state, group.hidden_by_rule, group.reason = GroupState.SHOWN, None, ""
    _decided(session, group, by, at)


def hide_group(
    session: Session,
    *,
    group_id: UUID,
    rule: HidingRule,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    """Hide a group by a rule, with a reason that its keepers read.

    Raises:
        NotFoundError: it is not for this moderator to decide.
        WrongStateError: its keepers closed it.
        ReasonMissingError: there is no reason.
    """
    group = _moderated(session, group_id, by)
    said = checked_text(reason, what="reason", longest=REASON_LENGTH_MAX)
    if not said:
        raise ReasonMissingError("Say why. The keepers of the group read it.")
    if group.state is GroupState.CLOSED:
        raise WrongStateError("The keepers of this group have closed it.")
    if (group.state, group.hidden_by_rule, group.reason) == (GroupState.HIDDEN, rule, said):
        return
    group.state, group.hidden_by_rule, group.reason = GroupState.HIDDEN, rule, said
    _decided(session, group, by, at)


def name_partner(session: Session, *, name: str, email: str, by: Actor, at: datetime) -> UUID:
    """Let somebody say, for an organisation one's council trusts, that entries are right.

    Raises:
        NotFoundError: they do not look after a council.
        NoSuchPersonError: nobody has an account with this address.
        BadEntryError: the organisation has no name.
    """
    if not by.may(Permission.ADMINISTER_COUNCIL):
        raise NotFoundError
    said = checked_text(name, what="name", longest=NAME_LENGTH_MAX, needed=True)
    who = access.find_person_by_email(session, email=email)
    if who is None:
        raise NoSuchPersonError(
            "Nobody has joined with this e-mail address. Ask them to join first."
        )
    there = session.scalar(
        select(Partner)
        .where(
            Partner.council_id == by.works_for,
            Partner.user_id == who.id,
            Partner.ended_at.is_(None),
        )
        .with_for_update()
    )
    if there is not None:
        there.name = said
        return there.id
    partner = Partner(id=uuid4(), council_id=by.works_for, name=said, user_id=who.id, since_at=at)
    session.add(partner)
    _note_partner(session, "partner-named", partner, by, at)
    return partner.id


def end_partnership(session: Session, *, partner_id: UUID, by: Actor, at: datetime) -> None:
    """End a partnership of one's council: marks stay with their day, new ones there are none.

    Raises:
        NotFoundError: it is not one of theirs.
    """
    partner = session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if (
        partner is None
        or not by.may(Permission.ADMINISTER_COUNCIL)
        or partner.council_id != by.works_for
    ):
        raise NotFoundError
    if partner.ended_at is None:
        partner.ended_at = at
        _note_partner(session, "partner-ended", partner, by, at)


def check_group(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Say, as a trusted partner, that a group is what it says. One that waits is shown by it.

    Raises:
        NotFoundError: they are no partner of its council, or it is hidden or closed.
    """
    group = locked_group(session, group_id=group_id)
    partner = partner_of(session, group, user_id=by.user_id)
    if partner is None or group.state not in {GroupState.WAITING, GroupState.SHOWN}:
        raise NotFoundError
    group.checked_by, group.checked_at = partner.name, at
    if group.state is GroupState.WAITING:
        group.state, group.decided_at, group.reason = GroupState.SHOWN, at, ""
        _tell(session, group, at)
    note_group(session, "group-checked", group, by.user_id, at)


def check_listing(session: Session, *, listing_id: UUID, by: Actor, at: datetime) -> None:
    """Say, as a trusted partner, that everything in an entry is right.

    Raises:
        NotFoundError: they are no partner of its council, or it is not shown.
    """
    listing, group = locked_listing(session, listing_id=listing_id)
    partner = partner_of(session, group, user_id=by.user_id)
    there = listing.state is ListingState.OPEN and group.state is GroupState.SHOWN
    if partner is None or not there:
        raise NotFoundError
    listing.checked_by, listing.checked_at = partner.name, at
    listing.confirmed_at = at
    note_listing(session, "listing-checked", listing, by.user_id, at)


def _moderated(session: Session, group_id: UUID, by: Actor) -> Group:
    group = locked_group(session, group_id=group_id)
    if not may_moderate(group, by):
        raise NotFoundError
    return group


def _decided(session: Session, group: Group, by: Actor, at: datetime) -> None:
    group.decided_at = at
    if group.council_id is None:
        # Nobody's area: the council that looked stands for it from now on.
        group.council_id = by.works_for
    _tell(session, group, at)
    note_group(session, f"group-{group.state}", group, by.user_id, at)


def _tell(session: Session, group: Group, at: datetime) -> None:
    letter = GroupLetter(
        key=f"group-decided/{group.id}/{at.isoformat()}",
        subject=f"The council has looked at {group.name}",
        template="group_decided",
        values={
            "shown": group.state is GroupState.SHOWN,
            "rule": group.hidden_by_rule.label if group.hidden_by_rule else "",
            "reason": group.reason,
        },
    )
    tell_keepers(session, group, letter, at=at)


def _note_partner(session: Session, what: str, partner: Partner, by: Actor, at: datetime) -> None:
    record(
        session,
        what=what,
        chain_id=partner.council_id,
        subject_id=partner.id,
        by_user_id=by.user_id,
        at=at,
    )
