"""People who order, and providers who deliver, again and again, and remember what they were told.

Each deed is remembered when its answer has come, not before: what is remembered was promised.
"""

import threading
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from tests.crash.visiting import Visitor


class Step(IntEnum):
    """How far an order has come."""

    PLACED = 1
    ACCEPTED = 2
    NOTED = 3
    CONFIRMED = 4


@dataclass(slots=True)
class Promise:
    """The furthest step of an order that the website has acknowledged."""

    token: str
    """What the person wrote on this order and on no other."""
    step: Step


class Shopper(threading.Thread):
    """A person and a provider who see one order after the other through to its end."""

    def __init__(self, name: str, *, person: Visitor, provider: Visitor, offer_id: UUID) -> None:
        super().__init__(name=name, daemon=True)
        self.promises: dict[UUID, Promise] = {}
        self.fault: Exception | None = None
        self._person = person
        self._provider = provider
        self._offer_id = offer_id
        self._enough = threading.Event()

    @property
    def unanswered(self) -> int:
        """How many requests died on the way."""
        return self._person.unanswered + self._provider.unanswered

    @property
    def acknowledged(self) -> int:
        """How many deeds were acknowledged so far."""
        return sum(promise.step for promise in list(self.promises.values()))

    def finish(self) -> None:
        """See the order in hand through to its end, then stop."""
        self._enough.set()

    def run(self) -> None:
        """Go on until it is enough."""
        number = 0
        try:
            while not self._enough.is_set():
                number += 1
                self._order(f"{self.name}, order {number}")
        except Exception as fault:  # noqa: BLE001 - the test reads it and fails
            self.fault = fault

    def _order(self, token: str) -> None:
        order_id = self._place(token)
        self.promises[order_id] = Promise(token, Step.PLACED)
        for step, deed in (
            (Step.ACCEPTED, self._accept),
            (Step.NOTED, self._note),
            (Step.CONFIRMED, self._confirm),
        ):
            deed(order_id)
            self.promises[order_id].step = step

    def _place(self, token: str) -> UUID:
        form = self._person.get(f"/basket/add?offer_id={self._offer_id}")
        wanted = {"quantity": "1", "visits": "1", "every_days": "7", "note": token}
        self._person.post("/basket/add", form.fields | wanted)
        basket = self._person.get("/basket")
        told = self._person.post("/basket/place", basket.fields)
        placed = parse_qs(urlsplit(told.location).query)
        assert "left" not in placed, f"an order was refused: {told.location}"
        return UUID(placed["order"][0])

    def _accept(self, order_id: UUID) -> None:
        page = self._provider.get(f"/work/orders/{order_id}")
        self._provider.post(f"/work/orders/{order_id}/accept", page.fields)

    def _note(self, order_id: UUID) -> None:
        page = self._provider.get(f"/work/orders/{order_id}")
        start = page.text.index("/work/visits/")
        path = page.text[start:].split('"', 1)[0]
        form = self._provider.get(path)
        self._provider.post(path, form.fields | {"note_kind": "full"})

    def _confirm(self, order_id: UUID) -> None:
        page = self._person.get(f"/orders/{order_id}")
        self._person.post(f"/orders/{order_id}/confirm", page.fields)
