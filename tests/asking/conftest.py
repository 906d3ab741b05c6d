"""Somebody who asks, and two stores near them."""

import pytest

from marketplace.access.rules import Actor
from tests.factories import Make
from tests.factories.money import Funded


@pytest.fixture
def funded(make: Make) -> Funded:
    """Return Ada, whose budget is from Ashdale Council."""
    return make.funded_person(name="Ada Quill", council_id=make.council(name="Ashdale Council"))


@pytest.fixture
def wren(make: Make, funded: Funded) -> Actor:
    """Return the keeper of a store the council has approved."""
    return make.approved(council_id=funded.council_id, name="Wren’s Help")


@pytest.fixture
def robin(make: Make, funded: Funded) -> Actor:
    """Return the keeper of another one."""
    return make.approved(council_id=funded.council_id, name="Robin’s Help")
