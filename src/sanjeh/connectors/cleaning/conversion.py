"""A conversion is how one column's text becomes typed values: what a mapping file keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation

from sanjeh.connectors.cleaning.date import DateStyle, time_zone
from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import DataError, DefinitionError, Issue, suggest

SQL_TYPES: Mapping[ColumnType, str] = {
    ColumnType.KEY: "VARCHAR",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(38,9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}

_NUMBER_STYLE = NumberStyle()
_DATE_STYLE = DateStyle()


@dataclass(frozen=True, slots=True)
class Conversion:
    """How the text of one column is read.

    ``currency`` is the code the amounts are stored in, ``source_currency`` the one that cells without a mark are in
    (default: the same); a cell's own mark goes before it. ``scale`` multiplies cells that have no multiplier, percent
    or currency of their own (1000000 under a header "million rial", 0.01 under "%"). ``zone`` is where the local times
    of the workspace are, ``source_zone`` where clock times without an offset were read (default: the same).
    ``float_ids`` takes 17850.0 to 17850. ``yes`` and ``no`` are words of this column beside the usual ones.
    """

    type: ColumnType
    number: NumberStyle = _NUMBER_STYLE
    date: DateStyle = _DATE_STYLE
    currency: str | None = None
    source_currency: str | None = None
    scale: Decimal = Decimal(1)
    zone: str = "UTC"
    source_zone: str | None = None
    float_ids: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.scale.is_finite() or self.scale <= 0:
            raise DataError(Issue("bad_conversion", {"field": "scale", "value": str(self.scale), "choices": "> 0"}))
        for zone in filter(None, (self.zone, self.source_zone)):
            time_zone(zone)

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the values."""
        return SQL_TYPES[self.type]

    def to_mapping(self) -> dict[str, object]:
        """The conversion as plain YAML values, without what is as by default.

        >>> Conversion(ColumnType.MONEY, currency="IRR", scale=Decimal(1000000)).to_mapping()
        {'type': 'money', 'currency': 'IRR', 'scale': '1000000'}
        """
        plain: dict[str, object] = {"type": self.type.value}
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            if value != field.default:
                plain[field.name] = _plain(value)
        return plain


def _plain(value: object) -> object:
    match value:
        case NumberStyle() | DateStyle():
            changed = ((field, getattr(value, field.name)) for field in fields(value))
            return {field.name: part for field, part in changed if part != field.default}
        case Decimal():
            return f"{value:f}"
        case tuple():
            return list(value)
        case _:
            return value


def conversion_from_mapping(mapping: Mapping[str, object]) -> Conversion:
    """The conversion that :meth:`Conversion.to_mapping` wrote; raises DefinitionError for what it does not know.

    >>> conversion_from_mapping({"type": "date", "date": {"calendar": "jalali"}}).date.calendar
    'jalali'
    """
    _check_keys(mapping, [field.name for field in fields(Conversion)])
    try:
        return Conversion(**{key: _read(key, value) for key, value in mapping.items()})  # type: ignore[arg-type]
    except (TypeError, ValueError, InvalidOperation) as error:
        raise DefinitionError(
            Issue("bad_conversion", {"field": "conversion", "value": str(error), "choices": ""})
        ) from error


def _check_keys(mapping: Mapping[str, object], known: list[str]) -> None:
    wrong = [key for key in mapping if key not in known]
    if wrong:
        raise DefinitionError(
            Issue("unknown_name", {"kind": "conversion field", "name": str(key)}, suggestion=suggest(str(key), known))
            for key in wrong
        )


def _read(key: str, value: object) -> object:
    match key, value:
        case "type", _:
            return ColumnType(str(value))
        case "scale", _:
            return Decimal(str(value))
        case (("number" | "date"), Mapping()):
            kind = NumberStyle if key == "number" else DateStyle
            _check_keys(value, [field.name for field in fields(kind)])
            return kind(**value)
        case (("yes" | "no"), list() | tuple()):
            return tuple(str(word) for word in value)
        case (("number" | "date" | "yes" | "no"), _):
            raise TypeError(f"{key}: {value!r}")
        case _:
            return value
