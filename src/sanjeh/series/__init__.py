"""Series: answers over slots x members come in, arithmetic on them goes out, reasons and marks kept.

It refuses to turn a missing value into a number, and knows neither formulas nor rows.
"""

from sanjeh.series.ask import Ask, Condition, Mode
from sanjeh.series.series import Series, checked, combine, constant, divide, missing, of_values, widest
from sanjeh.series.timeline import BEGINNING, Slot, Timeline
from sanjeh.series.value import Mark, Reason

__all__ = [
    "BEGINNING",
    "Ask",
    "Condition",
    "Mark",
    "Mode",
    "Reason",
    "Series",
    "Slot",
    "Timeline",
    "checked",
    "combine",
    "constant",
    "divide",
    "missing",
    "of_values",
    "widest",
]
