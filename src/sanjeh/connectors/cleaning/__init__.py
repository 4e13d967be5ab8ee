"""Raw text comes in, column by column; typed values go out, and for each cell that has none its reason.

Every style (calendar, order of day and month, decimal mark) is decided by the whole column. It refuses to guess where
the column leaves two readings: the decision carries an issue that asks, with both.
"""

from sanjeh.connectors.cleaning.boolean import decide_boolean, parse_boolean
from sanjeh.connectors.cleaning.cell import Cell, read_cell
from sanjeh.connectors.cleaning.column import ColumnProfile, profile_column
from sanjeh.connectors.cleaning.column_reading import ColumnReading, TypeGuess, issues_as, read_column
from sanjeh.connectors.cleaning.conversion import SQL_TYPES, Conversion, conversion_from_mapping
from sanjeh.connectors.cleaning.conversion_choice import ConversionChoice, choose_conversion
from sanjeh.connectors.cleaning.convert import BadValue, ConvertedColumn, build_converted, quote_name
from sanjeh.connectors.cleaning.date import DateStyle, parse_date
from sanjeh.connectors.cleaning.date_decision import DateDecision, decide_date_style
from sanjeh.connectors.cleaning.identifier import clean_identifier, decide_identifier
from sanjeh.connectors.cleaning.money import check_currency, currency_in_header
from sanjeh.connectors.cleaning.money_jump import compute_medians, unit_jump
from sanjeh.connectors.cleaning.number import Number, NumberStyle, parse_number
from sanjeh.connectors.cleaning.number_decision import NumberDecision, decide_number_style
from sanjeh.connectors.cleaning.text import clean_text, fold_digits, is_blank, match_key, words

__all__ = [
    "SQL_TYPES",
    "BadValue",
    "Cell",
    "ColumnProfile",
    "ColumnReading",
    "Conversion",
    "ConversionChoice",
    "ConvertedColumn",
    "DateDecision",
    "DateStyle",
    "Number",
    "NumberDecision",
    "NumberStyle",
    "TypeGuess",
    "build_converted",
    "check_currency",
    "choose_conversion",
    "clean_identifier",
    "clean_text",
    "compute_medians",
    "conversion_from_mapping",
    "currency_in_header",
    "decide_boolean",
    "decide_date_style",
    "decide_identifier",
    "decide_number_style",
    "fold_digits",
    "is_blank",
    "issues_as",
    "match_key",
    "parse_boolean",
    "parse_date",
    "parse_number",
    "profile_column",
    "quote_name",
    "read_cell",
    "read_column",
    "unit_jump",
    "words",
]
