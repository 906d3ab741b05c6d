"""Every write to stores, offers, prices and checks."""

from marketplace.catalogue.commands.closing import forget_person
from marketplace.catalogue.commands.evidence import AddEvidence, add_evidence, check_evidence
from marketplace.catalogue.commands.join import JoinMarket, join
from marketplace.catalogue.commands.moderation import (
    DecideOnProvider,
    ask_claim,
    decide_claim,
    decide_on_provider,
)
from marketplace.catalogue.commands.offers import (
    WriteOffer,
    add_offer,
    change_offer,
    set_offer_state,
)
from marketplace.catalogue.commands.pictures import set_picture
from marketplace.catalogue.commands.prices import AgreePrice, agree_price, end_agreed_price
from marketplace.catalogue.commands.register import import_entry, put_category
from marketplace.catalogue.commands.stores import (
    ChangeStore,
    add_worker,
    apply_to_council,
    change_store,
    confirm_store,
    end_worker,
    open_store,
    pause_store,
    set_bank_details,
)

__all__ = [
    "AddEvidence",
    "AgreePrice",
    "ChangeStore",
    "DecideOnProvider",
    "JoinMarket",
    "WriteOffer",
    "add_evidence",
    "add_offer",
    "add_worker",
    "agree_price",
    "apply_to_council",
    "ask_claim",
    "change_offer",
    "change_store",
    "check_evidence",
    "confirm_store",
    "decide_claim",
    "decide_on_provider",
    "end_agreed_price",
    "end_worker",
    "forget_person",
    "import_entry",
    "join",
    "open_store",
    "pause_store",
    "put_category",
    "set_bank_details",
    "set_offer_state",
    "set_picture",
]
