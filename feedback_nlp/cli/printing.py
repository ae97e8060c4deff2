"""What commands print: short tables on stdout, the account of rows on stderr (so that output can be piped)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from feedback_nlp.cli.terminal import cell, console_of, draw, say

if TYPE_CHECKING:
    from rich.table import Table

    from feedback_nlp.collectors import Check
    from feedback_nlp.collectors.platforms import Platform
    from feedback_nlp.ledger import Ledger
    from feedback_nlp.training.evaluate import Evaluation
    from feedback_nlp.training.tune import Tuning

MAIN_KPIS = ("complaint_rate", "sentiment_index", "csat", "negative_rate", "loyalty_index")
KPI_WIDTH = 24
"""Columns of the terminal that a KPI with its interval takes on one line."""


def show_ledger(ledger: Ledger) -> None:
    """Say, per source, how it was read and where its rows went."""
    for entry in ledger.sources.values():
        account = f"{entry.read:,} rows = {entry.counted:,} counted"
        account += "".join(f" + {n:,} {reason}" for reason, n in entry.set_aside.most_common())
        account += "".join(f" + {n:,} rejected ({reason})" for reason, n in entry.rejected.most_common())
        how = ", ".join(part for part in (entry.format, entry.encoding, entry.platform) if part)
        say(f"{entry.source} [{how}]: {account}", to=sys.stderr)
        for note in entry.notes:
            say(f"  note: {note}", to=sys.stderr)


def show_kpis(table: Any, *, every: str | None = None, min_n: int = 30, lang: str = "en") -> None:
    """Print a KPI table: turned when it is one row, with the main KPIs only when it is many."""
    from feedback_nlp.reports import tables

    grouped = table.columns[0] != "volume"
    fit = max(2, (console_of().width - 40) // KPI_WIDTH)
    few = _few(table)[:fit]
    drawn = (
        tables.kpi_table(table, lang=lang, every=every, min_n=min_n, kpis=few)
        if grouped
        else tables.kpi_list(table, lang=lang, min_n=min_n)
    )
    draw(drawn)


def _few(table: Any) -> list[str]:
    """The KPIs to show first: those with hours of one's own, then the main ones; any where there are none of these."""
    from feedback_nlp.kpis import KPIS

    there = [name for name in table.columns if f"{name}_n" in table.columns]
    own = [name for name in there if name not in KPIS]
    return [*own, *(name for name in MAIN_KPIS if name in there)] or there


def show_platforms(platforms: Mapping[str, Platform]) -> None:
    """Print the platforms that are known, a line each."""
    for platform in platforms.values():
        say(f"{platform.id:<14} {platform.channel:<8} {platform.names['en']} · {platform.names['zh']}")


def show_check(found: Check) -> None:
    """Print how a dump would be read: platform and why, the mapping, and its first rows, masked."""
    entry = found.entry
    say(f"{found.source}: {entry.format}, {entry.encoding or 'no text encoding'}")
    say(f"platform: {found.platform.id} (confidence {found.confidence:.2f}: {found.why})")
    for column, origin in found.mapping.items():
        filled = f"{found.filled[column]:7.1%}" if column in found.filled else " " * 7
        say(f"  {column:<16} {filled}  from {' + '.join(origin.headers)}  ({origin.how})")
    if found.unused:
        say(f"  not used: {', '.join(found.unused)}")
    for note in entry.notes:
        say(f"  note: {note}")
    draw(_rows_table(found))


def _rows_table(found: Check) -> Table:
    from rich.table import Table

    names = [name for name in ("row", "created_at", "rating", "set_aside", "text") if name in found.rows]
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, no_wrap=name != "text", overflow="ellipsis")
    for row in found.rows[names].itertuples(index=False):
        table.add_row(*("" if _missing(value) else cell(_short(value)) for value in row))
    return table


def _missing(value: Any) -> bool:
    """Whether a cell holds nothing."""
    import pandas as pd

    return bool(pd.isna(value))


def _short(value: Any) -> str:
    """A cell in one line of at most 120 characters; times to the second."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat(sep=" ", timespec="seconds"))
    text = " ".join(f"{value:g}".split() if isinstance(value, float) else str(value).split())
    return text if len(text) <= 120 else text[:119] + "…"


def show_frame(frame: Any) -> None:
    """Print a frame as a table, numbers short."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        table.add_column(cell(name), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*("" if _missing(value) else cell(_short(value)) for value in row))
    draw(table)


def show_queue(queue: Any) -> None:
    """Print the queue: how urgent, why, where to find it, and the comment, masked."""
    names = [
        name
        for name in ("priority", "why", "group_size", "source", "row", "id", "text")
        if name in queue.columns
    ]
    show_frame(
        queue[names].assign(priority=queue["priority"].round(0), source=queue["source"].map(_file_name))
    )


def show_evaluation(found: Evaluation) -> None:
    """Print the table of measures and the confusion of sentiments."""
    print(
        f"{found.model}{f' against {found.against}' if found.against else ''}: {found.rows:,} comments ({found.empty:,} without text)"
    )
    show_frame(found.table)
    if found.confusion is not None:
        say("\nsentiment: rows are the truth, columns what was given")
        show_frame(found.confusion.reset_index())


def show_tuning(done: Tuning) -> None:
    """Print before and after for each head, and what was not tried and why."""
    say(f"{done.base} tuned on {done.rows:,} comments ({done.empty:,} without text left out)")
    show_frame(done.table)
    for head, why in done.skipped.items():
        say(f"  not tried: {head}: {why}")


def _file_name(source: Any) -> str:
    return str(source).rsplit("/", 1)[-1]
