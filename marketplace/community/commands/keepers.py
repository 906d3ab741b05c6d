"""Who looks after a group: inviting, joining, leaving, taking over what nobody keeps."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.access import queries as access
from marketplace.access.rules import Actor
from marketplace.community.adapters import links
from marketplace.community.commands.groups import begin_keeping
from marketplace.community.commands.keeping import (
    checked_text,
    group_kept_by,
    locked_group,
    note_group,
)
from marketplace.community.errors import (
    BadEntryError,
    LastKeeperError,
    LinkExpiredError,
    ReasonMissingError,
    WrongStateError,
)
from marketplace.community.models import Group, GroupClaim, Keeper, KeeperInvitation, Partner
from marketplace.community.queries.people import is_keeper, keeper_ids, may_moderate
from marketplace.community.rules import (
    INVITATION_LASTS,
    KEEPERS_MAX,
    REASON_LENGTH_MAX,
    ClaimState,
    GroupState,
)
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.writing import insert_once
from marketplace.outbox.commands import WriteLetter, write_letter


def invite_keeper(
    session: Session, *, group_id: UUID, email: str, secret_key: str, by: Actor, at: datetime
) -> None:
    """Send somebody a link that makes them a keeper of one's group, once.

    Raises:
        NotFoundError: the group is not theirs.
        BadEntryError: there are as many keepers and invitations as there may be.
        WrongStateError: the group is closed.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    if group.state is GroupState.CLOSED:
        raise WrongStateError("This group is closed.")
    _forget_old_invitations(session, at)
    waiting = session.scalar(
        select(func.count()).where(
            KeeperInvitation.group_id == group_id, KeeperInvitation.ended_at.is_(None)
        )
    )
    if len(keeper_ids(session, group_id=group_id)) + (waiting or 0) >= KEEPERS_MAX:
        raise BadEntryError(f"A group can have {KEEPERS_MAX} keepers. Take an invitation back.")
    invitation = KeeperInvitation(
        id=uuid4(),
        group_id=group_id,
        email=email.strip().lower(),
        invited_by_id=by.user_id,
        invited_at=at,
    )
    session.add(invitation)
    letter = WriteLetter(
        key=f"keeper-invitation/{invitation.id}",
        to=invitation.email,
        subject=f"Will you help to look after {group.name}?",
        template="keeper_invitation",
        values={
            "group": group.name,
            "who": by.name,
            "link": links.token(secret_key, links.KEEPER, invitation.id),
        },
    )
    write_letter(session, letter, at=at)
    note_group(session, "keeper-invited", group, by.user_id, at)


def become_keeper(session: Session, *, link: str, secret_key: str, by: Actor, at: datetime) -> str:
    """Become a keeper by the link from a letter, once; return the group's address part.

    Raises:
        LinkExpiredError: it is too old, was used or taken back, or the group is closed.
    """
    ids = links.ids_of(secret_key, links.KEEPER, link, lasts=INVITATION_LASTS)
    group_id = session.scalar(select(KeeperInvitation.group_id).where(KeeperInvitation.id.in_(ids)))
    if group_id is None:
        raise LinkExpiredError("This link is no longer good. Ask for a new one.")
    group = locked_group(session, group_id=group_id)
    used = session.execute(
        update(KeeperInvitation)
        .where(KeeperInvitation.id.in_(ids), KeeperInvitation.ended_at.is_(None))
        .values(ended_at=at, email="")
        .returning(KeeperInvitation.id)
    ).first()
    if used is None and is_keeper(session, group_id=group.id, user_id=by.user_id):
        return group.slug
    if used is None or group.state is GroupState.CLOSED:
        raise LinkExpiredError("This link is no longer good. Ask for a new one.")
    begin_keeping(session, group_id=group.id, user_id=by.user_id, at=at)
    note_group(session, "keeper-joined", group, by.user_id, at)
    return group.slug


def take_back_invitation(
    session: Session, *, group_id: UUID, invitation_id: UUID, by: Actor, at: datetime
) -> None:
    """Make a link that was sent no longer good.

    Raises:
        NotFoundError: the group is not theirs, or the invitation is none of its.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    invitation = session.get(KeeperInvitation, invitation_id)
    if invitation is None or invitation.group_id != group_id:
        raise NotFoundError
    ended = session.execute(
        update(KeeperInvitation)
        .where(
            KeeperInvitation.id == invitation_id,
            KeeperInvitation.group_id == group_id,
            KeeperInvitation.ended_at.is_(None),
        )
        .values(ended_at=at, email="")
        .returning(KeeperInvitation.id)
    ).first()
    if ended is not None:
        note_group(session, "keeper-invitation-ended", group, by.user_id, at)


def leave_group(session: Session, *, group_id: UUID, by: Actor, at: datetime) -> None:
    """Stop looking after a group.

    Raises:
        NotFoundError: they do not look after it.
        LastKeeperError: nobody else does, and it is not closed.
    """
    group = group_kept_by(session, group_id=group_id, by=by)
    others = [each for each in keeper_ids(session, group_id=group_id) if each != by.user_id]
    if not others and group.state is not GroupState.CLOSED:
        raise LastKeeperError(
            f"Nobody else looks after {group.name}. Invite somebody, or close the group first."
        )
    _end(session, group_id, by.user_id, at)
    note_group(session, "keeper-left", group, by.user_id, at)


def claim_group(
    session: Session, *, claim_id: UUID, group_id: UUID, words: str, by: Actor, at: datetime
) -> None:
    """Say that a group nobody looks after here is one's own; sent twice it is one claim.

    Raises:
        NotFoundError: there is no such group, or it is not shown.
        WrongStateError: somebody looks after it already.
        BadEntryError: it does not say who they are.
    """
    group = locked_group(session, group_id=group_id)
    if group.state is not GroupState.SHOWN:
        raise NotFoundError
    if keeper_ids(session, group_id=group_id):
        raise WrongStateError("Somebody looks after this group already. Write to them.")
    said = checked_text(words, what="words", longest=REASON_LENGTH_MAX, needed=True)
    waiting = select(GroupClaim.id).where(
        GroupClaim.group_id == group_id,
        GroupClaim.user_id == by.user_id,
        GroupClaim.state == ClaimState.ASKED,
    )
    if session.scalar(waiting) is not None:
        return
    values = {
        "id": claim_id,
        "group_id": group_id,
        "user_id": by.user_id,
        "words": said,
        "state": ClaimState.ASKED,
        "asked_at": at,
        "reason": "",
        "decided_at": None,
    }
    if insert_once(session, GroupClaim, values):
        note_group(session, "group-claimed", group, by.user_id, at)


def decide_group_claim(
    session: Session, *, claim_id: UUID, agree: bool, reason: str = "", by: Actor, at: datetime
) -> None:
    """Hand a group that nobody looks after to somebody who says it is theirs, or say no.

    Raises:
        NotFoundError: it is not for this moderator to decide.
        WrongStateError: it was decided, or somebody looks after the group by now.
        ReasonMissingError: it is refused without a reason.
    """
    group_id = session.scalar(select(GroupClaim.group_id).where(GroupClaim.id == claim_id))
    if group_id is None:
        raise NotFoundError
    group = locked_group(session, group_id=group_id)
    if not may_moderate(group, by):
        raise NotFoundError
    claim = session.get_one(GroupClaim, claim_id, with_for_update=True, populate_existing=True)
    wanted = ClaimState.AGREED if agree else ClaimState.REFUSED
    if claim.state is wanted:
        return
    if claim.state is not ClaimState.ASKED:
        raise WrongStateError("This was decided already.")
    claim.reason = checked_text(reason, what="reason", longest=REASON_LENGTH_MAX)
    if not agree and not claim.reason:
        raise ReasonMissingError("Say why. The one who asked reads it.")
    if agree:
        if keeper_ids(session, group_id=group.id):
            raise WrongStateError("Somebody looks after this group already.")
        begin_keeping(session, group_id=group.id, user_id=claim.user_id, at=at)
    claim.state, claim.decided_at = wanted, at
    _tell_claimant(session, group, claim, at)
    note_group(session, f"group-claim-{wanted}", group, by.user_id, at, subject_id=claim.id)


def forget_person(session: Session, *, user_id: UUID, at: datetime) -> None:
    """Take somebody who leaves out of the groups they look after; what was shown stays."""
    groups = session.scalars(
        select(Group)
        .join(Keeper, Keeper.group_id == Group.id)
        .where(Keeper.user_id == user_id, Keeper.ended_at.is_(None))
        .order_by(Group.id)
        .with_for_update(of=Group)
    )
    for group in list(groups):
        _end(session, group.id, user_id, at)
        note_group(session, "keeper-left", group, user_id, at)
    session.execute(update(GroupClaim).where(GroupClaim.user_id == user_id).values(words=""))
    session.execute(
        update(Partner)
        .where(Partner.user_id == user_id, Partner.ended_at.is_(None))
        .values(ended_at=at)
    )


def forget_invitations(session: Session, *, before: datetime, at: datetime) -> int:
    """Take away the addresses to which links were sent that nobody used; return how many."""
    rows = session.execute(
        update(KeeperInvitation)
        .where(KeeperInvitation.invited_at < before, KeeperInvitation.email != "")
        .values(ended_at=func.coalesce(KeeperInvitation.ended_at, at), email="")
        .returning(KeeperInvitation.id)
    )
    return len(rows.all())


def _forget_old_invitations(session: Session, at: datetime) -> None:
    forget_invitations(session, before=at - INVITATION_LASTS, at=at)


def _end(session: Session, group_id: UUID, user_id: UUID, at: datetime) -> None:
    session.execute(
        update(Keeper)
        .where(Keeper.group_id == group_id, Keeper.user_id == user_id, Keeper.ended_at.is_(None))
        .values(ended_at=at)
    )


def _tell_claimant(session: Session, group: Group, claim: GroupClaim, at: datetime) -> None:
    who = access.person_ever(session, user_id=claim.user_id)
    letter = WriteLetter(
        key=f"group-claim/{claim.id}/{claim.state}",
        to=who.email,
        subject=f"You asked to look after {group.name}",
        template="group_claim_decided",
        values={
            "name": who.name,
            "group": group.name,
            "slug": group.slug,
            "agreed": claim.state is ClaimState.AGREED,
            "reason": claim.reason,
        },
    )
    write_letter(session, letter, at=at)
