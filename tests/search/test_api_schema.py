"""The public interface is what its document says, whatever it is asked."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, BaseSchema
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.factories import Make
from tests.pace import in_ci_or_hurry

EXAMPLES = in_ci_or_hurry(25, 10)
OPERATIONS = (
    "/openapi.json",
    "/search",
    "/suggest",
    "/categories",
    "/offers/{offer_id}",
    "/stores/{slug}",
    "/activities/{listing_id}",
    "/groups/{slug}",
)
load_all_checks()


@pytest.fixture
def described(app: Flask, make: Make) -> BaseSchema:
    """Return the interface as its document describes it, with a small market behind it."""
    provider = make.provider(name="Gentle Mornings", title="Company at home")
    make.offer(provider=provider, title="A walk in the park")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_the_document_describes_every_address(described: BaseSchema, app: Flask) -> None:
    written = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}

    assert len(described.raw_schema["paths"]) == len(written)
    assert set(described.raw_schema["paths"]) == set(OPERATIONS)
    assert described.raw_schema["openapi"] == "3.1.0"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", OPERATIONS)
def test_answers_are_as_described(described: BaseSchema, path: str) -> None:
    operation = described[path]["GET"]
    # Where nothing can be asked for, nothing can be asked for wrongly.
    modes = list(schemathesis.GenerationMode)[: 2 if _asks(operation) else 1]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        for mode in modes:
            case = data.draw(operation.as_strategy(generation_mode=mode))
            # A place that is none, or nearest to nothing, is refused though it is well-formed.
            case.call_and_validate(
                headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
            )

    hold()


def _asks(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    return bool(operation.definition.raw["parameters"])
