"""A council with a bank account, and what a person writes on a transfer."""

import pytest
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.payments import commands
from tests.conftest import NOON
from tests.factories import Make
from tests.factories.money import Funded
from tests.payments.banks import OURS, make_reference


@pytest.fixture
def officer(session: Session, make: Make, funded: Funded) -> Actor:
    """Return a finance officer whose council has an account."""
    officer = make.officer(council_id=funded.council_id, name="Olu Kent")
    commands.set_bank_account(session, OURS, by=officer, at=NOON)
    return officer


@pytest.fixture
def reference(session: Session, funded: Funded) -> str:
    """Return what the person writes on a transfer."""
    return make_reference(session, funded)
