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
from marketplace.orders.queries.checks import problems
from marketplace.orders.queries.data import OpenOrder, data_of, open_orders_of
from marketplace.orders.queries.delivered import (
    CompletedOrder,
    RatableOrder,
    completed_order,
    delivered_count,
    ratable_orders,
)
from marketplace.orders.queries.desk import Desk, DeskItem, DeskPerson, desk
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
from marketplace.orders.queries.silence import unanswered_orders
from marketplace.orders.queries.standing_course import standing_due
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

__all__ = [
    "AgreementRow",
    "ApprovalRow",
    "BasketGroup",
    "BasketRow",
    "BasketView",
    "BillingPage",
    "CompletedOrder",
    "DayRow",
    "Desk",
    "DeskItem",
    "DeskPerson",
    "Happened",
    "InvoiceLineRow",
    "InvoiceRow",
    "InvoiceView",
    "LineRow",
    "OpenOrder",
    "OrderRow",
    "OrderView",
    "PaidFamily",
    "Preview",
    "Priced",
    "ProviderInvoice",
    "RatableOrder",
    "StandingRow",
    "StandingView",
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
    "delivered_count",
    "desk",
    "invoice_for",
    "invoices_of_provider",
    "money_lasts",
    "open_orders_of",
    "order_for",
    "order_of_visit",
    "orders_of_person",
    "orders_of_provider",
    "orders_placed_by",
    "paid_family_of_council",
    "priced",
    "problems",
    "ratable_orders",
    "standing_due",
    "standing_for",
    "standing_for_council",
    "standing_of_order",
    "standing_of_person",
    "standing_of_provider",
    "standing_preview",
    "store_named",
    "suggestions_for",
    "unanswered_orders",
    "unpaid_invoices",
    "visits_beside",
    "visits_of_provider",
    "workers_in_month",
]
