"""Opening the card company's page: outside any transaction, and never twice for one payment."""

from uuid import UUID

from marketplace.database import transaction
from marketplace.kernel.money import Money
from marketplace.payments import commands
from marketplace.payments.adapters import OpenPage
from marketplace.payments.adapters.stripe_pages import card_pages
from marketplace.payments.errors import CardPageError
from marketplace.web.site import settings, whole_address

WORDS = "Money for support"


def open_card_page(top_up_id: UUID, amount: Money, *, back_path: str) -> None:
    """Ask the card company for a page for one payment, and keep where it is.

    Raises:
        CardPageError: this installation takes no cards, or the card company does not answer.
    """
    pages = card_pages(settings())
    if pages is None:
        raise CardPageError
    page = pages.open(
        OpenPage(
            top_up_id=top_up_id,
            amount=amount,
            words=WORDS,
            back_url=whole_address(back_path),
        )
    )
    with transaction() as session:
        commands.keep_page(session, top_up_id=top_up_id, page=page)
