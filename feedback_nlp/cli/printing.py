"""What commands print: short tables on stdout, the account of rows on stderr (so that output can be piped)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedback_nlp.collectors import Check, Platform
    from feedback_nlp.ledger import Ledger

FEW_COLUMNS = ("complaint_rate", "negative_rate", "sentiment_index", "loyalty_index", "csat")


def show_ledger(ledger: Ledger) -> None:
    """Say, per source, how it was read and where its rows went."""
    for entry in ledger.sources.values():
        account = f"{entry.read:,} rows = {entry.counted:,} counted"
        account += "".join(f" + {n:,} {reason}" for reason, n in entry.set_aside.most_common())
        account += "".join(f" + {n:,} rejected ({reason})" for reason, n in entry.rejected.most_common())
        how = ", ".join(part for part in (entry.format, entry.encoding, entry.platform) if part)
        print(f"{entry.source} [{how}]: {account}", file=sys.stderr)
        for note in entry.notes:
            print(f"  note: {note}", file=sys.stderr)


def show_kpis(table: Any, *, every: str | None = None, min_n: int = 30, lang: str = "en") -> None:
    """Print a KPI table: turned when it is one row, with the main KPIs only when it is many."""
    from rich.console import Console

    from feedback_nlp.reports import tables

    grouped = table.columns[0] != "volume"
    few = [name for name in FEW_COLUMNS if name in table.columns]
    drawn = (
        tables.kpi_table(table, lang=lang, every=every, min_n=min_n, kpis=few)
        if grouped
        else tables.kpi_list(table, lang=lang, min_n=min_n)
    )
    Console(soft_wrap=not sys.stdout.isatty()).print(drawn)


def show_platforms(platforms: Mapping[str, Platform]) -> None:
    """Print the platforms that are known, a line each."""
    for platform in platforms.values():
        print(f"{platform.id:<16} {platform.channel:<8} {platform.name_en} · {platform.name_zh}")


def show_check(found: Check) -> None:
    """Print how a dump would be read: its mapping, and its first rows."""
    print(found)
