"""Alerts, drivers and comparisons on the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.table import Table

from feedback_nlp.cli.terminal import cell, draw, say
from feedback_nlp.engines import files
from feedback_nlp.kpis import KPIS
from feedback_nlp.reports.numbers import with_unit
from feedback_nlp.signals import Alert, Difference, Drivers, Phrase, rising
from feedback_nlp.signals.baseline import MIN_PERIODS
from feedback_nlp.signals.find import MIN_N
from feedback_nlp.signals.plain import plain

Span = tuple[date, date]
_MOST_EFFECTS = 8
_ARROWS = {"up": "↑", "down": "↓"}


def write_json(value: Any, path: Path) -> None:
    """Write plain values as JSON; a value that is no number becomes null."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def rising_between(labelled: Path, *, before: Span, after: Span, top: int) -> list[Phrase]:
    """Words and phrases said more often in the span `after` than in `before`, over rows that count."""
    return rising(_comments(labelled, after), _comments(labelled, before), top=top)


def _comments(labelled: Path, span: Span) -> Iterator[tuple[str, str, str]]:
    for frame in files.read(labelled):
        inside = frame["set_aside"].isna() & frame["day"].between(*span).fillna(value=False)
        chosen = frame.loc[inside.astype(bool), ["id", "text", "lang"]].dropna()
        yield from chosen.itertuples(index=False, name=None)


def show_alerts(alerts: Sequence[Alert]) -> None:
    """A line an alert, most surprising first."""
    if not alerts:
        print(
            "no alerts: no KPI left the range that chance explains, in any period that could be judged "
            f"(at least {MIN_PERIODS} earlier periods with comments, and {MIN_N} comments of its own)"
        )
        return
    rows = (
        (
            f"{alert.period}",
            alert.kpi,
            _group(alert.group),
            _value(alert.observed, alert.kpi),
            f"{_value(alert.low, alert.kpi)} – {_value(alert.high, alert.kpi)}",
            f"{alert.n:,}",
            f"{alert.p:.1e}",
            f"{alert.rule} {_ARROWS[alert.direction]}",
            ", ".join(phrase.phrase for phrase in alert.phrases[:3]),
        )
        for alert in alerts
    )
    _show(("period", "KPI", "group", "observed", "expected", "n", "p", "rule", "said more often"), rows)


def show_drivers(found: Drivers) -> None:
    """The change, then the effects of each grouping, largest first; each grouping adds up to the change."""
    before, after = (
        f"{_value(value, found.kpi)} (n = {n:,}, {first} to {last})"
        for value, n, (first, last) in (
            (found.before, found.n_before, found.days_before),
            (found.after, found.n_after, found.days_after),
        )
    )
    say(f"{found.kpi}: {before} → {after}")
    rows = (
        (
            by,
            each.group or "(none)",
            f"{each.share_before:.1%} → {each.share_after:.1%}",
            f"{each.mix:+.4f}",
            f"{each.rate:+.4f}",
            f"{each.total:+.4f}",
        )
        for by, effects in found.effects.items()
        for each in effects[:_MOST_EFFECTS]
    )
    _show(("by", "group", "share of comments", "mix effect", "rate effect", "total"), rows)


def show_phrases(phrases: Sequence[Phrase]) -> None:
    """Words and phrases that rose, with the comments that hold them before and after."""
    if phrases:
        rows = (
            (p.phrase, f"{p.count_before:,} → {p.count_after:,}", f"{p.z:.1f}", ", ".join(p.ids[:3]))
            for p in phrases
        )
        _show(("said more often", "comments", "z", "for example"), rows)


def show_differences(differences: Sequence[Difference]) -> None:
    """A line a comparison: both values, the difference with its interval, and the corrected p-value."""
    rows = (
        (
            d.kpi,
            f"{d.a.name} {_value(d.a.value, d.kpi)}",
            f"{d.b.name} {_value(d.b.value, d.kpi)}",
            f"{d.value:+.4g} [{d.low:+.4g}, {d.high:+.4g}]",
            f"{d.p_adjusted:.2g}",
            d.method,
        )
        for d in differences
    )
    _show(("KPI", "a", "b", "difference b − a", "p (corrected)", "method"), rows)


def _value(value: float, kpi: str) -> str:
    return with_unit(value, KPIS[kpi].unit, lang="en")


def _group(group: Any) -> str:
    return ", ".join(f"{column}={value}" for column, value in dict(group).items()) or "all comments"


def _show(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=place < len(heads) - 1)
    for row in rows:
        table.add_row(*map(cell, row))
    draw(table)
