"""The instalment job through the driver alone: the same rows in the same batches."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from marketplace.audit.rules import FIRST_HASH, Link, canonical, link_hash
from tests.bench.bare_driver import BareDriver, Row
from tests.bench.databases import Place
from tests.bench.filling import NOON

_DUE = """
    SELECT id, person_id, yearly_pence, next_due_on, available_account_id FROM budget_lines
    WHERE next_due_on <= :on AND closed_at IS NULL ORDER BY next_due_on, id LIMIT :most {lines}"""
_LOCK = """
    SELECT id FROM wallet_balances WHERE id IN ({ids}) ORDER BY id {lock}"""
_HEADS = "SELECT id, sequence, hash FROM audit_heads WHERE id IN ({ids}) ORDER BY id {lock}"
_NEW_HEAD = "INSERT INTO audit_heads (id, sequence, hash) VALUES (:id, 0, :hash)"
_INSTALMENT = """
    INSERT INTO budget_instalments (id, line_id, due_on, amount_pence, paid_at)
    VALUES (:new, :line, :due, :pence, :at) ON CONFLICT DO NOTHING"""
_TRANSFER = """
    INSERT INTO wallet_transfers (id, key, reason, at)
    VALUES (:transfer, :key, 'instalment', :at) ON CONFLICT DO NOTHING"""
_ENTRY = """
    INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    VALUES (:new, :transfer, :account, :pence)"""
_BALANCE = "UPDATE wallet_balances SET amount_pence = amount_pence + :pence WHERE id = :account"
_LINE = """
    UPDATE budget_lines SET paid_in_pence = paid_in_pence + :pence, next_due_on = :next
    WHERE id = :line"""
_DEED = """
    INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id, for_person_id,
        at, details, previous_hash, hash) VALUES (:new, :person, :sequence, 'instalment-paid',
        :line, NULL, :person, :at, :details, :previous, :hash)"""
_NEXT_HEAD = "UPDATE audit_heads SET sequence = :sequence, hash = :hash WHERE id = :id"


class BareInstalments:
    """Pays instalments with nothing between the statements and the driver."""

    def __init__(self, place: Place, funder_id: UUID) -> None:
        self._bare = BareDriver(place)
        self._funder = self._bare.id(funder_id)
        self._at = self._bare.instant(NOON)

    def pay(self, on: date, batch: int) -> None:
        """Pay all that is due, batch by batch."""
        while self._bare.in_transaction(lambda: self._batch(on, batch)):
            pass
        self._bare.close()

    def _batch(self, on: date, batch: int) -> int:
        day = on if self._bare.postgres else on.isoformat()
        due = self._bare.rows(_DUE, {"on": day, "most": batch})
        if not due:
            return 0
        self._bare.rows(_LOCK, {}, [line[4] for line in due])
        rows = [self._paid(line) for line in due]
        self._bare.many(_INSTALMENT, rows)
        self._bare.many(_TRANSFER, rows)
        self._bare.many(_BALANCE, rows)
        self._bare.many(_ENTRY, [{**row, "new": self._bare.id(uuid4())} for row in rows])
        out = {"account": self._funder}
        self._bare.many(
            _ENTRY,
            [{**row, **out, "new": self._bare.id(uuid4()), "pence": -row["pence"]} for row in rows],
        )
        self._bare.many(_LINE, rows)
        self._note(rows)
        return len(due)

    def _paid(self, line: Sequence[Any]) -> Row:
        line_id, person_id, yearly, due, account = line
        day = due if self._bare.postgres else date.fromisoformat(due)
        after = day + timedelta(days=28)
        key = line_id if self._bare.postgres else UUID(line_id)
        return {
            "new": self._bare.id(uuid4()),
            "transfer": self._bare.id(uuid4()),
            "key": f"instalment/{key}/{day}",
            "line": line_id,
            "person": person_id,
            "account": account,
            "due": due,
            "next": after if self._bare.postgres else after.isoformat(),
            "pence": -(-yearly // 13),
            "at": self._at,
        }

    def _note(self, rows: Sequence[Row]) -> None:
        people = sorted({row["person"] for row in rows})
        heads = {head[0]: (head[1], head[2]) for head in self._bare.rows(_HEADS, {}, people)}
        missing = [{"id": person, "hash": FIRST_HASH} for person in people if person not in heads]
        self._bare.many(_NEW_HEAD, missing)
        heads.update({row["id"]: (0, FIRST_HASH) for row in missing})
        deeds = [self._deed(row, heads) for row in rows]
        self._bare.many(_DEED, deeds)
        self._bare.many(
            _NEXT_HEAD,
            [{"id": person, "sequence": n, "hash": mark} for person, (n, mark) in heads.items()],
        )

    def _deed(self, row: Row, heads: dict[Any, tuple[int, str]]) -> Row:
        sequence, previous = heads[row["person"]]
        person, line = (
            each if self._bare.postgres else UUID(each) for each in (row["person"], row["line"])
        )
        link = Link(
            chain_id=person,
            sequence=sequence + 1,
            what="instalment-paid",
            subject_id=line,
            by_user_id=None,
            for_person_id=person,
            at=NOON,
            details=canonical({"due_on": str(row["due"]), "pence": row["pence"]}),
        )
        mark = link_hash(previous, link)
        heads[row["person"]] = (link.sequence, mark)
        said = {"sequence": link.sequence, "details": link.details, "previous": previous}
        return {**row, **said, "hash": mark, "new": self._bare.id(uuid4())}
