"""Reading baskets, orders, visits and invoices."""

from marketplace.orders.queries.basket import (
    BasketGroup,
    BasketRow,
    BasketView,
    basket,
    basket_line,
    basket_size,
)
from marketplace.orders.queries.billing import (
    AgreementRow,
    BillingPage,
    VatRow,
    asks_for_agreement,
    billing_page,
)
from marketplace.orders.queries.bulk import week_of_provider
from marketplace.orders.queries.checks import problems
from marketplace.orders.queries.data import OpenOrder, data_of, open_orders_of
from marketplace.orders.queries.day import (
    Day,
    DayVisit,
    day_of_provider,
    to_confirm_of_person,
    visit_to_note,
)
from marketplace.orders.queries.delivered import (
    CompletedOrder,
    RatableOrder,
    completed_order,
    delivered_count,
    ratable_orders,
)
from marketplace.orders.queries.desk import Desk, DeskItem, DeskPerson, desk
from marketplace.orders.queries.disputed import disputed_invoices, silent_disputes
from marketplace.orders.queries.disputes import (
    queries_mediated,
    queries_of_order,
    queries_of_person,
    queries_of_provider,
    queries_to_mediate,
    query_file_for,
    query_for,
    visits_to_query_late,
)
from marketplace.orders.queries.disputes_rows import QueryRow, QueryView
from marketplace.orders.queries.family import PaidFamily, paid_family_of_council, store_named
from marketplace.orders.queries.invoices import (
    invoice_for,
    invoices_of_provider,
    unpaid_invoices,
)
from marketplace.orders.queries.orders import (
    order_for,
    order_of_visit,
    orders_of_person,
    orders_of_provider,
    orders_placed_by,
    suggestions_for,
    visits_of_provider,
)
from marketplace.orders.queries.paying import VisitOnInvoice, visits_beside
from marketplace.orders.queries.photos import Photo, photo_of_visit
from marketplace.orders.queries.planned import (
    Month,
    Side,
    month_for_council,
    month_of_person,
    month_of_provider,
)
from marketplace.orders.queries.priced import Priced, priced
from marketplace.orders.queries.rows import (
    ApprovalRow,
    Happened,
    InvoiceLineRow,
    InvoiceRow,
    InvoiceView,
    LineRow,
    OrderRow,
    OrderView,
    ProviderInvoice,
    UnpaidInvoice,
    VisitRow,
)
from marketplace.orders.queries.seeing import sees_all
from marketplace.orders.queries.silence import unanswered_orders
from marketplace.orders.queries.standing_course import standing_due
from marketplace.orders.queries.standing_menu import Menu, find_menu
from marketplace.orders.queries.standing_money import money_lasts
from marketplace.orders.queries.standing_pages import (
    standing_for_council,
    standing_of_order,
    standing_of_person,
    standing_of_provider,
)
from marketplace.orders.queries.standing_preview import Preview, about_times, standing_preview
from marketplace.orders.queries.standing_rows import DayRow, StandingRow, StandingView, Weeks
from marketplace.orders.queries.standing_view import standing_for, workers_in_month
from marketplace.orders.queries.stops import (
    CouncilStop,
    ItemRow,
    PersonStop,
    StopRow,
    how_many_are_concerned,
    stop_for_council,
    stop_for_person,
    stop_item_for,
    stop_of_store,
    stops_of_council,
    stops_of_person,
    stores_of_council,
)
from marketplace.orders.queries.stops_due import stops_going_on, stops_over, stops_to_notice
from marketplace.orders.queries.stops_wishes import Again, standing_again

__all__ = [
    "Again",
    "AgreementRow",
    "ApprovalRow",
    "BasketGroup",
    "BasketRow",
    "BasketView",
    "BillingPage",
    "CompletedOrder",
    "CouncilStop",
    "Day",
    "DayRow",
    "DayVisit",
    "Desk",
    "DeskItem",
    "DeskPerson",
    "Happened",
    "InvoiceLineRow",
    "InvoiceRow",
    "InvoiceView",
    "ItemRow",
    "LineRow",
    "Menu",
    "Month",
    "OpenOrder",
    "OrderRow",
    "OrderView",
    "PaidFamily",
    "PersonStop",
    "Photo",
    "Preview",
    "Priced",
    "ProviderInvoice",
    "QueryRow",
    "QueryView",
    "RatableOrder",
    "Side",
    "StandingRow",
    "StandingView",
    "StopRow",
    "UnpaidInvoice",
    "VatRow",
    "VisitOnInvoice",
    "VisitRow",
    "Weeks",
    "about_times",
    "asks_for_agreement",
    "basket",
    "basket_line",
    "basket_size",
    "billing_page",
    "completed_order",
    "data_of",
    "day_of_provider",
    "delivered_count",
    "desk",
    "disputed_invoices",
    "find_menu",
    "how_many_are_concerned",
    "invoice_for",
    "invoices_of_provider",
    "money_lasts",
    "month_for_council",
    "month_of_person",
    "month_of_provider",
    "open_orders_of",
    "order_for",
    "order_of_visit",
    "orders_of_person",
    "orders_of_provider",
    "orders_placed_by",
    "paid_family_of_council",
    "photo_of_visit",
    "priced",
    "problems",
    "queries_mediated",
    "queries_of_order",
    "queries_of_person",
    "queries_of_provider",
    "queries_to_mediate",
    "query_file_for",
    "query_for",
    "ratable_orders",
    "sees_all",
    "silent_disputes",
    "standing_again",
    "standing_due",
    "standing_for",
    "standing_for_council",
    "standing_of_order",
    "standing_of_person",
    "standing_of_provider",
    "standing_preview",
    "stop_for_council",
    "stop_for_person",
    "stop_item_for",
    "stop_of_store",
    "stops_going_on",
    "stops_of_council",
    "stops_of_person",
    "stops_over",
    "stops_to_notice",
    "store_named",
    "stores_of_council",
    "suggestions_for",
    "to_confirm_of_person",
    "unanswered_orders",
    "unpaid_invoices",
    "visit_to_note",
    "visits_beside",
    "visits_of_provider",
    "visits_to_query_late",
    "week_of_provider",
    "workers_in_month",
]
