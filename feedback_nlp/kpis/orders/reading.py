"""An orders export as one row an order: customer, time, day, amount."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.kpis.orders import columns as names
from feedback_nlp.kpis.orders import times
from feedback_nlp.text.privacy import hash_author

COLUMNS: tuple[records.Column, ...] = (
    records.Column("customer", pa.string(), "keyed hash of the customer"),
    records.Column("time", records.TIMESTAMP, "when it was ordered, UTC"),
    records.Column("day", pa.date32(), "local date of time"),
    records.Column("amount", pa.float64(), "what was paid, in the export's currency"),
)
_MONEY = re.compile(r"[^0-9.\-]")
_CANCELLED = re.compile(r"(?i)cancel|refund|closed|void|关闭|取消|退款|作废|未付款|未支付|unpaid")


@dataclass(frozen=True)
class Orders:
    """Orders, oldest first (`COLUMNS`), and the account of the export: rows = lines − left out; an order may have several lines."""

    frame: pd.DataFrame
    mapping: dict[str, str]
    rows: int
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def until(self) -> date | None:
        """The day of the last order; null where there are none."""
        return None if self.frame.empty else self.frame["day"].iloc[-1]


def read(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    author_key: bytes | None = None,
    tz: str = "Asia/Shanghai",
    day_first: bool = False,
) -> Orders:
    """Orders from an export; its columns are found by name, or as `columns` says (customer=…, time=…, amount=…).

    Customers become keyed hashes with `author_key`: the key the comments were read with, so that both join. Without a key they
    are taken as hashes already. Lines of one order are summed. Lines without a customer or a readable time or amount, refunds
    (amounts below 0) and cancelled orders are counted in `left_out`. Times without a zone are in `tz`.

    Raises:
        InputError: a needed column is not there.
        UnknownName: `columns` names a part or a column that is not there, or `tz` is no time zone.
    """
    mapping = names.find([str(name) for name in frame.columns], columns)
    zone = times.zone(tz)
    lines = pd.DataFrame(
        {
            "customer": _customers(frame[mapping["customer"]], author_key),
            "time": times.parse(frame[mapping["time"]], zone=zone, day_first=day_first).to_numpy(),
            "amount": _amounts(frame, mapping),
        }
    )
    lines["time"] = pd.to_datetime(lines["time"], utc=True)
    lines["order"] = _orders(frame, mapping)
    reasons = _left_out(lines, frame, mapping)
    kept = lines[reasons.isna().to_numpy()]
    whole = kept.groupby(["customer", "order"], sort=False, as_index=False).agg(
        {"time": "min", "amount": "sum"}
    )
    whole = whole.sort_values(["time", "customer"], kind="stable")
    whole["day"] = whole["time"].dt.tz_convert(zone).dt.date
    return Orders(
        records.conform(whole[[c.name for c in COLUMNS]], COLUMNS),
        mapping,
        len(frame),
        Counter(reasons.dropna()),
    )


def _customers(column: pd.Series, key: bytes | None) -> list[str | None]:
    said = [
        str(value).strip() if present else "" for value, present in zip(column, column.notna(), strict=True)
    ]
    said = [re.sub(r"(?<=\d)\.0$", "", name) for name in said]  # whole numbers that were read as 12345.0
    known = {name: name if key is None else hash_author(name, key=key) for name in set(said) if name}
    return [known.get(name) for name in said]


def _amounts(frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.Series:
    if "amount" in mapping:
        return _money(frame[mapping["amount"]])
    return _money(frame[mapping["quantity"]]) * _money(frame[mapping["unit_price"]])


def _money(column: pd.Series) -> pd.Series:
    """Numbers out of "¥1,299.00", "(30.00)" (below 0) and "88元"; NaN where there is none."""
    said = column.astype("string").str.strip()
    negative = said.str.startswith("(").fillna(False).to_numpy(dtype=bool)
    values = pd.to_numeric(said.str.replace(_MONEY, "", regex=True), errors="coerce").to_numpy(
        float, na_value=np.nan
    )
    return pd.Series(np.where(negative, -values, values))


def _orders(frame: pd.DataFrame, mapping: Mapping[str, str]) -> list[str]:
    """The order a line belongs to: its number, or the line itself."""
    if "order" not in mapping:
        return [f"line {i}" for i in range(len(frame))]
    column = frame[mapping["order"]]
    present = column.notna()
    return [str(v) if ok else f"line {i}" for i, (v, ok) in enumerate(zip(column, present, strict=True))]


def _left_out(lines: pd.DataFrame, frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.Series:
    """Why a line does not count, null where it does; the first reason that holds."""
    cancelled = np.zeros(len(frame), dtype=bool)
    if "status" in mapping:
        status = frame[mapping["status"]].astype("string")
        cancelled = status.str.contains(_CANCELLED).fillna(False).to_numpy(dtype=bool)
    tests = (
        ("no customer", lines["customer"].isna()),
        ("no readable time", lines["time"].isna()),
        ("no readable amount", lines["amount"].isna()),
        ("cancelled", cancelled),
        ("refund", lines["amount"] < 0),
    )
    reasons = pd.Series([None] * len(lines), dtype="object")
    for reason, holds in reversed(tests):
        reasons[np.asarray(holds, dtype=bool)] = reason
    return reasons
