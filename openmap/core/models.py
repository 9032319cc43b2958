"""The base of every table, and the column types they share."""

import enum
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused (SQLite would drop its offset silently)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC before it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: an instant needs its offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LabelledEnum(enum.StrEnum):
    """Values kept in the database, each with the French label shown to people (translate it where it is shown)."""

    _label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Keep `value` as the stored word and `label` as the shown one."""
        member = str.__new__(cls, value)
        member._value_ = value
        member._label = label  # noqa: SLF001 - its own attribute, being built
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member stored as `value`; raises ValueError."""
        return cls(value)  # type: ignore[call-arg] # looks a member up; only `__new__` takes a label

    @property
    def label(self) -> str:
        """The French label, a message of the catalogues."""
        return self._label


def _stored_values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


COLUMN_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    dict[str, Any]: JSON(),
    list[Any]: JSON(),
    enum.StrEnum: Enum(
        enum.StrEnum, native_enum=False, create_constraint=True, length=40, values_callable=_stored_values
    ),
}


class Base(DeclarativeBase):
    """Every table: an integer key, named constraints, typed columns."""

    registry = registry(metadata=MetaData(naming_convention=NAMING_CONVENTION), type_annotation_map=COLUMN_TYPES)

    id: Mapped[int] = mapped_column(primary_key=True)
