"""KPI tables for the terminal, as `rich` draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from feedback_nlp.reports import numbers, periods
from feedback_nlp.reports.measures import measure_of
from feedback_nlp.reports.rows import Row, Value, day_of, kpi_ids, rows, value_of
from feedback_nlp.reports.words import known, say
from feedback_nlp.text.visible import visible

if TYPE_CHECKING:
    from rich.table import Table

Names = Mapping[str, Mapping[str, tuple[str, str]]]


def kpi_list(overall: Any, *, lang: str = "en", min_n: int = 30) -> Table:
    """A table of one row (no `by`, no `every`) turned: a KPI a line, with its interval and denominator."""
    table = rows(overall)
    row = table[0] if table else {}
    audited = any(name.endswith("_basis") for name in row)
    heads = [
        say("indicator", lang),
        say("value", lang),
        say("interval", lang),
        "n",
        *([""] if audited else []),
    ]
    drawn = _table(heads, right=(1, 2, 3))
    volume = measure_of("volume", lang=lang)
    drawn.add_row(volume.name, numbers.number(row.get("volume"), "comments"), "", "")
    for kpi in kpi_ids(row):
        cell, measure = value_of(row, kpi, min_n=min_n), measure_of(kpi, lang=lang)
        value = numbers.with_unit(cell.value, measure.unit, lang=lang)
        n = numbers.count(cell.n or 0, lang=lang)
        basis = [say(f"basis_{cell.basis}", lang) if cell.basis else ""] if audited else []
        drawn.add_row(
            measure.name,
            value,
            numbers.interval(cell, measure.unit),
            n,
            *basis,
            style="dim" if cell.flagged else None,
        )
    return drawn


def kpi_table(
    frame: Any,
    *,
    lang: str = "en",
    every: str | None = None,
    min_n: int = 30,
    kpis: Sequence[str] | None = None,
    names: Names | None = None,
) -> Table:
    """A KPI table as `measure` gives it: a line a group, each value with its interval; few comments are dimmed."""
    from rich.text import Text

    table = rows(frame)
    first = table[0] if table else {}
    ids = list(kpis) if kpis is not None else kpi_ids(first)
    measures = [measure_of(kpi, lang=lang) for kpi in ids]
    keys = _keys(first)
    heads = [_head(key, lang) for key in keys]
    volume = measure_of("volume", lang=lang).name
    drawn = _table(
        [*heads, volume, *(m.name for m in measures)], right=range(len(keys), len(keys) + 1 + len(ids))
    )
    for row in table:
        # names come from the dump: text, never markup
        named = [Text(visible(_name(row, key, lang=lang, every=every, names=names or {}))) for key in keys]
        cells = [_cell(value_of(row, m.id, min_n=min_n), m.unit, lang) for m in measures]
        few = (row.get("volume") or 0) < min_n
        drawn.add_row(
            *named, numbers.number(row.get("volume"), "comments"), *cells, style="dim" if few else None
        )
    return drawn


def _table(heads: Sequence[str], *, right: Sequence[int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        drawn.add_column(Text(visible(head)), justify="right" if place in right else "left", overflow="fold")
    return drawn


def _cell(cell: Value, unit: str, lang: str) -> str:
    return numbers.with_interval(cell, unit, lang=lang)


def _keys(row: Row) -> list[str]:
    """The columns that say which group a row is of: those before the number of comments."""
    names = list(row)
    return names[: names.index("volume")] if "volume" in names else []


def _head(key: str, lang: str) -> str:
    return say(key, lang) if known(key) else key


def _name(row: Row, key: str, *, lang: str, every: str | None, names: Names) -> str:
    value = row.get(key)
    if value is None:
        return say("not_given", lang)
    if key == "period":
        day = day_of(value)
        return periods.name(day, every, lang=lang) if day else ""
    given = names.get(key, {}).get(str(value))
    return (given[1] if lang == "zh" else given[0]) if given else str(value)
