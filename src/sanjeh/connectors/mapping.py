"""A source mapping says how a file's columns become rows of entities; kept as YAML, it serves next month as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from sanjeh.connectors.cleaning import Conversion, DateStyle, NumberStyle
from sanjeh.connectors.cleaning.date import Bare, Order
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.reading import ReadOptions
from sanjeh.definitions import ColumnType
from sanjeh.errors import DefinitionError, Issue, Place

Repeated = Literal["last"]
Totals = Literal["keep"]
_DATES = (ColumnType.DATE, ColumnType.TIME)
_NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY)


@dataclass(frozen=True, slots=True)
class Field:
    """Where the values of one column of an entity come from: a header, SQL over the headers, or one value for all rows.

    Args:
        target: the entity's column, or the company's own dimension.
        column: a header of the file.
        sql: an expression over headers; in a grouped table it may aggregate.
        value: one value, as text.
        calendar, order, two_digit_year, bare, year: how dates are read; decided by the column while calendar is None.
        zone: where clock times without offset were read; default: the company's zone.
        decimal: the decimal mark; decided by the column while None.
        currency: the code amounts without a mark are in; default: the company's.
        unit: what one written unit stands for (1000000 under "million rial").
        values: spellings of the file, each with the value it means.
        float_ids: whether 17850.0 is 17850.
    """

    target: str
    column: str | None = None
    sql: str | None = None
    value: str | None = None
    calendar: CalendarName | None = None
    order: Order = "ymd"
    two_digit_year: bool = False
    bare: Bare = "none"
    year: int | None = None
    zone: str | None = None
    decimal: DecimalMark | None = None
    currency: str | None = None
    unit: Decimal = Decimal(1)
    values: Mapping[str, str] = field(default_factory=dict)
    float_ids: bool = False
    place: Place | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        given = [part for part in (self.column, self.sql, self.value) if part is not None]
        if len(given) != 1:
            raise DefinitionError(Issue("field_without_origin", {"field": self.target}, self.place))

    @property
    def origin(self) -> str:
        """What people know the field by: its header, or its name where it is computed."""
        return self.column if self.column is not None else self.target

    @property
    def date_style(self) -> DateStyle | None:
        """How its dates are written; None while the column itself must still decide."""
        return None if self.calendar is None else self._date_style(self.calendar)

    def _date_style(self, calendar: CalendarName) -> DateStyle:
        two = self.two_digit_year
        return DateStyle(calendar, self.order, two_digit_year=two, bare=self.bare, year=self.year)

    def is_open(self, kind: ColumnType) -> bool:
        """Whether the column itself must still decide how its cells are read as ``kind``."""
        return (kind in _DATES and self.calendar is None) or (kind in _NUMBERS and self.decimal is None)

    def conversion(self, kind: ColumnType, *, currency: str, zone: str) -> Conversion:
        """The conversion to ``kind``, into amounts of ``currency`` and local times of ``zone``.

        >>> field = Field("net_amount", "مبلغ", currency="IRT")
        >>> field.conversion(ColumnType.MONEY, currency="IRR", zone="UTC").source_currency
        'IRT'
        """
        yes = tuple(raw for raw, value in self.values.items() if value.casefold() == "true")
        no = tuple(raw for raw, value in self.values.items() if value.casefold() == "false")
        is_boolean, is_money = kind is ColumnType.BOOLEAN, kind is ColumnType.MONEY
        return Conversion(
            kind,
            number=NumberStyle(self.decimal or "."),
            date=self._date_style(self.calendar or "gregorian"),
            currency=currency if kind in _NUMBERS else None,
            source_currency=self.currency if is_money and self.currency != currency else None,
            scale=self.unit if kind in _NUMBERS else Decimal(1),
            zone=zone,
            source_zone=self.zone,
            float_ids=self.float_ids,
            yes=yes if is_boolean else (),
            no=no if is_boolean else (),
        )


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How the file's rows become rows of one entity.

    Args:
        entity: the entity's id.
        fields: its columns.
        dimensions: the company's own columns, kept to break down by.
        where: SQL over the headers that a row must fulfil.
        group: headers; the rows that agree in them become one row.
        key: what makes a row itself; () is what the entity says.
        keyless: whether rows are known by their content and occurrence alone.
        repeated: "last" where rows that repeat a key with other content are corrections, as is wanted.
        totals: "keep" where rows that look like totals ("Total" as a key) are rows like any other.
        covers_from, covers_to: the first and the last day for which the files are complete.
        ignore: headers that are knowingly not used.
    """

    entity: str
    fields: tuple[Field, ...]
    dimensions: tuple[Field, ...] = ()
    where: str | None = None
    group: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    keyless: bool = False
    repeated: Repeated | None = None
    totals: Totals | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    ignore: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for each in self.all_fields:
            if each.target in seen:
                raise DefinitionError(Issue("duplicate_key", {"key": each.target}, each.place or self.place))
            seen.add(each.target)
        for name in self.key:
            if name not in seen:
                raise DefinitionError(Issue("key_not_mapped", {"column": name, "entity": self.entity}, self.place))

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The fields and the own dimensions."""
        return self.fields + self.dimensions

    def field_of(self, target: str) -> Field | None:
        """The field of the entity's column ``target``, or None."""
        return next((each for each in self.all_fields if each.target == target), None)


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """A named mapping: which files it takes (patterns of names, and a sheet), how they are read, what they become.

    >>> SourceMapping("shop", ("orders-*.csv",), (TableMapping("orders", (Field("order_id", "No"),)),)).tables[0].entity
    'orders'
    """

    source: str
    match: tuple[str, ...]
    tables: tuple[TableMapping, ...]
    sheet: str | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    place: Place | None = field(default=None, compare=False)

    def headers(self) -> Iterator[tuple[str, Place | None]]:
        """The headers without which the mapping cannot be used, each with its place; those inside SQL not counted."""
        for table in self.tables:
            for each in table.all_fields:
                if each.column is not None:
                    yield each.column, each.place
            for name in table.group:
                yield name, table.place
