"""What people type about stores and offers: its shape, not whether they may."""

from marketplace.catalogue.forms.checking import (
    AnswerAppealForm,
    AppealForm,
    AskForEvidenceForm,
    EvidenceForm,
    NeededForm,
)
from marketplace.catalogue.forms.join import (
    FirstOfferForm,
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
from marketplace.catalogue.forms.offers import OfferForm, OffersFileForm, OffersTableForm
from marketplace.catalogue.forms.storefront import (
    AreaForm,
    CapacityForm,
    DescribeForm,
    DocumentForm,
    PictureForm,
    RoomForm,
    TimesForm,
)
from marketplace.catalogue.forms.stores import (
    BankForm,
    CouncilForm,
    StoreForm,
    WorkerForm,
)

__all__ = [
    "AgreedPriceForm",
    "AnswerAppealForm",
    "AppealForm",
    "AreaForm",
    "AskForEvidenceForm",
    "BankForm",
    "CapacityForm",
    "ClaimForm",
    "CouncilForm",
    "DecideClaimForm",
    "DecideProviderForm",
    "DescribeForm",
    "DocumentForm",
    "EvidenceForm",
    "FirstOfferForm",
    "NeededForm",
    "OfferForm",
    "OffersFileForm",
    "OffersTableForm",
    "PictureForm",
    "RoomForm",
    "SendForm",
    "StoreForm",
    "TimesForm",
    "WhereForm",
    "WorkerForm",
    "YouForm",
    "join_wish",
]
