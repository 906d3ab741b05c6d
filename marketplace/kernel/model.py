"""The base of all tables and the types of the market in the database."""

from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, Uuid
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from marketplace.kernel.money import Money


class MoneyType(TypeDecorator[Money]):
    """Whole pence in a BIGINT."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Write pence."""
        return None if value is None else value.pence

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        """Read pence."""
        return None if value is None else Money(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a naive one; both engines give back an aware UTC one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the instant in UTC; SQLite keeps no zone, so the zone is left out there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its time zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """A table. Constraint names follow one pattern so that migrations can name them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Money: MoneyType,
        datetime: UtcDateTime,
        UUID: Uuid,
        Enum: SqlEnum(
            StrEnum, native_enum=False, create_constraint=True, length=32, values_callable=list
        ),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)
