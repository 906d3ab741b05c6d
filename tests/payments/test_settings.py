"""Which settings payments by card need, and what may never be mixed up."""

from dataclasses import replace

import pytest

from marketplace.config import Settings, SettingsError
from marketplace.payments.adapters.stripe_pages import card_pages

PRODUCTION = Settings(
    environment="production",
    secret_key="x" * 40,
    database_url="postgresql://db",
    base_url="https://market.example",
    smtp_url="smtp://mail",
)
TEST, REAL, SECRET = "sk_test_1", "sk_live_1", "whsec_1"


def test_without_keys_no_cards_are_taken() -> None:
    assert not Settings().takes_cards
    assert card_pages(Settings()) is None


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(stripe_key=TEST), "belong together"),
        (Settings(stripe_webhook_secret=SECRET), "belong together"),
        (Settings(stripe_key="pk_test_1", stripe_webhook_secret=SECRET), "must be a secret key"),
        (Settings(stripe_key=REAL, stripe_webhook_secret=SECRET), "moves real money"),
        (
            replace(PRODUCTION, stripe_key=TEST, stripe_webhook_secret=SECRET),
            "it must be sk_live_",
        ),
        (
            replace(
                PRODUCTION,
                stripe_key=REAL,
                stripe_webhook_secret=SECRET,
                stripe_base="http://127.0.0.1:1",
            ),
            "MARKETPLACE_STRIPE_BASE must not be set",
        ),
    ],
)
def test_refuses_settings_that_cannot_be_meant(settings: Settings, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        settings.check()


def test_reads_them_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"MARKETPLACE_STRIPE_KEY": TEST, "MARKETPLACE_STRIPE_WEBHOOK_SECRET": SECRET}
    )

    assert settings.takes_cards
    assert not settings.stripe_is_real
    assert TEST not in repr(settings)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "settings",
    [PRODUCTION, replace(PRODUCTION, stripe_key=REAL, stripe_webhook_secret=SECRET)],
)
def test_production_starts_with_and_without_cards(settings: Settings) -> None:
    settings.check()
