"""`feedback-nlp analyze`: a dump in; labelled comments, KPIs and a report out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def analyze(
    dumps: o.Dumps,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the results.")
    ] = Path("feedback"),
    every: o.EveryOption = None,
    by: o.By = None,
    lang: Annotated[
        o.Words, typer.Option(help="Language of the report.", rich_help_panel=o.MEASURING)
    ] = o.Words.en,
    confidence: o.Confidence = 0.95,
    min_n: o.MinN = 30,
    target_hours: o.TargetHours = None,
    business_hours: o.BusinessHours = None,
    holidays: o.Holidays = None,
    audit: o.Audit = None,
    platform: o.Platform = None,
    columns: o.Map = None,
    encoding: o.Encoding = None,
    tz: o.Zone = None,
    year: o.Year = None,
    as_of: o.AsOf = None,
    keep: o.Keep = None,
    keep_personal_data: o.KeepPersonal = False,
    author_key: o.AuthorKey = None,
    model: o.Model = "feedback-zh-en",
    device: o.Device = "cpu",
) -> None:
    """Label every comment, measure the KPIs over time and by group, and write a report.

    Writes to DIR: labelled.parquet, kpis.csv, topics.csv, report.html, ledger.json and rejects.jsonl.
    """
    from feedback_nlp.cli.printing import show_kpis, show_ledger
    from feedback_nlp.cli.progress import progress_bar
    from feedback_nlp.reports.analyze import analyze as run

    reading = o.reading(
        platform=platform,
        columns=columns,
        encoding=encoding,
        tz=tz,
        year=year,
        as_of=as_of,
        keep=keep,
        keep_personal_data=keep_personal_data,
        author_key=author_key,
    )
    with progress_bar() as progress:
        done = run(
            dumps,
            out=output,
            every=every.value if every else None,
            by=o.names(by) or None,
            lang=lang.value,
            confidence=confidence,
            min_n=min_n,
            audit=audit,
            service={
                "target_hours": target_hours,
                "business_hours": business_hours,
                "holidays": holidays,
            },
            reading=reading,
            model=model,
            device=device,
            progress=progress,
        )
    show_ledger(done.ledger)
    show_kpis(done.analysis.overall, lang=lang.value)
    say(f"report: {output / 'report.html'}")
