"""Several at once: the same form is one order, and nobody spends what is not there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from flask import Flask

from marketplace.access.rules import Actor
from marketplace.budgets.errors import SpendRefusedError
from marketplace.budgets.queries import wallet
from marketplace.database import reading, transaction
from marketplace.kernel.money import ZERO, Money
from marketplace.orders import commands, queries
from marketplace.orders.commands import NoteDelivery, PlaceOrder, Sent
from marketplace.orders.rules import NoteKind
from marketplace.orders.rules.bulk import read_table
from tests.factories import Make
from tests.factories.money import PAID_IN, Funded
from tests.factories.orders import TOMORROW


def together(deeds: list[Callable[[], object]]) -> list[object]:
    """Do several things at once, each in a thread of its own."""
    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result() for done in [pool.submit(deed) for deed in deeds]]


def place(wish: PlaceOrder, by: Actor) -> UUID | None:
    try:
        with transaction() as session:
            return commands.place_order(session, wish, by=by, at=PAID_IN)
    except SpendRefusedError:
        return None


def money(funded: Funded) -> tuple[Money, Money]:
    with reading() as session:
        view = wallet(session, person_id=funded.id, at=TOMORROW)
        assert queries.problems(session) == []
    return view.available, view.held


def test_the_same_form_sent_eight_times_at_once_is_one_order(app: Flask, make: Make) -> None:
    funded, provider = make.funded_person(), make.provider()
    make.in_basket(funded.person, make.offer(provider=provider), quantity=2)
    wish = PlaceOrder(order_id=uuid4(), provider_id=provider.works_for)

    answers = together([lambda: place(wish, funded.person)] * 8)

    assert set(answers) == {wish.order_id}
    assert money(funded) == (Money(70_00), Money(30_00))
    with reading() as session:
        assert queries.orders_of_person(session, by=funded.person).total == 1


def test_eight_baskets_at_once_never_overspend(app: Flask, make: Make) -> None:
    funded = make.funded_person()
    wishes = []
    for _ in range(8):
        provider = make.provider()
        make.in_basket(funded.person, make.offer(provider=provider), quantity=2)
        wishes.append(PlaceOrder(order_id=uuid4(), provider_id=provider.works_for))

    answers = together([partial(place, wish, funded.person) for wish in wishes])

    assert sum(answer is not None for answer in answers) == 3
    assert money(funded) == (Money(10_00), Money(90_00))


def test_a_note_sent_eight_times_at_once_under_one_key_is_one_note(app: Flask, make: Make) -> None:
    deal = make.accepted()
    visit_id = make.order(deal).visits[0].id
    wish = NoteDelivery(visit_id=visit_id, note_kind=NoteKind.FULL, sent=Sent(uuid4()))

    def send() -> None:
        with transaction() as session:
            commands.note_delivery(session, wish, by=deal.provider, at=TOMORROW)

    together([send] * 8)

    told = [each for each in make.order(deal).happened if each.what.endswith("said what happened")]
    assert len(told) == 1


def test_a_table_sent_four_times_at_once_notes_each_visit_once(app: Flask, make: Make) -> None:
    deal = make.accepted(visits=3)
    ids = [visit.id for visit in make.order(deal).visits]
    text = "\n".join(["visit,what happened,how much,notes", *(f"{id_},done,," for id_ in ids)])
    at = TOMORROW + timedelta(days=14)

    def send() -> int:
        with transaction() as session:
            lines = read_table(text).lines
            return len(commands.note_many(session, lines, by=deal.provider, at=at).done)

    assert sorted(map(str, together([send] * 4))) == ["0", "0", "0", "3"]


def test_eight_confirmations_at_once_are_one_invoice(app: Flask, make: Make) -> None:
    deal = make.accepted(visits=3)
    ids = [make.noted(deal, visit=number, at=TOMORROW + timedelta(days=14)) for number in (1, 2, 3)]

    def confirm() -> UUID | None:
        with transaction() as session:
            return commands.confirm_visits(
                session, order_id=deal.order_id, visit_ids=ids, by=deal.person, at=TOMORROW
            )

    answers = together([confirm] * 8)

    assert sum(answer is not None for answer in answers) == 1
    assert money(deal.funded) == (Money(10_00), ZERO)


def test_invoices_written_at_once_are_numbered_without_gaps(app: Flask, make: Make) -> None:
    provider = make.provider()
    deals = [make.accepted(make.placed(provider=provider)) for _ in range(6)]
    for deal in deals:
        make.noted(deal)

    together([partial(make.confirmed_now, deal) for deal in deals])

    with reading() as session:
        papers = queries.invoices_of_provider(session, provider_id=provider.works_for)
    assert [paper.number for paper in papers.rows] == [6, 5, 4, 3, 2, 1]
