"""An analysis in one language: the words, names and numbers that every section asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from feedback_nlp.kpis.periods import CALENDAR
from feedback_nlp.reports import names, numbers, periods
from feedback_nlp.reports.analysis import Analysis
from feedback_nlp.reports.measures import Measure, measure_of
from feedback_nlp.reports.plain import cut
from feedback_nlp.reports.rows import Row, Value, day_of, rows, value_of
from feedback_nlp.reports.words import known, say

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class View:
    """An analysis and the language it is told in."""

    analysis: Analysis
    lang: str

    @property
    def confidence(self) -> str:
        """The level of the intervals in per cent, without the sign."""
        return f"{100 * self.analysis.settings.confidence:g}"

    @property
    def every(self) -> str | None:
        """The length of a period."""
        return self.analysis.settings.every

    def say(self, key: str, **values: object) -> str:
        """Words of the table, in this language."""
        return say(key, self.lang, **values)

    def measure(self, kpi: str) -> Measure:
        """A KPI in words."""
        return measure_of(kpi, lang=self.lang)

    def name(self, column: str, value: Any) -> str:
        """What a value of a column is called: as the analysis names it, the package, the words, or as it is."""
        if value is None:
            return self.say("not_given")
        given = self._given(column, str(value))
        if given is not None:
            return given[1] if self.lang == "zh" else given[0]
        key = f"{column}_{value}"
        return self.say(key) if known(key) else cut(str(value), width=_LONGEST_NAME)[0]

    def _given(self, column: str, value: str) -> tuple[str, str] | None:
        given = self.analysis.names.get(column, {}).get(value)
        return given if given is not None else names.shipped().get(column, {}).get(value)

    def title_of(self, column: str) -> str:
        """What a column is called; one of the dump's own keeps its name."""
        return self.say(column) if known(column) else column

    def source(self, source: Any) -> str:
        """A source without the folders that all sources are in; the ledger's section shows it in full."""
        text = str(source)
        shared = _shared_folder(
            [str(entry.get("source", "")) for entry in self.analysis.ledger.get("sources", ())]
        )
        return text.removeprefix(shared) if shared else text

    def basis(self, cell: Value) -> str:
        """What a value stands on, in words: corrected by an audit, or not; empty without an audit."""
        return self.say(f"basis_{cell.basis}") if known(f"basis_{cell.basis}") else ""

    def cell(self, row: Mapping[str, Any], kpi: str) -> Value:
        """The value of a KPI in a row of a KPI table."""
        return value_of(row, kpi, min_n=self.analysis.settings.min_n)

    def number(self, value: float | None, unit: str) -> str:
        """A value with its unit."""
        return numbers.with_unit(value, unit, lang=self.lang)

    def written(self, cell: Value, unit: str) -> str:
        """A value with its unit and interval."""
        return numbers.with_interval(cell, unit, lang=self.lang)

    def period(self, start: date) -> str:
        """The name of a period."""
        return periods.name(start, self.every, lang=self.lang)

    def per(self) -> str:
        """`by week` and its kin; empty where nothing is cut into periods."""
        if self.every is None:
            return ""
        if self.every in CALENDAR:
            return self.say(f"per_{self.every}")
        return self.say("per_window", days=self.every.removesuffix("d"))

    def overall(self) -> Row:
        """The one row of the overall table; empty where nothing counts."""
        table = rows(self.analysis.overall)
        return table[0] if table else {}

    def by_period(self) -> list[Row]:
        """The rows of the table by period, in order of time; `period` is a date."""
        table = [{**row, "period": day_of(row.get("period"))} for row in rows(self.analysis.by_period)]
        return sorted((row for row in table if row["period"] is not None), key=lambda row: row["period"])

    def span(self) -> str:
        """From the first day to the last; of the periods where the days are not given, empty where neither is known."""
        if self.analysis.days is not None:
            return periods.span(*self.analysis.days, None, lang=self.lang)
        table = self.by_period()
        if not table:
            return ""
        return periods.span(table[0]["period"], table[-1]["period"], self.every, lang=self.lang)


def _shared_folder(sources: list[str]) -> str:
    """The folders that all sources begin with, up to and with the last slash they share; empty where there are none."""
    folders = [source.rpartition("/")[0].split("/") for source in sources if "/" in source]
    if not folders or len(folders) < len(sources):
        return ""
    shared = [
        parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    ]
    return "/".join(shared) + "/" if shared else ""
