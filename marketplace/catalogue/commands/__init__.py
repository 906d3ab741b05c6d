"""Every write to stores, offers, prices and checks."""

from marketplace.catalogue.commands.appeals import (
    AnswerAppeal,
    AskAgain,
    answer_appeal,
    appeal,
)
from marketplace.catalogue.commands.bank import (
    answer_bank_change,
    hash_of_token,
    set_bank_details,
)
from marketplace.catalogue.commands.closing import forget_person
from marketplace.catalogue.commands.documents import (
    DOCUMENTS_MAX,
    TITLE_LENGTH_MAX,
    add_document,
    remove_document,
)
from marketplace.catalogue.commands.evidence import (
    AddEvidence,
    add_evidence,
    check_evidence,
    take_out_evidence,
)
from marketplace.catalogue.commands.holidays import (
    TakeBreak,
    end_break,
    note_load,
    set_capacity,
    take_break,
)
from marketplace.catalogue.commands.join import JoinMarket, join
from marketplace.catalogue.commands.moderation import (
    DecideOnProvider,
    ask_claim,
    decide_claim,
    decide_on_provider,
)
from marketplace.catalogue.commands.needed import (
    AskForEvidence,
    ask_for_evidence,
    remind_of_evidence,
    set_needed,
)
from marketplace.catalogue.commands.offer_tables import LineTaken, ManyWritten, write_many
from marketplace.catalogue.commands.offers import (
    WriteOffer,
    add_offer,
    change_offer,
    put_back,
    set_offer_state,
)
from marketplace.catalogue.commands.personal_prices import (
    PersonalWish,
    agree_personal_price,
    end_personal_price,
    forget_personal_prices,
)
from marketplace.catalogue.commands.pictures import (
    PICTURES_MAX,
    add_picture,
    describe_picture,
    move_picture_up,
    remove_picture,
)
from marketplace.catalogue.commands.price_sheets import save_figures
from marketplace.catalogue.commands.prices import AgreePrice, agree_price, end_agreed_price
from marketplace.catalogue.commands.register import import_entry, put_category
from marketplace.catalogue.commands.sale_days import keep_sale_days
from marketplace.catalogue.commands.stores import (
    ChangeStore,
    add_worker,
    apply_to_council,
    change_store,
    confirm_store,
    end_worker,
    open_store,
    pause_store,
)
from marketplace.catalogue.commands.times import end_full_times, set_area, set_opening, set_room

__all__ = [
    "DOCUMENTS_MAX",
    "PICTURES_MAX",
    "TITLE_LENGTH_MAX",
    "AddEvidence",
    "AgreePrice",
    "AnswerAppeal",
    "AskAgain",
    "AskForEvidence",
    "ChangeStore",
    "DecideOnProvider",
    "JoinMarket",
    "LineTaken",
    "ManyWritten",
    "PersonalWish",
    "TakeBreak",
    "WriteOffer",
    "add_document",
    "add_evidence",
    "add_offer",
    "add_picture",
    "add_worker",
    "agree_personal_price",
    "agree_price",
    "answer_appeal",
    "answer_bank_change",
    "appeal",
    "apply_to_council",
    "ask_claim",
    "ask_for_evidence",
    "change_offer",
    "change_store",
    "check_evidence",
    "confirm_store",
    "decide_claim",
    "decide_on_provider",
    "describe_picture",
    "end_agreed_price",
    "end_break",
    "end_full_times",
    "end_personal_price",
    "end_worker",
    "forget_person",
    "forget_personal_prices",
    "hash_of_token",
    "import_entry",
    "join",
    "keep_sale_days",
    "move_picture_up",
    "note_load",
    "open_store",
    "pause_store",
    "put_back",
    "put_category",
    "remind_of_evidence",
    "remove_document",
    "remove_picture",
    "save_figures",
    "set_area",
    "set_bank_details",
    "set_capacity",
    "set_needed",
    "set_offer_state",
    "set_opening",
    "set_room",
    "take_break",
    "take_out_evidence",
    "write_many",
]
