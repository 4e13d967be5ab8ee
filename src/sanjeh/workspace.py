"""A workspace is a folder that holds one company: settings, sources, own definitions and the warehouse.

Its verbs are those that every face uses: open, import, check, compute, explain, rows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sanjeh.advice import Advice, advise
from sanjeh.calendars import Calendar, Grain, Period, Span, holiday_dates
from sanjeh.compute import TOTAL, Ground, Question, Reading, compute, missing_of
from sanjeh.definitions import KPI, Catalogue, load_catalogue
from sanjeh.engines import load_engine
from sanjeh.errors import (
    DataError,
    DefinitionError,
    Issue,
    QuestionError,
    SanjehError,
    Severity,
    WorkspaceError,
    suggest,
)
from sanjeh.explain import Explanation, explain, needs_of
from sanjeh.formula import check_formulas, parse_conditions
from sanjeh.frame import Frame
from sanjeh.horizon import find_horizon, first_day
from sanjeh.part import load_part
from sanjeh.plan import Held, Holdings, Listing, Stated
from sanjeh.series import Timeline
from sanjeh.set_aside import SetAside, list_set_aside
from sanjeh.settings import (
    FILE,
    Settings,
    check_parameters,
    check_settings,
    load_settings,
    setting_issue,
    write_settings,
)
from sanjeh.stored_money import check_money
from sanjeh.units import convert_constant
from sanjeh.warehouse import ImportRecord, Snapshot, StoredEntity, open_snapshot

if TYPE_CHECKING:  # a question needs none of what reads files
    from sanjeh.connectors import ImportReport
    from sanjeh.ingest import Ask, Confirm, Progress

FOLDERS = ("sources", "kpis", "goals", "data", "warehouse")
DEFAULT_LENGTH = {Grain.DAY: 31, Grain.WEEK: 14, Grain.MONTH: 13, Grain.QUARTER: 9, Grain.YEAR: 5}
MOST_PERIODS = 4000


def cache_folder() -> Path:
    """Where parsed definitions are kept between runs: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "sanjeh"


def create_workspace(folder: Path, settings: Settings) -> Workspace:
    """A new workspace in ``folder``; raises WorkspaceError where one exists or a setting cannot be."""
    if (folder / FILE).exists():
        raise WorkspaceError(Issue("workspace_exists", {"folder": str(folder)}))
    bad = check_settings(settings)
    if bad:
        raise WorkspaceError([setting_issue(key, value) for key, value in bad])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FOLDERS[:-1]:
            (folder / name).mkdir(exist_ok=True)
        write_settings(folder, settings)
    except OSError as error:
        data = {"folder": str(folder), "problem": error.strerror or ""}
        raise WorkspaceError(Issue("cannot_create", data)) from None
    return open_workspace(folder)


def open_workspace(folder: str | Path, *, today: date | None = None) -> Workspace:
    """The workspace in ``folder``; ``today`` replaces the machine's date.

    Raises WorkspaceError (``not_a_workspace``, ``bad_setting``) and DefinitionError with every fault of own
    definitions.
    """
    path = Path(folder)
    settings = load_settings(path)
    return Workspace(path, settings, today or date.today())


@dataclass
class Workspace:
    """One company. Opening it reads no data; every verb works on the version of the data that is current when
    called.
    """

    folder: Path
    settings: Settings
    today: date
    memory_limit: str = "2GB"
    _ground: dict[tuple[object, ...], Ground] = field(default_factory=dict, repr=False)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The standard definitions with the workspace's own laid over them; raises DefinitionError where a formula or
        unit of these is wrong.
        """
        catalogue = load_catalogue(self.definition_files, cache_folder=cache_folder())
        if self.definition_files:
            self._check_own(catalogue)
        issues = check_parameters(self.settings, catalogue, self.folder / FILE)
        if issues:
            raise WorkspaceError(issues)
        return catalogue

    def _check_own(self, catalogue: Catalogue) -> None:
        own = self.snapshot().own_dimensions.values()
        issues = check_formulas(catalogue, [name for names in own for name in names])
        # A dimension may be unknown only until the file that brings it is imported.
        faults = [i for i in issues if i.severity is Severity.ERROR and i.code != "unknown_dimension"]
        if faults:
            raise DefinitionError(faults)

    @property
    def definition_files(self) -> tuple[Path, ...]:
        """The workspace's own YAML definitions."""
        return tuple(sorted((self.folder / "kpis").glob("*.yaml")))

    @property
    def warehouse(self) -> Path:
        """The folder of the embedded warehouse."""
        return self.folder / "warehouse"

    def snapshot(self) -> Snapshot:
        """The current version of the data."""
        return open_snapshot(self.warehouse)

    def calendar(self, code: str = "") -> Calendar:
        """The company's calendar, or the one named ``code`` with the company's week and fiscal year."""
        return self.settings.make_calendar(code)

    def ground(self, *, calendar: str = "", as_of: date | None = None) -> Ground:
        """What questions stand on: the current data under the company's settings."""
        snapshot = self.snapshot()
        key = (snapshot.version, calendar, as_of, self.today)
        if key not in self._ground:
            self._ground.clear()
            self._ground[key] = self._lay(snapshot, calendar, as_of)
        return self._ground[key]

    def _lay(self, snapshot: Snapshot, calendar_code: str, as_of: date | None) -> Ground:
        check_money(self.warehouse, self.settings.currency)
        engine = load_engine("duckdb")
        connection = engine.connect(self.memory_limit)
        snapshot.attach(connection)
        engine.shut(connection, (self.warehouse,))
        calendar = self.calendar(calendar_code)
        holdings = holdings_of(snapshot)
        values = self.catalogue.settings(self.settings.parameters)
        stating = load_engine("stating")
        stated: Stated = stating.read_stated(connection, holdings, self.calendar(), values, self.catalogue)
        as_of_end = as_of + timedelta(1) if as_of else find_horizon(self.catalogue, holdings, stated, self.today)
        money = load_engine("terms").Money(self.settings.currency, constants_for(self.settings.currency, as_of_end))
        holidays = self._holidays(as_of_end)
        runner = engine.build(
            connection, self.catalogue, values, holdings, as_of_end, money, holidays, cache=cache_folder() / "sql"
        )
        return Ground(
            self.catalogue, values, Timeline(calendar, as_of_end), holdings, stated, runner, self.settings.currency
        )

    def _holidays(self, as_of_end: date) -> frozenset[date]:
        if not self.settings.holidays:
            return frozenset()
        return holiday_dates(self.settings.holidays, range(as_of_end.year - 15, as_of_end.year + 2))

    def import_files(
        self,
        paths: Sequence[Path | str],
        *,
        as_entity: str | None = None,
        fields: Mapping[str, str] | None = None,
        ask: Ask | None = None,
        confirm: Confirm | None = None,
        progress: Progress | None = None,
        now: datetime | None = None,
    ) -> ImportReport:
        """What became of files, folders or postgresql:// addresses; all that was understood is in one new version.

        ``fields`` says where columns belong (header to field). ``ask`` answers the import's questions; without it
        defaults are taken and what has none is left out, named in the report. ``confirm`` sees a new mapping before it
        is used, and may decline it.
        """
        when = now or datetime.now().replace(microsecond=0)
        report = load_part("ingest").ingest(
            self.folder,
            self.settings,
            self.catalogue,
            paths,
            now=when,
            as_entity=as_entity,
            fields=fields,
            ask=ask,
            confirm=confirm,
            progress=progress,
        )
        return cast("ImportReport", report)

    def import_file(self, path: Path | str, *, as_entity: str | None = None, ask: Ask | None = None) -> ImportReport:
        """What became of one file, folder or address.

        >>> shop.import_file("no-such-file.csv").errors[0].code
        'no_such_file'
        """
        return self.import_files([path], as_entity=as_entity, ask=ask)

    def imports(self) -> tuple[ImportRecord, ...]:
        """Every import so far, oldest first."""
        return self.snapshot().sources

    def undo(self, number: int) -> int:
        """How many rows were taken out again with the import of this number; raises QuestionError (``import_unknown``).

        Rows that it had corrected do not come back; import their files again.
        """
        return int(load_part("connectors").undo_import(self.warehouse, number))

    def quarantine(self, most: int = 200) -> tuple[SetAside, ...]:
        """The newest rows that could not be understood, at most ``most``."""
        snapshot = self.snapshot()
        return list_set_aside(snapshot, snapshot.sources, most)

    def as_of(self) -> date:
        """The last day that the data speak of, or today where they reach it."""
        return self.ground().timeline.as_of_end - timedelta(1)

    def readings(
        self, names: Sequence[str] = (), *, variants: bool = False, ground: Ground | None = None
    ) -> tuple[Reading, ...]:
        """The readings named ("kpi" or "kpi.variant"), or all that the data can support when none is named."""
        if names:
            found = [Reading(*self.catalogue.reading(name)) for name in names]
            if variants:
                found = [r for f in found for r in ([f, *variants_of(f)] if f.variant is None else [f])]
            return tuple({reading.name: reading for reading in found}.values())
        ground = ground or self.ground()
        every = (Reading(kpi) for kpi in self.catalogue.kpis.values())
        listed = (r for f in every for r in ((f, *variants_of(f)) if variants else (f,)))
        return tuple(reading for reading in listed if not missing_of(reading, ground))

    def compute(
        self,
        *kpis: str,
        every: str | Sequence[str] = "month",
        since: str | date | None = None,
        until: str | date | None = None,
        last: int | None = None,
        by: str | Sequence[str] = (),
        where: str | None = None,
        calendar: str = "",
        variants: bool = False,
        as_of: str | date | None = None,
    ) -> Frame:
        """The named KPIs (all that the data can support when none is named) over periods, as a Frame.

        ``every`` is a grain or "total" (one span); ``since`` and ``until`` are days or periods, both included, in the
        calendar's own writing or
        Gregorian; ``last`` counts periods back from the last known day; ``by`` names dimensions; ``where`` filters like
        ``region == 'Tehran'``; ``as_of`` is the last day to be known. Raises QuestionError.

        >>> frame = shop.compute("revenue", "average_order_value", since="2024-01", until="2024-02")
        >>> frame.value("revenue", "2024-02"), frame.value("average_order_value", "2024-01")
        (600.0, 150.0)
        >>> shop.compute("revenue", by="region", every="year").value("revenue", "2024", region="north")
        650.0
        """
        cal = self.calendar(calendar)
        known = _day(cal, as_of) if as_of is not None else None
        ground = self.ground(calendar=calendar, as_of=known)
        dimensions = (by,) if isinstance(by, str) else tuple(by)
        conditions = parse_conditions(where) if where else ()
        readings = self.readings(kpis, variants=variants, ground=ground)
        grains = (every,) if isinstance(every, str) else tuple(every)
        frames = []
        for grain in grains:
            periods, spans = self._when(grain, ground, since, until, last)
            question = Question(readings, periods, dimensions, conditions, spans)
            frames.append(compute(question, ground, strict=bool(kpis)))
        results = frames[0]
        if len(frames) > 1:
            results = type(results)(
                tuple(result for frame in frames for result in frame.results),
                tuple(issue for frame in frames for issue in frame.issues),
                tuple(dict.fromkeys(item for frame in frames for item in frame.differences)),
            )
        last_day = ground.timeline.as_of_end - timedelta(1)
        return Frame(results, last_day, self.settings.language, dimensions, results.issues)

    def _when(
        self, grain: str, ground: Ground, since: str | date | None, until: str | date | None, last: int | None
    ) -> tuple[tuple[Period, ...], tuple[Span, ...]]:
        """The periods asked, or the one span that "total" stands for: everything, unless a side is given."""
        if grain != TOTAL:
            try:
                return self._periods(_grain(grain), ground, since, until, last), ()
            except DataError as error:
                # A day that no calendar reaches was asked for here, not found in a file.
                raise QuestionError(error.issues) from None
        calendar = ground.timeline.calendar
        end = _span(calendar, until).end if until is not None else ground.timeline.as_of_end
        first = first_day(self.catalogue, ground.holdings) or end - timedelta(1)
        start = _span(calendar, since).start if since is not None else first
        if start >= end:
            raise QuestionError(Issue("since_after_until", {"since": str(start), "until": str(end - timedelta(1))}))
        return (), (Span(start, end),)

    def _periods(
        self, grain: Grain, ground: Ground, since: str | date | None, until: str | date | None, last: int | None
    ) -> tuple[Period, ...]:
        calendar = ground.timeline.calendar
        end = _span(calendar, until).end if until is not None else ground.timeline.as_of_end
        if since is not None:
            start = _span(calendar, since).start
        else:
            count = DEFAULT_LENGTH[grain] if last is None else last
            if count < 1:
                raise QuestionError(Issue("bad_last", {"last": count}))
            if count > MOST_PERIODS:
                raise QuestionError(Issue("too_many_periods", {"limit": MOST_PERIODS}))
            newest = calendar.period_of(grain, end - timedelta(1))
            start = calendar.shift(newest, 1 - count).start
            first = first_day(self.catalogue, ground.holdings)
            if last is None and first is not None and first < end:
                start = max(start, calendar.period_of(grain, first).start)
        if start >= end:
            raise QuestionError(Issue("since_after_until", {"since": str(start), "until": str(end - timedelta(1))}))
        if (end - start).days / _DAYS[grain] > MOST_PERIODS:
            raise QuestionError(Issue("too_many_periods", {"limit": MOST_PERIODS}))
        return calendar.periods(grain, Span(start, end))

    def rows(
        self,
        kpi: str,
        *,
        period: str,
        where: str | None = None,
        calendar: str = "",
        limit: int = 200,
        as_of: str | date | None = None,
    ) -> tuple[Listing, ...]:
        """The rows behind one value: for each measure of the KPI, what it counted in (or before) the period.

        ``limit`` is the most rows of a measure; its ``total`` counts all. Raises QuestionError (``no_rows_behind``).

        >>> [listing] = shop.rows("revenue", period="2024-01")
        >>> listing.measure, listing.total
        ('revenue', 2)
        """
        cal = self.calendar(calendar)
        ground = self.ground(calendar=calendar, as_of=_day(cal, as_of) if as_of is not None else None)
        reading = Reading(*self.catalogue.reading(kpi))
        conditions = parse_conditions(where) if where else ()
        listing = load_engine("listing")
        runner = ground.engine
        found = needs_of(reading, ground, cal.parse_period(period), conditions)
        return tuple(listing.list_rows(runner.connection, runner.relations, need, span, limit) for need, span in found)

    def explain(
        self,
        kpi: str,
        *,
        every: str = "month",
        by: str | Sequence[str] = (),
        where: str | None = None,
        calendar: str = "",
    ) -> Explanation:
        """How the KPI or variant called ``kpi`` is computed with the data at hand.

        >>> explanation = shop.explain("average_order_value")
        >>> [item.measure.id for item in explanation.measures], explanation.dimensions
        (['revenue', 'orders'], ('buyer_type', 'is_online', 'region'))
        """
        ground = self.ground(calendar=calendar)
        reading = Reading(*self.catalogue.reading(kpi))
        dimensions = (by,) if isinstance(by, str) else tuple(by)
        periods = self._periods(_grain(every), ground, None, None, None)
        return explain(reading, ground, periods, dimensions, parse_conditions(where) if where else ())

    def statements(self, explanation: Explanation) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The SQL of an explanation: for each statement, the measures it answers and its text."""
        ground = self.ground()
        compiler = load_engine("compile")
        relations = ground.engine.relations
        return tuple(item for block in explanation.plan.blocks for item in compiler.explain_block(block, relations))

    def advise(self, most: int = 3) -> Advice:
        """Which KPIs the data supports, and which additions would bring most.

        >>> shop.advise(1).additions[0].what, len(shop.advise().additions)
        ('leads', 3)
        """
        return advise(self.ground(), most)

    def kpis(self, *, pack: str = "", computable: bool = False) -> dict[str, KPI]:
        """The KPIs by id: all, those of one pack, or those that the data can support.

        >>> len(shop.kpis()), "revenue" in shop.kpis(computable=True), "cac" in shop.kpis(computable=True)
        (105, True, False)
        """
        ground = self.ground() if computable else None
        return {
            name: kpi
            for name, kpi in self.catalogue.kpis.items()
            if (not pack or pack in kpi.packs) and (ground is None or not missing_of(Reading(kpi), ground))
        }

    def missing(self, name: str) -> tuple[str, ...]:
        """The entities or fields without which the KPI or variant called ``name`` cannot be computed.

        >>> shop.missing("cac"), shop.missing("revenue")
        (('marketing_spend',), ())
        """
        return missing_of(Reading(*self.catalogue.reading(name)), self.ground())


def variants_of(reading: Reading) -> tuple[Reading, ...]:
    """A reading for each variant of the KPI."""
    return tuple(Reading(reading.kpi, variant) for variant in reading.kpi.variants.values())


_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 84, Grain.YEAR: 354}


def _grain(word: str) -> Grain:
    try:
        return Grain(word)
    except ValueError:
        known = [*(grain.value for grain in Grain), TOTAL]
        data = {"kind": "grain", "name": word, "choices": ", ".join(known)}
        raise QuestionError(Issue("unknown_choice", data, suggestion=suggest(word, known))) from None


FARTHEST = date(2300, 1, 1)


def _span(calendar: Calendar, text: str | date) -> Span:
    """The span that a day or a period's label stands for; raises QuestionError (``bad_moment``, ``day_too_far``)."""
    if isinstance(text, date):
        return _one_day(text)
    try:
        span = calendar.parse_period(text).span
    except SanjehError:
        try:
            span = _one_day(calendar.parse_day(text))
        except DataError:
            raise QuestionError(Issue("bad_moment", {"text": text, "calendar": calendar.code})) from None
    if span.end > FARTHEST:
        raise QuestionError(Issue("day_too_far", {"day": str(span.end)}))
    return span


def _one_day(day: date) -> Span:
    if day >= FARTHEST:
        raise QuestionError(Issue("day_too_far", {"day": str(day)}))
    return Span(day, day + timedelta(1))


def _day(calendar: Calendar, text: str | date) -> date:
    return _span(calendar, text).end - timedelta(1)


def constants_for(currency: str, day: date) -> dict[str, str]:
    """What one unit of each currency that a constant ties to ``currency`` is worth in it."""
    found = {}
    for other in ("IRR", "IRT", "IRX"):
        if other != currency:
            factor = convert_constant(Decimal(1), other, currency, day)
            if factor is not None:
                found[other] = format(factor, "f")
    return found


def holdings_of(snapshot: Snapshot) -> Holdings:
    """What a version of the warehouse holds, as plans need to know it."""
    held = {name: _held(stored) for name, stored in snapshot.entities.items()}
    codes = {domain: dictionary.size for domain, dictionary in snapshot.dictionaries.items()}
    uncoded = {
        column.name for stored in snapshot.entities.values() for column in stored.columns.values() if not column.coded
    }
    codes = {domain: size for domain, size in codes.items() if domain not in uncoded}
    return Holdings(held, snapshot.observed, codes, str(snapshot.version))


def _held(stored: StoredEntity) -> Held:
    return Held(
        columns=frozenset(stored.columns) | {"_file", "_line"},
        rows=stored.rows,
        first=stored.first,
        last=stored.last,
        extra={name: column.type for name, column in stored.columns.items() if column.own},
        covers_from=stored.covers_from,
        covers_to=stored.covers_to,
        imported_on=stored.imported_at.date(),
        empty=frozenset(name for name, column in stored.columns.items() if not column.filled),
    )
