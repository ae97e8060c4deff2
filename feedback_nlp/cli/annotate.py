"""`feedback-nlp annotate`: a dump in, the same rows with labels out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def annotate(
    dumps: o.Dumps,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="File to write: .parquet, .csv (opens in Excel), .jsonl or .xlsx."
        ),
    ],
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
    """Label every comment of a dump: one output row for each row that can be read."""
    from feedback_nlp.cli.printing import show_ledger
    from feedback_nlp.cli.progress import progress_bar
    from feedback_nlp.engines.dump import annotate_dump

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
        ledger = annotate_dump(dumps, output, reading=reading, model=model, device=device, progress=progress)
    show_ledger(ledger)
    say(f"labelled comments: {output}")
