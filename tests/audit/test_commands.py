"""The audit trail grows, link by link, and shows what was done to it."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from marketplace.audit import commands, queries
from tests.conftest import NOON

CHAIN = UUID(int=1)


def record(session: Session, what: str = "order-placed") -> None:
    commands.record(
        session,
        what=what,
        chain_id=CHAIN,
        subject_id=uuid4(),
        by_user_id=None,
        at=NOON,
        details={"pence": 1200, "words": "£12 für Tee"},
    )


class TestRecord:
    def test_makes_a_chain_that_is_whole(self, session: Session) -> None:
        for what in ("order-placed", "order-accepted", "order-completed"):
            record(session, what)

        assert list(queries.broken_chains(session)) == []
        deeds = queries.deeds_of(session, chain_id=CHAIN)
        assert [deed.what for deed in deeds] == [
            "order-completed",
            "order-accepted",
            "order-placed",
        ]

    @pytest.mark.parametrize(
        "tampering", ["UPDATE audit_entries SET what = 'x'", "DELETE FROM audit_entries"]
    )
    def test_rows_cannot_be_changed_or_taken_out(self, session: Session, tampering: str) -> None:
        record(session)

        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(text(tampering))

    def test_a_chain_without_its_newest_row_is_found(self, session: Session) -> None:
        record(session)
        session.execute(text("UPDATE audit_heads SET sequence = 2"))

        assert list(queries.broken_chains(session)) == [f"chain {CHAIN} has lost its newest rows"]
