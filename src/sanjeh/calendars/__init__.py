"""Days and settings come in; periods, spans and the day's fields go out. Nothing else cuts time into periods.

It refuses days a calendar does not have, empty spans, and periods of another calendar. It reads no clock: the instant
of knowledge is an argument. Columns of days are in ``sanjeh.calendars.vector``, which alone needs numpy.
"""

from sanjeh.calendars.calendar import Calendar
from sanjeh.calendars.events import EVENT_RULES, CalendarEvent, event_spans, events_in
from sanjeh.calendars.grain import Grain, periods_per_year
from sanjeh.calendars.holiday import holiday_dates
from sanjeh.calendars.jalali import date_from_jalali, jalali_from_date
from sanjeh.calendars.make import CALENDAR_CODES, make_calendar
from sanjeh.calendars.names import month_name, weekday_name
from sanjeh.calendars.period import Period, elapsed_days, has_started, is_open, is_ripe
from sanjeh.calendars.span import Span
from sanjeh.calendars.working_week import WorkingDay, WorkingWeek

__all__ = [
    "CALENDAR_CODES",
    "EVENT_RULES",
    "Calendar",
    "CalendarEvent",
    "Grain",
    "Period",
    "Span",
    "WorkingDay",
    "WorkingWeek",
    "date_from_jalali",
    "elapsed_days",
    "event_spans",
    "events_in",
    "has_started",
    "holiday_dates",
    "is_open",
    "is_ripe",
    "jalali_from_date",
    "make_calendar",
    "month_name",
    "periods_per_year",
    "weekday_name",
]
