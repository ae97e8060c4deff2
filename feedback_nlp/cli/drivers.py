"""`feedback-nlp drivers`: why a KPI moved between two spans of days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o


def drivers(
    labelled: o.Labelled,
    before: Annotated[
        str, typer.Option(metavar="FROM..TO", help="First span of days, e.g. 2026-01-01..2026-03-31.")
    ],
    after: Annotated[str, typer.Option(metavar="FROM..TO", help="Second span of days.")],
    kpi: Annotated[str, typer.Option(help="KPI to explain.")] = "complaint_rate",
    by: o.By = None,
    phrases: Annotated[int, typer.Option(min=0, help="Rising words and phrases to show.")] = 10,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="JSON file to write.")] = None,
) -> None:
    """Split a KPI's change into who was heard from (mix) and what they said (rate), and show what is said more often."""
    from feedback_nlp.cli.signalling import rising_between, show_drivers, show_phrases, write_json
    from feedback_nlp.engines import files
    from feedback_nlp.signals import drivers as explain

    spans = {"before": o.span(before), "after": o.span(after)}
    found = explain(files.read(labelled), **spans, kpi=kpi, by=o.names(by) or None)
    risen = rising_between(labelled, **spans, top=phrases) if phrases else []
    show_drivers(found)
    show_phrases(risen)
    if output:
        write_json({**found.to_dict(), "phrases": [phrase.to_dict() for phrase in risen]}, output)
