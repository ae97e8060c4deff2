"""`feedback-nlp alerts`: which KPIs left the range that chance explains."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o

FIRED = 3


def alerts(
    labelled: o.Labelled,
    every: Annotated[o.Every, typer.Option(help="Length of a period.")] = o.Every.week,
    by: o.By = None,
    only: Annotated[
        str | None, typer.Option("--kpis", metavar="IDS", help="KPIs to watch, with commas.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FROM..TO",
            help="Days that count as normal, e.g. 2026-01-01..2026-03-31. Default: all before a period.",
        ),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Judge only periods from this day on.")
    ] = None,
    fdr: Annotated[
        float, typer.Option(min=0.0001, max=0.5, help="Share of false alerts allowed among all alerts.")
    ] = 0.05,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="JSON file to write.")] = None,
    post: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="When something fires, send it there as JSON: numbers and ids, never a comment's text.",
        ),
    ] = None,
) -> None:
    """Find the KPIs that moved more than chance explains, over all series at once. Exit code 3 when something fires."""
    from feedback_nlp.cli.signalling import show_alerts, write_json
    from feedback_nlp.engines import files
    from feedback_nlp.signals import alerts as find
    from feedback_nlp.signals import webhook

    if post:
        webhook.check(post)
    found = find(
        files.read(labelled),
        kpis=o.names(only) or None,
        every=every.value,
        by=o.names(by),
        baseline=o.span(baseline),
        since=since.date() if since else None,
        fdr=fdr,
    )
    show_alerts(found)
    if output:
        write_json([alert.to_dict() for alert in found], output)
    if found and post:
        webhook.post(post, found)
    if found:
        raise typer.Exit(FIRED)
