"""A progress bar on stderr for long work: rate and time left; silent where stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from feedback_nlp.engines.label import Progress, silent


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A callback that shows how far each stage of the work is."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total, rate="")
            task = bar.tasks[[t.id for t in bar.tasks].index(tasks[stage])]  # type: ignore[arg-type]
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            bar.update(tasks[stage], completed=done, total=total, rate=rate)  # type: ignore[arg-type]

        yield show
