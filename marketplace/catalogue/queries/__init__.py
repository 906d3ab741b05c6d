"""Reading stores, offers, prices, and what moderators look after."""

from marketplace.catalogue.queries.cards import (
    CategoryRow,
    CheckRow,
    FindableOffer,
    FindableProvider,
    OfferCard,
    OrderableOffer,
    StoreCard,
    StoreCouncil,
    WorkerRow,
)
from marketplace.catalogue.queries.data import data_of
from marketplace.catalogue.queries.findable import findable_offers, findable_providers
from marketplace.catalogue.queries.kept import (
    CouncilSays,
    EvidenceRow,
    KeptOffer,
    KeptStore,
    evidence_of,
    kept_offer,
    kept_store,
)
from marketplace.catalogue.queries.moderation import (
    ClaimRow,
    ProviderToCheck,
    claims_to_decide,
    councils_at,
    may_decide,
    provider_to_check,
    providers_to_check,
)
from marketplace.catalogue.queries.offers import (
    categories,
    offer,
    offer_for_order,
    offers,
    offers_of_provider,
)
from marketplace.catalogue.queries.prices import (
    AgreedPriceRow,
    PricedOffer,
    agreed_prices_of,
    priced_offers,
)
from marketplace.catalogue.queries.standing import councils_of_provider
from marketplace.catalogue.queries.stores import (
    PictureRow,
    bank_details,
    is_council_service,
    picture,
    provider_name,
    provider_names,
    store,
    stores,
)

__all__ = [
    "AgreedPriceRow",
    "CategoryRow",
    "CheckRow",
    "ClaimRow",
    "CouncilSays",
    "EvidenceRow",
    "FindableOffer",
    "FindableProvider",
    "KeptOffer",
    "KeptStore",
    "OfferCard",
    "OrderableOffer",
    "PictureRow",
    "PricedOffer",
    "ProviderToCheck",
    "StoreCard",
    "StoreCouncil",
    "WorkerRow",
    "agreed_prices_of",
    "bank_details",
    "categories",
    "claims_to_decide",
    "councils_at",
    "councils_of_provider",
    "data_of",
    "evidence_of",
    "findable_offers",
    "findable_providers",
    "is_council_service",
    "kept_offer",
    "kept_store",
    "may_decide",
    "offer",
    "offer_for_order",
    "offers",
    "offers_of_provider",
    "picture",
    "priced_offers",
    "provider_name",
    "provider_names",
    "provider_to_check",
    "providers_to_check",
    "store",
    "stores",
]
