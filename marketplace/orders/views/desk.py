"""The desk of whoever supports people: everybody in one list, and one list of what to do."""

from flask import render_template, request, url_for

from marketplace.access.guards import current_actor, requires
from marketplace.access.rules import Permission
from marketplace.database import reading
from marketplace.kernel import clock
from marketplace.kernel.paging import PAGE_SIZE, Page, page_number
from marketplace.orders import queries
from marketplace.orders.forms import DeskForm
from marketplace.orders.queries import DeskItem, DeskPerson
from marketplace.orders.rules import DeskKind
from marketplace.orders.views.blueprint import orders


@orders.route("/desk", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def desk() -> str:
    """Show everybody whom somebody supports, and what there is to do for all of them."""
    actor, form = current_actor(), DeskForm()
    asked = form.validate_on_submit()
    with reading() as session:
        found = queries.desk(
            session,
            user_id=actor.user_id,
            at=clock.now(),
            name=(form.name.data or "") if asked else "",
            below=form.figure,
        )
    return render_template(
        "orders/desk.html",
        form=form,
        asked=asked,
        items=_page(found.items, "work"),
        people=_page(found.people, "page"),
        path_of=_path_of,
        person_path=_person_path,
    )


def _page(rows: tuple[DeskItem, ...] | tuple[DeskPerson, ...], which: str) -> Page[object]:
    # The form's buttons send the page along with it; without the form it stands in the address.
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(page_number(request.values.get(which)), pages)
    start = (number - 1) * PAGE_SIZE
    return Page(rows[start : start + PAGE_SIZE], number, len(rows))


def _path_of(item: DeskItem) -> str:
    if item.order_id is not None:
        return url_for("orders.show", order_id=item.order_id)
    if item.request_id is not None:
        return url_for("budgets.request_page", request_id=item.request_id)
    if item.kind is DeskKind.ENDING:
        return url_for("access.invitations")
    return url_for("budgets.wallet")


def _person_path(row: DeskPerson) -> str:
    return url_for("budgets.wallet") if row.money is not None else url_for("orders.index")
