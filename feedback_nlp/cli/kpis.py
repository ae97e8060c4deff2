"""`feedback-nlp kpis`: KPIs of labelled comments, over time and by group, each with its interval."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def kpis(
    labelled: o.Labelled,
    every: Annotated[
        str | None,
        typer.Option(
            help="day, week, month, quarter, or a rolling window: 7d, 28d.", rich_help_panel=o.MEASURING
        ),
    ] = None,
    by: o.By = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--kpis", metavar="IDS", help="KPI ids with commas, or 'all'. Default: the headline ones."
        ),
    ] = None,
    target_hours: o.TargetHours = None,
    business_hours: o.BusinessHours = None,
    holidays: o.Holidays = None,
    tz: Annotated[
        str | None,
        typer.Option(
            "--tz",
            help="Time zone of business hours and of resolution dates, e.g. Asia/Shanghai.",
            rich_help_panel=o.MEASURING,
        ),
    ] = None,
    audit: o.Audit = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="File to write: .csv (opens in Excel), .parquet, .jsonl or .xlsx. Default: print.",
        ),
    ] = None,
    confidence: o.Confidence = 0.95,
    min_n: o.MinN = 30,
) -> None:
    """Measure KPIs of labelled comments: a value, an interval and a denominator for each group."""
    from feedback_nlp.cli.printing import show_kpis
    from feedback_nlp.engines import files
    from feedback_nlp.engines.measuring import measured
    from feedback_nlp.errors import SchemaError
    from feedback_nlp.kpis import timed

    table = measured(
        labelled,
        audit=audit,
        kpis=timed(
            "all" if only == "all" else o.names(only) or None,
            target_hours=target_hours,
            business_hours=business_hours,
            holidays=holidays,
        ),
        every=every,
        tz=tz,
        by=o.names(by),
        confidence=confidence,
        min_n=min_n,
    )
    if not any(name.endswith("_n") for name in table.columns):
        raise SchemaError(
            f"{labelled.name} has no labels and no ratings to measure. Label it first: feedback-nlp annotate {labelled.name} -o labelled.parquet."
        )
    if business_hours:
        off = f", without holidays of {holidays}" if holidays else ""
        say(f"business hours: {business_hours}{off}, in {tz}", to=sys.stderr)
    if output is None:
        show_kpis(table, every=every, min_n=min_n)
        return
    files.write([table], output)
    say(f"KPIs: {output} ({len(table):,} groups)")
