"""What somebody may take with them of what they wrote."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kernel.exporting import Kept, columns_of, rows_of
from marketplace.talk.models import Concern

_FOR_THE_WRITER_ALONE = "worries-you-told-a-council"


def data_of(session: Session, *, user_id: UUID) -> dict[str, Kept]:
    """Return the worries somebody told a council, in their own words."""
    concerns = (
        select(*columns_of(Concern, without=["writer_id", "state", "closed_at"]))
        .where(Concern.writer_id == user_id)
        .order_by(Concern.written_at, Concern.id)
    )
    return {_FOR_THE_WRITER_ALONE: rows_of(session, concerns)}


def data_seen_by(
    kept: Mapping[str, Kept], *, about_user_id: UUID, user_id: UUID
) -> dict[str, Kept]:
    """Return what is kept about somebody without what only they themself may read.

    Whoever stands in for a person by law may be the one whom the person is worried about.
    """
    seen = dict(kept)
    if user_id != about_user_id and _FOR_THE_WRITER_ALONE in seen:
        seen[_FOR_THE_WRITER_ALONE] = replace(seen[_FOR_THE_WRITER_ALONE], rows=[])
    return seen
