"""The figures of docs/findings.md, from the exports: KPIs by year, and the weeks that the page reads.

    python benchmarks/findings.py --data ../shared/data/exports --work runs/findings

Labels each export once into --work (delete it after a change of the model), then prints the page's tables in Markdown.
Columns marked with a star are of the ratings alone and do not depend on the model.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from feedback_nlp.annotate import annotate
from feedback_nlp.collectors import read
from feedback_nlp.kpis import measure
from feedback_nlp.signals import Alert, alerts

EXPORTS = {
    "appstore_qimai_小米商城": "xlsx",
    "appstore_qimai_美居": "xlsx",
    "trustpilot_aspca": "csv",
    "trustpilot_fetch": "csv",
}
WEEKS = {
    "appstore_qimai_小米商城": ("2017-02-27", "2017-12-18", "2018-04-23"),
    "appstore_qimai_美居": (
        "2018-04-09",
        "2018-05-14",
        "2018-08-27",
        "2018-12-17",
        "2019-05-06",
        "2019-06-17",
    ),
    "trustpilot_fetch": ("2023-01-02", "2023-08-14", "2023-11-27"),
}
"""Mondays of the weeks that the page reads against their comments."""

KPIS = ["mean_rating", "csat", "complaint_rate", "sentiment_index"]
WATCHED = ["volume", *KPIS]


def labelled(data: Path, name: str, work: Path) -> pd.DataFrame:
    """An export with its labels."""
    path = work / f"{name}.parquet"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        frames = annotate(read([data / f"{name}.{EXPORTS[name]}"]))
        pd.concat(list(frames), ignore_index=True).to_parquet(path)
    return pd.read_parquet(path, dtype_backend="pyarrow")


def years(rows: pd.DataFrame, name: str) -> None:
    """A line a year."""
    year = pd.to_datetime(rows["day"]).dt.year.astype("int64[pyarrow]")
    for row in measure(rows.assign(year=year), kpis=WATCHED, by=["year"]).sort_values("year").itertuples():
        print(f"| {name} | {row.year} | {row.volume:,} | {row.mean_rating:.2f} | {row.csat:.0%} | {row.complaint_rate:.0%} | {row.sentiment_index:+.0f} |")  # fmt: skip


def weeks(rows: pd.DataFrame, name: str) -> None:
    """A line a week that the page reads: its values, and the alerts that fired in it or whose run holds it."""
    table = measure(rows, kpis=WATCHED, every="week").set_index("period")
    fired = alerts(rows, kpis=WATCHED, explained=0)
    for monday in map(dt.date.fromisoformat, WEEKS.get(name, ())):
        row, told = table.loc[monday], ", ".join(_told(fired, monday)) or "–"
        print(f"| {name} | {monday} | {row['volume']:,} | {row['mean_rating']:.2f} | {row['complaint_rate']:.0%} | {row['sentiment_index']:+.0f} | {told} |")  # fmt: skip
    print(f"| {name} | all | {table['volume'].sum():,} | | | | {len(fired)} |")


def _told(fired: Sequence[Alert], week: dt.date) -> Iterator[str]:
    for alert in fired:
        first, last = alert.run or (alert.period, alert.period)
        if first <= week <= last:
            yield f"{alert.kpi} {'↑' if alert.direction == 'up' else '↓'}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs/findings"))
    options = parser.parse_args()
    held = {name: labelled(options.data, name, options.work) for name in EXPORTS}
    print("| dump | year | comments* | mean stars* | CSAT* | complaint rate | sentiment index |\n|---|---|---:|---:|---:|---:|---:|")  # fmt: skip
    for name, rows in held.items():
        years(rows, name)
    print("\n| dump | week of | comments* | mean stars* | complaint rate | sentiment index | alerts |\n|---|---|---:|---:|---:|---:|---|")  # fmt: skip
    for name, rows in held.items():
        weeks(rows, name)


if __name__ == "__main__":
    main()
