"""Choosing what councils see."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor, Permission
from marketplace.audit.commands import record
from marketplace.budgets.models.council_views import CouncilView
from marketplace.budgets.rules.council_views import Shows
from marketplace.councils import queries as councils
from marketplace.kernel.errors import ConflictError, NotAllowedError
from marketplace.kernel.writing import insert_once


def choose_council_view(
    session: Session, *, council_id: UUID, shows: Shows, by: Actor, at: datetime
) -> None:
    """Choose how much of a person's own money's spending a council sees.

    Raises:
        NotAllowedError: a supporter chooses who may not change the circle.
        ConflictError: the person does not belong to this council, so it sees nothing.
    """
    if not by.may(Permission.MANAGE_CIRCLE):
        raise NotAllowedError(f"{by.person_name} has not let you choose what councils see.")
    person_id = by.buys_for
    if not councils.belongs(session, council_id=council_id, person_id=person_id):
        raise ConflictError("This council sees nothing of your money: you do not belong to it.")
    chosen = {"shows": shows, "chosen_by_id": by.user_id, "chosen_at": at}
    values = {"id": uuid4(), "person_id": person_id, "council_id": council_id, **chosen}
    if not insert_once(session, CouncilView, values):
        session.execute(
            update(CouncilView)
            .where(CouncilView.person_id == person_id, CouncilView.council_id == council_id)
            .values(chosen)
        )
    record(
        session,
        what="council-view-chosen",
        chain_id=person_id,
        subject_id=council_id,
        by_user_id=by.user_id,
        for_person_id=person_id,
        at=at,
        details={"shows": shows},
    )
