"""What people type about stores and offers: its shape, not whether they may."""

from marketplace.catalogue.forms.join import (
    FirstOfferForm,
    JoinStep,
    SendForm,
    WhereForm,
    YouForm,
    join_wish,
)
from marketplace.catalogue.forms.moderation import (
    AgreedPriceForm,
    ClaimForm,
    DecideClaimForm,
    DecideProviderForm,
)
from marketplace.catalogue.forms.offers import OfferForm
from marketplace.catalogue.forms.stores import (
    BankForm,
    CouncilForm,
    EvidenceForm,
    PictureForm,
    StoreForm,
    WorkerForm,
)

__all__ = [
    "AgreedPriceForm",
    "BankForm",
    "ClaimForm",
    "CouncilForm",
    "DecideClaimForm",
    "DecideProviderForm",
    "EvidenceForm",
    "FirstOfferForm",
    "JoinStep",
    "OfferForm",
    "PictureForm",
    "SendForm",
    "StoreForm",
    "WhereForm",
    "WorkerForm",
    "YouForm",
    "join_wish",
]
