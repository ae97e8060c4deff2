"""What a reader is told about a KPI: its name, unit and definition, from the catalogue, in the report's language."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_nlp.kpis.catalogue import KPIS
from feedback_nlp.kpis.timed import variant


@dataclass(frozen=True, slots=True)
class Measure:
    """A KPI in words; `unit` is a key of `kpis.base.UNITS`, or empty where the KPI is not known."""

    id: str
    name: str
    unit: str
    definition: str = ""


def measure_of(kpi: str, *, lang: str) -> Measure:
    """The KPI in words; one that is not known keeps its id as its name."""
    found = KPIS.get(kpi) or variant(kpi)
    if found is None:
        return Measure(kpi, kpi.replace("_", " "), "")
    if lang == "zh":
        return Measure(kpi, found.name.zh, found.unit, found.meaning.zh)
    return Measure(kpi, found.name.en, found.unit, found.meaning.en)
