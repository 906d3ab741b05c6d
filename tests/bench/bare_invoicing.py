"""The invoicing job through the driver alone: the same rows in the same batches."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from marketplace.audit.rules import Link, canonical, link_hash
from marketplace.kernel.clock import local_day
from marketplace.kernel.ids import ids_in_a_row
from marketplace.orders.rules import line_words, moment_words, promised_on
from tests.bench.bare_driver import BareDriver, Row
from tests.bench.databases import Place

_DUE = """
    SELECT o.id, v.noted_at, v.told_first_at, v.told_second_at FROM orders o
    JOIN order_visits v ON v.order_id = o.id
    WHERE v.state = 'noted' AND v.noted_at < :at ORDER BY v.noted_at, o.id"""
_ORDERS = """
    SELECT id, person_id, council_id, provider_id FROM orders WHERE id IN ({ids})
    ORDER BY id {free}"""
_VISITS = """
    SELECT v.order_id, v.id, v.due_pence, v.planned_at, l.title, l.unit, l.quantity, l.category
    FROM order_visits v JOIN order_lines l ON l.id = v.line_id WHERE v.order_id IN ({ids})"""
_CONFIRM = """
    UPDATE order_visits SET state = 'confirmed', settled_at = :at, settled_by_silence = :yes
    WHERE id IN ({ids})"""
_HOLDS = "SELECT id, tolerance_pence FROM budget_holds WHERE id IN ({ids}) ORDER BY id {held}"
_SHARES = """
    SELECT s.hold_id, s.id, f.available_account_id, f.held_account_id,
        s.held_pence - s.captured_pence - s.released_pence
    FROM budget_hold_shares s JOIN budget_lines f ON f.id = s.line_id
    WHERE s.hold_id IN ({ids}) ORDER BY s.hold_id, s.position"""
_EARNED = """
    SELECT owner_id, id FROM wallet_accounts
    WHERE owner_id IN ({ids}) AND kind = 'earned' AND council_id = :council"""
_NEW_ACCOUNT = """
    INSERT INTO wallet_accounts (id, owner_id, kind, council_id)
    VALUES (:id, :owner, 'earned', :council)"""
_NEW_BALANCE = """
    INSERT INTO wallet_balances (id, amount_pence, may_go_negative) VALUES (:id, 0, :yes)"""
_LOCK = "SELECT id FROM wallet_balances WHERE id IN ({ids}) ORDER BY id {held}"
_TRANSFER = """
    INSERT INTO wallet_transfers (id, key, reason, at)
    VALUES (:transfer, :key, 'capture', :at) ON CONFLICT DO NOTHING"""
_ENTRY = """
    INSERT INTO wallet_entries (id, transfer_id, account_id, amount_pence)
    VALUES (:id, :transfer, :account, :pence)"""
_BALANCE = """
    UPDATE wallet_balances SET amount_pence = amount_pence + :pence
    WHERE id = :account AND (may_go_negative OR amount_pence + :pence >= 0)"""
_SHARE = """
    UPDATE budget_hold_shares SET captured_pence = captured_pence + :pence WHERE id = :share"""
_HEADS = "SELECT id, sequence, hash FROM audit_heads WHERE id IN ({ids}) ORDER BY id {lock}"
_DEED = """
    INSERT INTO audit_entries (id, chain_id, sequence, what, subject_id, by_user_id, for_person_id,
        at, details, previous_hash, hash) VALUES (:id, :person, :sequence, :what,
        :order, NULL, :person, :at, :details, :previous, :hash)"""
_NEXT_HEAD = "UPDATE audit_heads SET sequence = :sequence, hash = :hash WHERE id = :id"
_SELLERS = "SELECT id, name, postcode, email, phone FROM catalogue_providers WHERE id IN ({ids})"
_AGREEMENTS = """
    SELECT provider_id, id FROM self_billing_agreements
    WHERE provider_id IN ({ids}) AND starts_on <= :day AND ends_on >= :day"""
_REGISTRATIONS = "SELECT provider_id, number FROM vat_registrations WHERE provider_id IN ({ids})"
_PEOPLE = "SELECT id, name FROM access_users WHERE id IN ({ids})"
_COUNCIL = "SELECT name FROM councils WHERE id = :council"
_COUNTERS = "SELECT id, last FROM invoice_counters WHERE id IN ({ids}) ORDER BY id {lock}"
_NEW_COUNTER = "INSERT INTO invoice_counters (id, last) VALUES (:id, 0)"
_COUNT = "UPDATE invoice_counters SET last = :last WHERE id = :id"
_INVOICE = """
    INSERT INTO invoices (id, provider_id, number, kind, order_id, person_id, council_id,
        total_pence, issued_at, promised_on, seller, buyer, reason)
    VALUES (:invoice, :provider, :number, 'invoice', :order, :person, :council,
        :pence, :at, :promised, :seller, :buyer, '')"""
_LINE = """
    INSERT INTO invoice_lines (id, invoice_id, position, visit_id, text, quantity, unit,
        amount_pence, vat_pence, vat_kind, vat_rate)
    VALUES (:line, :invoice, 1, :visit, :text, :quantity, :unit, :pence, 0, 'none', 0)"""
_COMPLETE = "UPDATE orders SET state = 'completed', completed_at = :at WHERE id IN ({ids})"


class BareInvoicing:
    """Confirms and invoices orders of one visit with nothing between statements and driver."""

    def __init__(self, place: Place, at: datetime) -> None:
        self._bare = BareDriver(place)
        self._moment = at
        self._at = self._bare.instant(at)
        promised = promised_on(at)
        self._promised = promised if self._bare.postgres else promised.isoformat()
        self._new = (self._bare.id(number) for number in ids_in_a_row())

    def confirm(self, batch: int) -> None:
        """Confirm and invoice all that is due, batch by batch."""
        due = [row[0] for row in self._bare.rows(_DUE, {"at": self._at}) if row[2] and row[3]]
        for start in range(0, len(due), batch):
            some = due[start : start + batch]
            self._bare.in_transaction(partial(self._batch, some))
        self._bare.close()

    def _batch(self, order_ids: Sequence[Any]) -> int:
        bare = self._bare
        orders = {row[0]: row for row in bare.rows(_ORDERS, {}, order_ids)}
        visits = {row[0]: row for row in bare.rows(_VISITS, {}, order_ids)}
        values = {"at": self._at, "yes": True}
        bare.do(_CONFIRM, values, [row[1] for row in visits.values()])
        rows = [self._row(orders[order_id], visits[order_id]) for order_id in order_ids]
        self._capture(rows)
        self._note(rows, "money-paid", lambda row: {"pence": row["pence"]})
        self._invoice(rows)
        bare.do(_COMPLETE, values, order_ids)
        self._note(rows, "confirmed-by-silence", lambda _row: {"visits": 1})
        return len(rows)

    def _row(self, order: Sequence[Any], visit: Sequence[Any]) -> Row:
        order_id, person_id, council_id, provider_id = order
        _, visit_id, pence, planned_at, title, unit, quantity, _category = visit
        if not self._bare.postgres:
            planned_at = datetime.fromisoformat(planned_at).replace(tzinfo=UTC)
        invoice_id = next(self._new)
        key = invoice_id if self._bare.postgres else UUID(invoice_id)
        return {
            "order": order_id,
            "person": person_id,
            "council": council_id,
            "provider": provider_id,
            "visit": visit_id,
            "pence": pence,
            "text": f"{line_words(title, unit, quantity)}, {moment_words(planned_at)}",
            "quantity": quantity,
            "unit": unit,
            "invoice": invoice_id,
            "line": next(self._new),
            "transfer": next(self._new),
            "key": f"invoice/{key}/capture",
            "at": self._at,
            "promised": self._promised,
        }

    def _capture(self, rows: Sequence[Row]) -> None:
        bare, order_ids = self._bare, [row["order"] for row in rows]
        bare.rows(_HOLDS, {}, order_ids)
        shares = {row[0]: row for row in bare.rows(_SHARES, {}, order_ids)}
        earned = self._earned(rows)
        touched = {account for share in shares.values() for account in share[2:4]}
        bare.rows(_LOCK, {}, [*touched, *earned.values()])
        bare.many(_TRANSFER, rows)
        sides = [side for row in rows for side in self._sides(row, shares[row["order"]], earned)]
        changes: dict[Any, int] = {}
        for side in sides:
            changes[side["account"]] = changes.get(side["account"], 0) + side["pence"]
        bare.many(_BALANCE, [{"account": key, "pence": pence} for key, pence in changes.items()])
        bare.many(_ENTRY, sides)
        bare.many(
            _SHARE, [{"share": shares[row["order"]][1], "pence": row["pence"]} for row in rows]
        )

    def _earned(self, rows: Sequence[Row]) -> dict[Any, Any]:
        council, providers = rows[0]["council"], sorted({row["provider"] for row in rows})
        earned = dict(self._bare.rows(_EARNED, {"council": council}, providers))
        missing = [
            {"id": next(self._new), "owner": provider, "council": council, "yes": True}
            for provider in providers
            if provider not in earned
        ]
        self._bare.many(_NEW_ACCOUNT, missing)
        self._bare.many(_NEW_BALANCE, missing)
        return earned | {row["owner"]: row["id"] for row in missing}

    def _sides(self, row: Row, share: Sequence[Any], earned: dict[Any, Any]) -> Iterator[Row]:
        assert share[4] >= row["pence"], "enough is set aside"
        for account, pence in (
            (share[3], -row["pence"]),
            (earned[row["provider"]], row["pence"]),
        ):
            yield {
                "id": next(self._new),
                "transfer": row["transfer"],
                "account": account,
                "pence": pence,
            }

    def _invoice(self, rows: Sequence[Row]) -> None:
        bare, day = self._bare, local_day(self._moment)
        providers = sorted({row["provider"] for row in rows})
        people = sorted({row["person"] for row in rows})
        sellers = {
            row[0]: json.dumps({"name": row[1], "district": "", "email": row[3], "phone": row[4]})
            for row in bare.rows(_SELLERS, {}, providers)
        }
        on = {"day": day if bare.postgres else day.isoformat()}
        assert not bare.rows(_AGREEMENTS, on, providers)
        assert not bare.rows(_REGISTRATIONS, {}, providers)
        names = dict(bare.rows(_PEOPLE, {}, people))
        ((council,),) = bare.rows(_COUNCIL, {"council": rows[0]["council"]})
        last = dict(bare.rows(_COUNTERS, {}, providers))
        missing = [provider for provider in providers if provider not in last]
        bare.many(_NEW_COUNTER, [{"id": provider} for provider in missing])
        last |= dict.fromkeys(missing, 0)
        for row in rows:
            last[row["provider"]] += 1
            row["number"] = last[row["provider"]]
            row["seller"] = sellers[row["provider"]]
            row["buyer"] = json.dumps({"name": names[row["person"]], "council": council})
        bare.many(_COUNT, [{"id": provider, "last": n} for provider, n in last.items()])
        bare.many(_INVOICE, rows)
        bare.many(_LINE, rows)

    def _note(self, rows: Sequence[Row], what: str, details: Any) -> None:  # noqa: ANN401
        people = sorted({row["person"] for row in rows})
        heads = {head[0]: (head[1], head[2]) for head in self._bare.rows(_HEADS, {}, people)}
        deeds = [self._deed(row, what, canonical(details(row)), heads) for row in rows]
        self._bare.many(_DEED, deeds)
        self._bare.many(
            _NEXT_HEAD,
            [{"id": person, "sequence": n, "hash": mark} for person, (n, mark) in heads.items()],
        )

    def _deed(self, row: Row, what: str, details: str, heads: dict[Any, tuple[int, str]]) -> Row:
        sequence, previous = heads[row["person"]]
        person, order = (
            each if self._bare.postgres else UUID(each) for each in (row["person"], row["order"])
        )
        link = Link(
            chain_id=person,
            sequence=sequence + 1,
            what=what,
            subject_id=order,
            by_user_id=None,
            for_person_id=person,
            at=self._moment,
            details=details,
        )
        mark = link_hash(previous, link)
        heads[row["person"]] = (link.sequence, mark)
        return {
            "id": next(self._new),
            "person": row["person"],
            "order": row["order"],
            "what": what,
            "sequence": link.sequence,
            "at": self._at,
            "details": details,
            "previous": previous,
            "hash": mark,
        }
