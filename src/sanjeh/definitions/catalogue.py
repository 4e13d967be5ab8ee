"""A catalogue is everything that definitions say: KPIs, measures, entities, segments and parameters, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sanjeh.definitions.entity import Entity
from sanjeh.definitions.kpi import KPI, Variant
from sanjeh.definitions.measure import Measure
from sanjeh.definitions.parameter import Parameter, ParameterValue
from sanjeh.definitions.segment import Segment
from sanjeh.definitions.text import Text, fold_title
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
        """The KPI of that id or title; raises QuestionError (``unknown_name``) with the nearest known name."""
        return self.kpis[self._id_of(name)]

    def _id_of(self, name: str) -> str:
        if name in self.kpis:
            return name
        titles = {title: kpi.id for kpi in reversed(list(self.kpis.values())) for title in _folded(kpi.title)}
        folded = fold_title(name)
        if folded in titles:
            return titles[folded]
        known = titles | {fold_title(each): each for each in self.kpis}
        close = known.get(suggest(folded, known) or "")
        raise QuestionError(Issue("unknown_name", {"kind": "KPI", "name": name}, suggestion=close))

    def segment(self, name: str) -> Segment:
        """The segment called ``name``; raises DefinitionError (``unknown_name``) with the nearest known name."""
        if name not in self.segments:
            data = {"kind": "segment", "name": name}
            raise DefinitionError(Issue("unknown_name", data, suggestion=suggest(name, self.segments)))
        return self.segments[name]

    def reading(self, name: str) -> tuple[KPI, Variant | None]:
        """The KPI and variant that ``name`` stands for: "kpi", "kpi.variant", or the title of either."""
        kpi_id, _, variant_id = name.partition(".")
        if kpi_id not in self.kpis:
            titled = self._variant_titled(name)
            if titled is not None:
                return titled
        kpi = self.kpi(kpi_id)
        if not variant_id:
            return kpi, None
        if variant_id not in kpi.variants:
            close = suggest(variant_id, kpi.variants)
            data = {"kind": "variant", "name": name}
            raise QuestionError(Issue("unknown_name", data, suggestion=f"{kpi.id}.{close}" if close else None))
        return kpi, kpi.variants[variant_id]

    def _variant_titled(self, name: str) -> tuple[KPI, Variant] | None:
        """The one variant of that title, unless a KPI has it."""
        folded = fold_title(name)
        if any(folded in _folded(kpi.title) for kpi in self.kpis.values()):
            return None
        found = [(k, v) for k in self.kpis.values() for v in k.variants.values() if folded in _folded(v.title)]
        return found[0] if len(found) == 1 else None

    def settings(self, chosen: Mapping[str, ParameterValue] | None = None) -> dict[str, ParameterValue]:
        """The value of every parameter: the company's where it chose one, else the default."""
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        return values | dict(chosen or {})


def _folded(title: Text) -> Iterator[str]:
    return (fold_title(words) for words in title.each)
