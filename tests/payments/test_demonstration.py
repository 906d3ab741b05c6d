"""The accounts of the demonstration: their check digits are right, but for one that shows it."""

import tomllib
from pathlib import Path

import pytest

from marketplace.kernel import sort_codes
from marketplace.kernel.sort_codes import Verdict, verdict

SEED = Path(__file__).parent.parent.parent / "seed" / "providers.toml"


def test_one_account_of_the_demonstration_is_wrong_and_the_others_are_right() -> None:
    tables = sort_codes.installed()
    if tables is None:
        pytest.skip("NOT TESTED: the tables of check digits are not installed")
    stores = tomllib.loads(SEED.read_text(encoding="utf-8"))["provider"]

    said = {
        store["slug"]: verdict(tables, store["bank"]["sort_code"], store["bank"]["account_number"])
        for store in stores
        if "bank" in store
    }

    assert {slug for slug, each in said.items() if each is not Verdict.RIGHT} == {"muddy-mile"}
    assert said["muddy-mile"] is Verdict.WRONG
