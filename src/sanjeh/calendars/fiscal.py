"""A fiscal calendar begins its year with another month of its reckoning.

Its months are numbered from that month (``FY1403-M01``); its days are written as the reckoning writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sanjeh.calendars.calendar import Calendar
from sanjeh.errors import DefinitionError, Issue


class FiscalName(StrEnum):
    """Which year a fiscal year is named by: the one it starts in, or the one it ends in."""

    STARTS = "starts"
    ENDS = "ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalCalendar(Calendar):
    """Years that begin with month ``start_month`` (1 to 12), named as ``named_by`` says; see ``make_calendar``."""

    start_month: int = 1
    named_by: FiscalName = FiscalName.STARTS

    def __post_init__(self) -> None:
        Calendar.__post_init__(self)
        if not 1 <= self.start_month <= 12:
            raise DefinitionError(
                Issue("bad_calendar_setting", {"setting": "fiscal_start_month", "value": self.start_month})
            )

    @property
    def _lead(self) -> int:
        """How many months the reckoning's month number is ahead of the fiscal one."""
        named_later = self.named_by is FiscalName.ENDS and self.start_month > 1
        return self.start_month - 1 - (12 if named_later else 0)

    def _month_start(self, month: int) -> int:
        return self.reckoning.month_start(month + self._lead)

    def _month_number(self, day: date) -> int:
        year, month, _ = self.reckoning.fields(day)
        return year * 12 + month - 1 - self._lead

    def _label_marks(self) -> tuple[str, str]:
        return "FY", "M"
