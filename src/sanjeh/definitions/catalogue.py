"""A catalogue is everything that definitions say: KPIs, measures, entities, segments and parameters, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanjeh.definitions.entity import Entity
from sanjeh.definitions.kpi import KPI, Variant
from sanjeh.definitions.measure import Measure
from sanjeh.definitions.parameter import Parameter, ParameterValue
from sanjeh.definitions.segment import Segment
from sanjeh.errors import DefinitionError, Issue, QuestionError, suggest


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The standard definitions with a company's own ones laid over them."""

    kpis: Mapping[str, KPI]
    measures: Mapping[str, Measure]
    entities: Mapping[str, Entity]
    segments: Mapping[str, Segment]
    parameters: Mapping[str, Parameter]

    def kpi(self, name: str) -> KPI:
        """The KPI called ``name``; raises QuestionError (``unknown_name``) with the nearest known name."""
        if name not in self.kpis:
            raise QuestionError(
                Issue("unknown_name", {"kind": "KPI", "name": name}, suggestion=suggest(name, self.kpis))
            )
        return self.kpis[name]

    def segment(self, name: str) -> Segment:
        """The segment called ``name``; raises DefinitionError (``unknown_name``) with the nearest known name."""
        if name not in self.segments:
            data = {"kind": "segment", "name": name}
            raise DefinitionError(Issue("unknown_name", data, suggestion=suggest(name, self.segments)))
        return self.segments[name]

    def reading(self, name: str) -> tuple[KPI, Variant | None]:
        """The KPI and variant that ``name`` ("kpi" or "kpi.variant") stands for."""
        kpi_id, _, variant_id = name.partition(".")
        kpi = self.kpi(kpi_id)
        if not variant_id:
            return kpi, None
        if variant_id not in kpi.variants:
            close = suggest(variant_id, kpi.variants)
            data = {"kind": "variant", "name": name}
            raise QuestionError(Issue("unknown_name", data, suggestion=f"{kpi_id}.{close}" if close else None))
        return kpi, kpi.variants[variant_id]

    def settings(self, chosen: Mapping[str, ParameterValue] | None = None) -> dict[str, ParameterValue]:
        """The value of every parameter: the company's where it chose one, else the default."""
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        return values | dict(chosen or {})
