"""`feedback-nlp compare`: is the difference between two groups or two spans of days real?"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.errors import UsageError


class Adjust(str, Enum):
    """How p-values are corrected for many comparisons."""

    holm = "holm"
    bh = "bh"


def compare(
    labelled: o.Labelled,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[=A,B…]",
            help="Groups of a column, e.g. region=华东,华南, or the arms of an A/B test.",
        ),
    ] = None,
    before: Annotated[str | None, typer.Option(metavar="FROM..TO", help="First span of days.")] = None,
    after: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Second span of days.")] = None,
    only: Annotated[
        str, typer.Option("--kpis", metavar="IDS", help="KPIs to compare, with commas.")
    ] = "complaint_rate,sentiment_index",
    against: Annotated[
        str | None, typer.Option(help="Compare each group with this one only. Default: every pair.")
    ] = None,
    adjust: Annotated[
        Adjust, typer.Option(help="holm: no false call; bh: few false among the calls.")
    ] = Adjust.holm,
    audit: o.Audit = None,
    confidence: o.Confidence = 0.95,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="JSON file to write.")] = None,
) -> None:
    """Compare KPIs between groups or spans of days: difference, interval and p-value, corrected for many groups."""
    from feedback_nlp.cli.signalling import show_differences, write_json
    from feedback_nlp.engines import files
    from feedback_nlp.kpis import audit as audits
    from feedback_nlp.signals import compare as compare_groups
    from feedback_nlp.signals import compare_periods

    frames = files.read(labelled)
    shared: dict[str, Any] = {
        "kpis": o.names(only),
        "adjust": adjust.value,
        "confidence": confidence,
        "audit": None if audit is None else audits.read(audit),
    }
    if group and not (before or after):
        column, _, values = group.partition("=")
        found = compare_groups(frames, group=column, values=o.names(values), against=against, **shared)
    elif before and after and not group:
        found = compare_periods(frames, before=o.span(before), after=o.span(after), **shared)
    else:
        raise UsageError(
            "compare takes either --group COLUMN=A,B or both --before FROM..TO and --after FROM..TO."
        )
    show_differences(found)
    if output:
        write_json([difference.to_dict() for difference in found], output)
