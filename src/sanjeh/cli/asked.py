"""What is asked may not be what is meant: a count below one, a period of another calendar, a member nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sanjeh.calendars import CALENDAR_CODES
from sanjeh.definitions import Catalogue
from sanjeh.errors import Issue, QuestionError, SanjehError, Severity, near_names, suggest
from sanjeh.formula import parse_conditions
from sanjeh.frame import Frame
from sanjeh.plan import is_flag
from sanjeh.present import word
from sanjeh.series import Condition
from sanjeh.workspace import Workspace

_NAMED = 8


def check_count(option: str, value: int | None) -> None:
    """Refuse a number of things to show that is not at least one."""
    if value is not None and value < 1:
        raise QuestionError(Issue("bad_count", {"option": option, "value": value}))


# A lone = outside of quotes.
_LONE_EQUALS = re.compile(r"""('[^']*'|"[^"]*")|(?<![=!<>])=(?!=)""")


def check_condition(where: str | None) -> None:
    """Refuse a condition that compares with = as SQL does, showing it with ==."""
    mended = _LONE_EQUALS.sub(lambda found: found[1] or "==", where or "")
    if mended != (where or ""):
        raise QuestionError(Issue("lone_equals", suggestion=f'--where "{mended}"'))


@contextmanager
def of_calendar(space: Workspace, used: str, *moments: str | None) -> Iterator[None]:
    """Where the block refuses a question, say of those ``moments`` that another calendar would understand which."""
    try:
        yield
    except SanjehError as error:
        known = [moment for moment in moments if moment and not _is_period(space, used, moment)]
        hints = [hint for moment in known for hint in _other_calendar(space, used, moment)]
        if not hints or error.code not in ("bad_period", "bad_moment"):
            raise
        raise QuestionError([*error.issues, *hints]) from None


def _is_period(space: Workspace, code: str, text: str) -> bool:
    try:
        space.calendar(code).parse_period(text)
    except SanjehError:
        return False
    return True


def _other_calendar(space: Workspace, used: str, text: str) -> Iterator[Issue]:
    """The first other calendar of which ``text`` is a period, as a note that names the option."""
    own = used or space.settings.calendar
    for code in CALENDAR_CODES:
        if code != own and _is_period(space, code, text):
            calendar = word("calendar", code, space.settings.language)
            data = {"text": text, "calendar": calendar, "code": code}
            yield Issue("moment_of_calendar", data, severity=Severity.NOTE)
            return


def absent_members(space: Workspace, frame: Frame, where: str | None) -> tuple[Issue, ...]:
    """A warning for each member that ``where`` names and no row behind the first KPI of ``frame`` has, at any time."""
    readings = [result.reading for result in frame.results.results]
    if not where or not readings:
        return ()
    conditions = [c for c in parse_conditions(where) if not is_flag(space.catalogue, c.dimension)]
    return tuple(issue for c in conditions for issue in _absent(space, readings[0].name, c))


def _absent(space: Workspace, kpi: str, condition: Condition) -> Iterator[Issue]:
    try:
        found = space.compute(kpi, by=condition.dimension, every="total")
    except SanjehError:  # it can be filtered, but not be broken down by this
        return
    known = [member[0] for result in found.results.results for member in result.members if member[0] is not None]
    for member in condition.values:
        if member is not None and member not in known:
            names = _named(member, known, space.settings.language)
            data = {"kpi": kpi, "dimension": condition.dimension, "member": member, "choices": names}
            yield Issue("member_without_rows", data, severity=Severity.WARNING)


def _named(member: str, known: Sequence[str], language: str) -> str:
    """The members that ``member`` may have been meant to be, or the first that there are."""
    near = near_names(member, known)
    shown = list(near or known[:_NAMED])
    more = ["…"] if not near and len(known) > _NAMED else []
    return word("list", "comma", language).join([*shown, *more]) or "–"


def check_readings(catalogue: Catalogue, names: Iterable[str]) -> None:
    """Refuse a KPI that is not there, and a variant that its KPI does not have, naming those that it has."""
    for name in names:
        before, _, variant = name.partition(".")
        try:
            catalogue.reading(name)
        except QuestionError:
            kpi = catalogue.kpi(before)
            close = suggest(variant, kpi.variants)
            data = {"kind": "variant", "name": name, "choices": ", ".join(f"{kpi.id}.{v}" for v in kpi.variants) or "–"}
            raise QuestionError(
                Issue("unknown_choice", data, suggestion=f"{kpi.id}.{close}" if close else None)
            ) from None
