"""A date decision is what all the values of a column together say about its date style, or what must be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time

from sanjeh.connectors.cleaning.date import EXCEL_SERIALS, DateStyle, Order, date_of_spelling, full_year, ordered
from sanjeh.connectors.cleaning.date_spelling import Spelling, calendar_of, is_zero_date, read_spelling
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.text import clean_text, is_blank
from sanjeh.errors import Datum, Issue, Severity

# Up to one value in twenty against the rest is a slip (it is set aside); more is two spellings mixed, and is asked.
_SLIP = 0.05

# Two-digit years outside these are no years of business rows: without bounds, 28/12/19 would be of 1428. Where the
# caller knows the present year, nothing is of more than two years ahead.
_TWO_DIGIT_YEARS: dict[CalendarName, range] = {"jalali": range(1360, 1420), "gregorian": range(1980, 2050)}
# The ways two-digit years are written: the customary one of each calendar, and the rare ones, which count only where no
# customary one fits as many values.
_AHEAD = 2
_JALALI_LAG = 621
_CUSTOMARY: dict[CalendarName, tuple[Order, ...]] = {"jalali": ("ymd",), "gregorian": ("dmy", "mdy")}
_RARE: tuple[tuple[CalendarName, tuple[Order, ...]], ...] = (("gregorian", ("ymd",)), ("jalali", ("dmy",)))
_PATTERNS = {
    "year_first": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "named": "d month yyyy",
    "named_short": "d month yy",
    "named_month": "month yyyy",
    "named_open": "month d",
}


@dataclass(frozen=True, slots=True)
class DateDecision:
    """The style of a column's dates; or None with the styles to choose from and the issue that asks.

    ``understood`` of ``total`` distinct non-blank values are dates under the style (or under the first choice).
    """

    style: DateStyle | None
    choices: tuple[DateStyle, ...] = ()
    issues: tuple[Issue, ...] = ()
    understood: int = 0
    total: int = 0

    @property
    def likely(self) -> DateStyle | None:
        """The style, or the first of the choices while it is open."""
        return self.style or (self.choices[0] if self.choices else None)


@dataclass(frozen=True, slots=True)
class _Order:
    """An order with the calendar it was found for; ``rivals`` are the other orders when the values allow several."""

    order: Order
    calendar: CalendarName | None = None
    rivals: tuple[tuple[CalendarName | None, Order], ...] = ()
    issue: Issue | None = None


def decide_date_style(
    values: Iterable[str],
    prefer: CalendarName = "jalali",
    *,
    column: str = "",
    dated: bool = False,
    this_year: int | None = None,
) -> DateDecision:
    """What ``values`` (the distinct cells of one column) together say about how its dates are read.

    ``prefer`` is the calendar of two-digit years that fit both; ``dated`` says that the header speaks of dates, so that
    a column of lone numbers may be Excel serials, years or epochs; ``this_year`` (Gregorian, default: not known) bounds
    two-digit years, which are at most two years ahead. Nothing is guessed between day/month and month/day:
    one value above 12 decides for all, and without one the decision asks.

    >>> decide_date_style(["8/4/2024", "8/13/2024"]).style.order
    'mdy'
    >>> decide_date_style(["8/4/2024", "9/4/2024"]).issues[0].code
    'ambiguous_date_order'
    """
    texts = [text for text in values if not is_blank(text, typed=True) and not is_zero_date(text)]
    spelled = [(text, spelling) for text in texts if (spelling := read_spelling(text))]
    if not spelled:
        return DateDecision(None, total=len(texts))
    style, rivals, issues = _decide(spelled, prefer, column, dated, this_year)
    asked = any(issue.severity is Severity.ERROR for issue in issues)
    choices = (style, *rivals) if asked else ()
    understood = sum(not isinstance(date_of_spelling(spelling, style), str) for _, spelling in spelled)
    if not understood:
        return DateDecision(None, total=len(texts))
    return DateDecision(None if choices else style, choices, tuple(issues), understood, len(texts))


def _decide(
    spelled: Sequence[tuple[str, Spelling]],
    prefer: CalendarName,
    column: str,
    dated: bool,
    this_year: int | None,
) -> tuple[DateStyle, list[DateStyle], list[Issue]]:
    spellings = [spelling for _, spelling in spelled]
    calendars = Counter(_calendar(spelling) for spelling in spellings)
    calendars.pop(None, None)
    calendar = max(calendars, key=lambda name: (calendars[name], name == prefer)) if calendars else None
    found = _order(spelled, calendar, prefer, column, this_year)
    short = any(spelling.form == "short" for spelling in spellings)
    style = DateStyle(
        calendar=found.calendar or calendar or prefer,
        order=found.order,
        two_digit_year=short,
        has_time=any(_tells_time(spelling) for spelling in spellings),
        pattern=_pattern(spellings, found.order),
    )
    rivals = [
        replace(style, calendar=name or style.calendar, order=order, pattern=_pattern(spellings, order))
        for name, order in found.rivals
    ]
    issues = [found.issue] if found.issue else []
    if len(calendars) > 1:
        issues.append(_mixed_calendars(spelled, calendar, column))
    style, rivals, issues = _decide_open(spelled, style, rivals, issues, column)
    return _decide_numbers(spelled, style, rivals, issues, column, dated)


def _calendar(spelling: Spelling) -> CalendarName | None:
    match spelling.form:
        case "year_first" | "month":
            return calendar_of(spelling.numbers[0])
        case "year_last":
            return calendar_of(spelling.numbers[2])
        case _:
            return spelling.month.calendar if spelling.month else None


def _tells_time(spelling: Spelling) -> bool:
    clock = spelling.clock
    return clock is not None and (clock.time != time(0) or clock.offset is not None)


def _pattern(spellings: Sequence[Spelling], order: Order) -> str:
    form = Counter(spelling.form for spelling in spellings).most_common(1)[0][0]
    if form == "year_last":
        return "mm/dd/yyyy" if order == "mdy" else "dd/mm/yyyy"
    if form == "short":
        return {"ymd": "yy/mm/dd", "dmy": "dd/mm/yy", "mdy": "mm/dd/yy"}[order]
    return _PATTERNS.get(form, "number")


def _order(
    spelled: Sequence[tuple[str, Spelling]],
    calendar: CalendarName | None,
    prefer: CalendarName,
    column: str,
    this_year: int | None,
) -> _Order:
    """The order of the values whose year is not first: four-digit years decide, two-digit ones where there are none."""
    last = [(text, spelling) for text, spelling in spelled if spelling.form == "year_last"]
    if last:
        return _order_year_last(last, calendar, column)
    short = [(text, spelling) for text, spelling in spelled if spelling.form == "short"]
    return _order_short(short, prefer, column, this_year) if short else _Order("ymd")


def _order_year_last(last: Sequence[tuple[str, Spelling]], calendar: CalendarName | None, column: str) -> _Order:
    mine = [item for item in last if calendar_of(item[1].numbers[2]) == calendar] or list(last)
    day_first = [text for text, spelling in mine if spelling.numbers[0] > 12 >= spelling.numbers[1]]
    month_first = [text for text, spelling in mine if spelling.numbers[1] > 12 >= spelling.numbers[0]]
    order: Order = "dmy" if len(day_first) >= len(month_first) else "mdy"
    other: Order = "mdy" if order == "dmy" else "dmy"
    fewer, more = sorted((len(day_first), len(month_first)))
    if fewer > _SLIP * (fewer + more):
        data = {"column": column, "first": day_first[0], "second": month_first[0]}
        return _Order(order, rivals=((None, other),), issue=Issue("mixed_date_order", data))
    if more or calendar == "jalali":
        return _Order(order)
    open_ = [item for item in mine if item[1].numbers[0] != item[1].numbers[1]]
    if not open_:
        return _Order(order)
    return _Order("dmy", rivals=((None, "mdy"),), issue=_ask_order(open_[0], "dmy", "mdy", calendar, column))


def _ask_order(
    item: tuple[str, Spelling], first: Order, second: Order, calendar: CalendarName | None, column: str
) -> Issue:
    """Both readings of one value; the days as the calendar of the column writes them, year first."""
    text, spelling = item
    readings = []
    for order in (first, second):
        year, month, day = ordered(spelling.numbers, order)
        year = full_year(year, calendar or "gregorian") if year < 100 else year
        readings.append(f"{year:04}-{month:02}-{day:02}")
    data = {"column": column, "value": clean_text(text), "first": readings[0], "second": readings[1]}
    return Issue("ambiguous_date_order", data)


def _order_short(
    short: Sequence[tuple[str, Spelling]], prefer: CalendarName, column: str, this_year: int | None
) -> _Order:
    calendars: tuple[CalendarName, ...] = ("jalali", "gregorian") if prefer == "jalali" else ("gregorian", "jalali")
    tiers = [*((name, _CUSTOMARY[name]) for name in calendars), *_RARE]
    fits = {(name, order): _fit(short, name, order, this_year) for name, tier in tiers for order in tier}
    best = max(fits.values())
    if best == 0:
        return _Order("ymd", prefer)
    name, orders = next(
        (name, winners) for name, tier in tiers if (winners := [order for order in tier if fits[name, order] == best])
    )
    if name == "gregorian" and orders != ["ymd"] and fits["gregorian", "ymd"] == best:
        orders = _against_year_first(short, orders)
    if len(orders) > 1:
        item = next((item for item in short if item[1].numbers[0] != item[1].numbers[1]), short[0])
        other = _day_first_jalali(fits, best, prefer, (name, orders[0]))
        rest = (*((name, order) for order in orders[1:]), *([other] if other else []))
        return _Order(orders[0], name, rest, _ask_order(item, orders[0], orders[1], name, column))
    if other := _day_first_jalali(fits, best, prefer, (name, orders[0])):
        issue = _ask_calendar(short[0], (name, orders[0]), other, column)
        return _Order(orders[0], name, (other,), issue)
    return _Order(orders[0], name, issue=_note_two_digit(short, fits, best, (name, orders[0]), column))


def _against_year_first(short: Sequence[tuple[str, Spelling]], orders: list[Order]) -> list[Order]:
    """The orders left when 19-12-28 may begin or end with its year: in a column, years are fewer than days."""
    first = len({spelling.numbers[0] for _, spelling in short})
    last = len({spelling.numbers[2] for _, spelling in short})
    if 2 * last <= first:
        return orders
    return ["ymd"] if 2 * first <= last else [*orders, "ymd"]


def _day_first_jalali(
    fits: dict[tuple[CalendarName, Order], int], best: int, prefer: CalendarName, chosen: tuple[CalendarName, Order]
) -> tuple[CalendarName, Order] | None:
    """The other reading of 14/05/03 where Jalali years are usual: a Jalali day written day first, or with its year."""
    other: tuple[CalendarName, Order] = ("jalali", "dmy")
    return other if prefer == "jalali" and chosen != other and chosen[0] != "jalali" and fits[other] == best else None


def _ask_calendar(
    item: tuple[str, Spelling],
    first: tuple[CalendarName, Order],
    second: tuple[CalendarName, Order],
    column: str,
) -> Issue:
    """Both readings of one value, each in its own calendar, year first."""
    shown = []
    for calendar, order in (first, second):
        year, month, day = ordered(item[1].numbers, order)
        shown.append(f"{full_year(year, calendar) if year < 100 else year:04}-{month:02}-{day:02}")
    data: dict[str, Datum] = {"column": column, "value": clean_text(item[0]), "first": shown[0], "second": shown[1]}
    return Issue("ambiguous_date_order", data)


def _fit(short: Sequence[tuple[str, Spelling]], calendar: CalendarName, order: Order, this_year: int | None) -> int:
    style = DateStyle(calendar, order, two_digit_year=True)
    years = _TWO_DIGIT_YEARS[calendar]
    if this_year is not None:
        years = range(years.start, this_year + _AHEAD + 1 - (_JALALI_LAG if calendar == "jalali" else 0))
    return sum(
        full_year(ordered(spelling.numbers, order)[0], calendar) in years
        and not isinstance(date_of_spelling(spelling, style), str)
        for _, spelling in short
        if ordered(spelling.numbers, order)[0] < 100
    )


def _note_two_digit(
    short: Sequence[tuple[str, Spelling]],
    fits: dict[tuple[CalendarName, Order], int],
    best: int,
    chosen: tuple[CalendarName, Order],
    column: str,
) -> Issue | None:
    """A warning when the other calendar would have fitted as well, so that the choice is not made in silence."""
    other = [pair for pair in fits if fits[pair] == best and pair[0] != chosen[0] and pair[1] in _CUSTOMARY[pair[0]]]
    if not other:
        return None
    data = {"column": column, "value": clean_text(short[0][0]), "calendar": chosen[0], "other": other[0][0]}
    return Issue("two_digit_year_calendar", data, severity=Severity.WARNING)


def _mixed_calendars(spelled: Sequence[tuple[str, Spelling]], calendar: CalendarName | None, column: str) -> Issue:
    odd = [text for text, spelling in spelled if _calendar(spelling) not in (None, calendar)]
    data: dict[str, Datum] = {
        "column": column,
        "calendar": calendar or "",
        "count": len(odd),
        "value": clean_text(odd[0]),
    }
    return Issue("mixed_calendars", data, severity=Severity.WARNING)


def _decide_open(
    spelled: Sequence[tuple[str, Spelling]],
    style: DateStyle,
    rivals: list[DateStyle],
    issues: list[Issue],
    column: str,
) -> tuple[DateStyle, list[DateStyle], list[Issue]]:
    """Decides "Oct-11": a two-digit year when some number can be no day, otherwise a day whose year must be asked."""
    open_ = [(text, spelling) for text, spelling in spelled if spelling.form == "named_open"]
    if not open_:
        return style, rivals, issues
    if any(not 1 <= spelling.numbers[0] <= 31 for _, spelling in open_):
        return replace(style, two_digit_year=True), rivals, issues
    weekday = any(spelling.weekday for _, spelling in open_)
    code = "date_year_missing" if weekday else "ambiguous_short_date"
    issue = Issue(code, {"column": column, "value": clean_text(open_[0][0])})
    # The year 2000 stands for "a year to be given": it understands 29 February, and is never used unasked.
    day_style = replace(style, year=2000 if style.calendar == "gregorian" else 1399)
    choices = [] if weekday else [replace(style, two_digit_year=True)]
    return day_style, [*rivals, *choices], [*issues, issue]


def _decide_numbers(
    spelled: Sequence[tuple[str, Spelling]],
    style: DateStyle,
    rivals: list[DateStyle],
    issues: list[Issue],
    column: str,
    dated: bool,
) -> tuple[DateStyle, list[DateStyle], list[Issue]]:
    """Decides lone numbers: Excel serials where most values are such; years; epochs only when asked.

    A few beside written dates stay undecided: 45000 may be a slip, and read as a serial it would be a day nobody meant.
    """
    numbers = [(text, spelling.number) for text, spelling in spelled if spelling.form == "number"]
    if not numbers or (len(numbers) == len(spelled) and not dated):
        return style, rivals, issues
    whole = [int(float(number)) for _, number in numbers]
    serials = sum(value in EXCEL_SERIALS for value in whole)
    if 2 * serials > len(spelled) and serials >= (1 - _SLIP) * len(whole):
        timed = style.has_time or any(float(number) % 1 for _, number in numbers)
        return replace(style, bare="excel_serial", has_time=timed, pattern=style.pattern), rivals, issues
    if len(numbers) < len(spelled):
        return style, rivals, issues
    if all(calendar_of(value) for value in whole):
        years = Counter(calendar_of(value) for value in whole).most_common(1)[0][0]
        return replace(style, bare="year", calendar=years or style.calendar, pattern="yyyy"), rivals, issues
    return _ask_epoch(numbers, whole, style, rivals, issues, column)


def _ask_epoch(
    numbers: Sequence[tuple[str, str]],
    whole: Sequence[int],
    style: DateStyle,
    rivals: list[DateStyle],
    issues: list[Issue],
    column: str,
) -> tuple[DateStyle, list[DateStyle], list[Issue]]:
    lengths = {len(str(value)) for value in whole}
    if lengths not in ({10}, {13}):
        return style, rivals, issues
    epoch = replace(style, bare="epoch_seconds" if lengths == {10} else "epoch_millis", has_time=True)
    issue = Issue("epoch_or_number", {"column": column, "value": numbers[0][0]})
    return epoch, rivals, [*issues, issue]
