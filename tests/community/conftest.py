"""Somebody and the group she looks after."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access.rules import Actor
from marketplace.community.models import Group
from tests.factories import Make


@pytest.fixture
def ada(make: Make) -> Actor:
    """Return somebody who will look after a group, in a council's area."""
    make.council()
    return make.person(email="ada@mail.example")


@pytest.fixture
def group(session: Session, make: Make, ada: Actor) -> Group:
    """Return Ada's group."""
    slug = make.kept_group(by=ada, name="Walkers")
    return session.scalars(select(Group).where(Group.slug == slug)).one()
