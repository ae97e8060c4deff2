"""Loyalty from a file of orders, and from labelled comments beside it, as one call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.collectors.formats import open_table
from feedback_nlp.collectors.sources import expand
from feedback_nlp.engines import files
from feedback_nlp.kpis import orders as loyalty_of
from feedback_nlp.ledger import Ledger


def loyalty(
    orders: Path,
    *,
    feedback: Path | None = None,
    author_key: bytes | None = None,
    columns: Mapping[str, str] | None = None,
    tz: str = "Asia/Shanghai",
    every: str = "month",
    within_days: int = 90,
    **clv: Any,
) -> dict[str, pd.DataFrame]:
    """Tables by name: loyalty (a row a KPI), retention (a row a period), rfm (a row a customer), segments (customers in
    each), and with `feedback` returns (do complainers come back). Orders are read whole.

    `author_key` is the key the comments were read with, so that customers join; `clv`: horizon, margin, discount.

    Raises:
        InputError: a file cannot be read, or a needed column is not there.
    """
    read = loyalty_of.read(_table(orders), columns=columns, author_key=author_key, tz=tz)
    segments = loyalty_of.rfm(read)
    tables = {
        "loyalty": loyalty_of.measure(read, every=every, **clv),
        "retention": loyalty_of.retention(read, every=every),
        "rfm": segments,
        "segments": segments["segment"]
        .value_counts(sort=True)
        .rename_axis("segment")
        .reset_index(name="customers"),
    }
    if feedback is not None:
        joined = loyalty_of.join_feedback(read, files.read(feedback), within_days=within_days)
        tables["returns"] = joined.table
    return tables


def _table(path: Path) -> pd.DataFrame:
    ledger = Ledger()
    frames = [
        batch
        for source in expand([str(path)])
        for batch in open_table(source, entry=ledger.entry(source.name), reject=lambda **_: None).batches
    ]
    return pd.concat(frames, ignore_index=True).drop(columns="__row__") if frames else pd.DataFrame()
