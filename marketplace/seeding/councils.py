"""Councils, their staff, and what people look for."""

from sqlalchemy.orm import Session

from marketplace.access.rules import Role
from marketplace.catalogue.commands import put_category
from marketplace.catalogue.queries import CategoryRow
from marketplace.catalogue.rules import CategoryVat
from marketplace.councils.commands import CouncilPortal, create_council
from marketplace.seeding.cast import Cast, account, employ
from marketplace.seeding.files import rows


def add_categories(session: Session) -> None:
    """Add what people look for."""
    for row in rows("categories", "category"):
        said = (row["slug"], row["name"], row["welsh"], row["sort"])
        category = CategoryRow(*said, vat=CategoryVat(row["vat"]))
        put_category(session, category)


def add_councils(session: Session, cast: Cast) -> None:
    """Open the portals and employ their staff."""
    at = cast.beginning()
    for row in rows("councils", "council"):
        wish = CouncilPortal(
            districts=tuple(row["outcodes"]),
            **{name: value for name, value in row.items() if name != "outcodes"},
        )
        slug = row["slug"]
        cast.councils[slug] = create_council(session, wish, by_user_id=None, at=at)
        cast.council_names[slug] = row["name"]
    for row in rows("councils", "staff"):
        slug, role = row["council"], Role(row["role"].replace(" ", "_"))
        human = account(session, email=row["email"], name=row["name"], at=at)
        cast.staff.setdefault((slug, role), []).extend(
            employ(
                session,
                human,
                [role],
                organisation_id=cast.councils[slug],
                organisation_name=cast.council_names[slug],
                at=at,
            )
        )
