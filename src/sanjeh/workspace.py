"""A workspace is a folder that holds one company: settings, sources, own definitions and the warehouse.

Its verbs are those that every face uses: open, import, check, compute, explain, rows.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from sanjeh.advice import Advice, advise
from sanjeh.asked_time import find_day, find_when
from sanjeh.calendars import Calendar, holiday_dates
from sanjeh.compute import Ground, Question, Reading, compute, join_results, missing_of
from sanjeh.definitions import KPI, Catalogue, load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.watch import Told, Watch, watching
from sanjeh.errors import (
    DefinitionError,
    Issue,
    SanjehError,
    Severity,
    WorkspaceError,
)
from sanjeh.explain import Explanation, explain, needs_of
from sanjeh.formula import check_formulas, parse_conditions
from sanjeh.frame import Frame, is_share
from sanjeh.horizon import find_knowledge
from sanjeh.in_place import InPlace
from sanjeh.kept import Kept
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
from sanjeh.table_file import FOLDER as TABLES
from sanjeh.table_file import load_tables
from sanjeh.units import convert_constant
from sanjeh.warehouse import ImportRecord, Snapshot, StoredEntity, open_snapshot
from sanjeh.warehouse.spill import choose_spill

if TYPE_CHECKING:  # a question needs none of what reads files
    from sanjeh.connectors import ImportReport
    from sanjeh.ingest import Ask, Confirm, Progress
    from sanjeh.rolled import Built, KeptCube

ROLLUPS, MOST_KEPT = "rollups", 4_000_000_000
FOLDERS = ("sources", "kpis", "goals", "data", "warehouse")


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
    _frames: Kept[Frame] = field(default_factory=Kept, repr=False)
    _watch: Watch | None = field(default=None, repr=False)

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
        if self.settings.warehouse:
            own = [name for table in load_tables(self.folder / TABLES, catalogue).values() for name in table.dimensions]
        else:
            own = [name for names in self.snapshot().own_dimensions.values() for name in names]
        issues = check_formulas(catalogue, own)
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

    @cached_property
    def in_place(self) -> InPlace | None:
        """The database that is asked in place, or None where the warehouse is embedded."""
        return InPlace(self.folder, self.settings, self.catalogue) if self.settings.warehouse else None

    @property
    def is_empty(self) -> bool:
        """Whether there are no data yet: nothing imported, no table mapped."""
        return not (self.in_place.tables if self.in_place else self.imports())

    def snapshot(self) -> Snapshot:
        """The current version of the imported data; raises WorkspaceError (``data_in_place``) where they are not."""
        if self.in_place is not None:
            raise WorkspaceError(Issue("data_in_place", {"address": self.in_place.label}))
        return open_snapshot(self.warehouse)

    def calendar(self, code: str = "") -> Calendar:
        """The company's calendar, or the one named ``code`` with the company's week and fiscal year."""
        return self.settings.make_calendar(code)

    def ground(self, *, calendar: str = "", as_of: date | None = None) -> Ground:
        """What questions stand on: the current data under the company's settings."""
        place = self.in_place
        data = self.snapshot() if place is None else place.look()
        key = (data.version, as_of, self.today)
        if key not in self._ground:
            self._ground.clear()
            self._frames.clear()
            laid = self._lay_in_place(data, as_of) if isinstance(data, Holdings) else self._lay(data, as_of)
            self._ground[key] = laid
        ground = self._ground[key]
        if not calendar:
            return ground
        return replace(ground, timeline=Timeline(self.calendar(calendar), ground.timeline.as_of_end))

    def _lay(self, snapshot: Snapshot, as_of: date | None) -> Ground:
        laid = self._lay_rows(snapshot, as_of)
        # A past day of knowledge is asked of the rows: cells know only all of them.
        if laid.holdings.is_cut:
            return laid
        return replace(laid, engine=load_part("rollups").open_rollups(laid.engine, self.warehouse, snapshot))

    def _lay_rows(self, snapshot: Snapshot, as_of: date | None = None) -> Ground:
        check_money(self.warehouse, self.settings.currency)
        engine = load_engine("duckdb")
        limits = self.settings.engine
        spill = choose_spill(self.warehouse, limits.folder_in(self.folder))
        memory = f"{limits.megabytes}MB" if limits.megabytes else self.memory_limit
        connection = engine.connect(memory, limits.threads or None, spill)
        snapshot.attach(connection)
        engine.shut(connection, (self.warehouse,))
        holdings = holdings_of(snapshot)
        values = self.catalogue.settings(self.settings.parameters)
        stating = load_engine("stating")
        calendar = self.calendar()
        stated: Stated = stating.read_stated(connection, holdings, calendar, values, self.catalogue)
        as_of_end, holdings, stated = find_knowledge(self.catalogue, holdings, stated, values, self.today, as_of)
        if holdings.is_cut:
            holdings = load_engine("emptied").with_emptied(connection, holdings, self.catalogue, as_of_end)
        money = load_engine("terms").Money(self.settings.currency, constants_for(self.settings.currency, as_of_end))
        holidays = self._holidays(as_of_end)
        runner = engine.build(
            connection, self.catalogue, values, holdings, as_of_end, money, holidays, cache=cache_folder() / "sql"
        )
        return Ground(
            self.catalogue, values, Timeline(calendar, as_of_end), holdings, stated, runner, self.settings.currency
        )

    def _lay_in_place(self, holdings: Holdings, as_of: date | None) -> Ground:
        """The ground over the database's own tables."""
        place, catalogue = cast("InPlace", self.in_place), self.catalogue
        engine = place.engine
        values, calendar = catalogue.settings(self.settings.parameters), self.calendar()
        tables = engine.TableReader(place.link, place.raw)
        stated: Stated = load_engine("stating").read_stated(tables, holdings, calendar, values, catalogue)
        as_of_end, holdings, stated = find_knowledge(catalogue, holdings, stated, values, self.today, as_of)
        if holdings.is_cut:
            holdings = load_engine("emptied").with_emptied(tables, holdings, catalogue, as_of_end)
        money = load_engine("terms").Money(self.settings.currency, constants_for(self.settings.currency, as_of_end))
        runner = engine.build(
            place.link,
            place.raw,
            catalogue,
            values,
            holdings,
            as_of_end,
            money,
            self._holidays(as_of_end),
            cache=cache_folder() / "sql",
        )
        return Ground(
            catalogue, values, Timeline(calendar, as_of_end), holdings, stated, runner, self.settings.currency
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
        dates: Literal["dmy", "mdy", "ymd"] | None = None,
        decimal: Literal[".", ","] | None = None,
        repeated: Literal["sum", "first", "last"] | None = None,
    ) -> ImportReport:
        """What became of files, folders or postgresql:// addresses; all that was understood is in one new version.

        ``fields`` says where columns belong (header to field). ``ask`` answers the import's questions; without it
        defaults are taken and what has none is left out, named in the report. ``confirm`` sees a new mapping before it
        is used, and may decline it. ``dates`` and ``decimal`` answer what dates and numbers leave open, ``repeated``
        what rows are that repeat a key.
        """
        if self.in_place is not None:
            raise WorkspaceError(Issue("data_in_place", {"address": self.in_place.label}))
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
            dates=dates,
            decimal=decimal,
            repeated=repeated,
            prepare=self._refresh,
        )
        self._forget()
        return cast("ImportReport", report)

    def import_file(self, path: Path | str, *, as_entity: str | None = None, ask: Ask | None = None) -> ImportReport:
        """What became of one file, folder or address.

        >>> shop.import_file("no-such-file.csv").errors[0].code
        'no_such_file'
        """
        return self.import_files([path], as_entity=as_entity, ask=ask)

    def roll_up(self, *kpis: str, by: str | Sequence[str] = ()) -> Built:
        """What was built so that the named KPIs (all that the data can support) are answered without reading rows.

        They are kept by day, overall and by each dimension of ``by``, beside what was kept before, and follow every
        import from then on. Raises QuestionError; WorkspaceError (``data_in_place``).
        """
        snapshot, dimensions = self.snapshot(), (by,) if isinstance(by, str) else tuple(by)
        ground = self._lay_rows(snapshot)
        readings = self.readings(kpis, variants=not kpis, ground=ground)
        question = Question(readings, find_when("month", ground, None, None, 1)[0])
        built = load_part("rolled").roll_up(readings, dimensions, question, ground, self.warehouse, snapshot, MOST_KEPT)
        self._forget()
        return cast("Built", built)

    def refresh_rollups(self) -> None:
        """Bring what is kept up to the current data; where that fails, questions read rows."""
        self._refresh(self.snapshot())
        self._forget()

    def _refresh(self, snapshot: Snapshot) -> None:
        if (self.warehouse / ROLLUPS).is_dir():
            # What is kept only saves time: an import does not fail for its sake.
            with contextlib.suppress(SanjehError, OSError):
                load_part("rolled").refresh(self._lay_rows(snapshot), self.warehouse, snapshot, MOST_KEPT)

    def rollups(self) -> tuple[KeptCube, ...]:
        """What is kept beside the rows."""
        snapshot = self.snapshot()
        found = load_part("rolled").list_kept(self._lay_rows(snapshot).engine, self.warehouse, snapshot)
        return cast("tuple[KeptCube, ...]", found)

    def drop_rollups(self) -> None:
        """Keep nothing beside the rows any more."""
        load_part("rolled").drop(self.warehouse)
        self._forget()

    def _forget(self) -> None:
        self._ground.clear()
        self._frames.clear()

    def imports(self) -> tuple[ImportRecord, ...]:
        """Every import so far, oldest first."""
        return self.snapshot().sources

    def undo(self, number: int) -> int:
        """How many rows were taken out again with the import of this number; raises QuestionError (``import_unknown``).

        Rows that it had corrected do not come back; import their files again.
        """
        if self.in_place is not None:
            raise WorkspaceError(Issue("data_in_place", {"address": self.in_place.label}))
        taken = int(load_part("connectors").undo_import(self.warehouse, number))
        self.refresh_rollups()
        return taken

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
        progress: Told | None = None,
    ) -> Frame:
        """The named KPIs (all that the data can support when none is named) over periods, as a Frame.

        ``every`` is a grain or "total" (one span); ``since`` and ``until`` are days or periods, both included, in the
        calendar's own writing or
        Gregorian; ``last`` counts periods back from the last known day; ``by`` names dimensions; ``where`` filters like
        ``region == 'Tehran'``; ``as_of`` is the last day to be known. ``progress`` is told now and then, from another
        thread, the part done (0 to 1) and the seconds left, or None. Raises QuestionError; CancelledError when it was
        cancelled.

        >>> frame = shop.compute("revenue", "average_order_value", since="2024-01", until="2024-02")
        >>> frame.value("revenue", "2024-02"), frame.value("average_order_value", "2024-01")
        (600.0, 150.0)
        >>> shop.compute("revenue", by="region", every="year").value("revenue", "2024", region="north")
        650.0
        """
        known = find_day(self.calendar(calendar), as_of) if as_of is not None else None
        ground = self.ground(calendar=calendar, as_of=known)
        dimensions = (by,) if isinstance(by, str) else tuple(by)
        grains = (every,) if isinstance(every, str) else tuple(every)
        asked = (kpis, grains, since, until, last, dimensions, where, calendar, variants, known)

        def work() -> Frame:
            conditions = parse_conditions(where) if where else ()
            readings = self.readings(kpis, variants=variants, ground=ground)
            found = []
            for grain in grains:
                periods, spans = find_when(grain, ground, since, until, last)
                question = Question(readings, periods, dimensions, conditions, spans)
                found.append(compute(question, ground, strict=bool(kpis)))
            if getattr(ground.engine, "missed", None):
                load_part("rolled").note(ground.engine, self.warehouse)
            results = join_results(found)
            last_day = ground.timeline.as_of_end - timedelta(1)
            shares = frozenset(reading.name for reading in readings if is_share(reading, self.catalogue))
            return Frame(results, last_day, self.settings.language, dimensions, results.issues, shares)

        # A database that others write to changes without a word: its numbers are kept only under a version given.
        is_known = self.in_place is None or bool(self.settings.database.version)
        with watching(progress) as self._watch:
            return self._frames.get(asked, work) if is_known else work()

    def cancel(self) -> bool:
        """End the question that another thread waits for, which gets CancelledError; whether there is one to end.

        The workspace can be asked again at once.
        """
        if self._watch is None or self._watch.has_ended or self.in_place is not None:
            return False
        self._watch.cancel()
        return True

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
        ground = self.ground(calendar=calendar, as_of=find_day(cal, as_of) if as_of is not None else None)
        reading = Reading(*self.catalogue.reading(kpi))
        conditions = parse_conditions(where) if where else ()
        listing = load_engine("listing")
        runner = ground.engine
        found = needs_of(reading, ground, cal.parse_period(period), conditions)
        with watching() as self._watch:
            return tuple(
                listing.list_rows(runner.connection, runner.relations, need, span, limit) for need, span in found
            )

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
        periods = find_when(every, ground, None, None, None)[0]
        return explain(reading, ground, periods, dimensions, parse_conditions(where) if where else ())

    def statements(self, explanation: Explanation) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The SQL of an explanation: for each statement, the measures it answers and its text."""
        engine = self.ground().engine
        return tuple(item for block in explanation.plan.blocks for item in engine.explain_block(block))

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
