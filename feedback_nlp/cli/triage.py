"""`feedback-nlp triage`: what to answer first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def triage(
    dumps: Annotated[
        list[str], typer.Argument(metavar="DUMP", help="Dumps, or a file that annotate or analyze wrote.")
    ],
    top: Annotated[int, typer.Option(min=1, help="Length of the queue.")] = 20,
    lang: Annotated[o.Words, typer.Option(help="Language of the reasons.")] = o.Words.en,
    journal: Annotated[
        Path | None,
        typer.Option(
            help="File that remembers what was taken, answered or dismissed; those leave the queue."
        ),
    ] = None,
    answered: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Note in the journal: answered. Repeatable.")
    ] = None,
    taken: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Note in the journal: taken. Repeatable.")
    ] = None,
    dismissed: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Note in the journal: dismissed. Repeatable.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write: .xlsx, .csv, .jsonl or .parquet.")
    ] = None,
    platform: o.Platform = None,
    columns: o.Map = None,
    encoding: o.Encoding = None,
    tz: o.Zone = None,
    year: o.Year = None,
    as_of: o.AsOf = None,
    model: o.Model = "feedback-zh-en",
    device: o.Device = "cpu",
) -> None:
    """Put the comments that cost most to ignore first, one entry for all that say the same, each with its reasons."""
    from feedback_nlp.cli.printing import show_queue
    from feedback_nlp.engines import files
    from feedback_nlp.engines.dump import labelled_frames
    from feedback_nlp.errors import UsageError
    from feedback_nlp.triage import Journal
    from feedback_nlp.triage import triage as rank

    marks = {"answered": answered, "taken": taken, "dismissed": dismissed}
    if journal is None and any(marks.values()):
        raise UsageError(
            "--answered, --taken and --dismissed are kept in a journal: name it with --journal FILE."
        )
    for state, ids in marks.items():
        if journal is not None and ids:
            Journal(journal).record(ids, state)
    reading = o.reading(platform=platform, columns=columns, encoding=encoding, tz=tz, year=year, as_of=as_of)
    queue = rank(
        labelled_frames(dumps, reading=reading, model=model, device=device),
        top=top,
        lang=lang.value,
        journal=journal,
    )
    if output is None:
        show_queue(queue)
        return
    files.write([queue], output)
    say(f"queue: {output} ({len(queue)} entries)")
