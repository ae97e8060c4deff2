"""Orders and comments together: do customers who complained come back, and does an answer help?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.errors import UsageError
from feedback_nlp.kpis.base import Floats
from feedback_nlp.kpis.intervals import ratio, wilson
from feedback_nlp.kpis.orders.customers import Ints
from feedback_nlp.kpis.orders.reading import Orders

_TOPIC = records.topic_column("")
_DAY = 86_400_000_000  # microseconds
_NEEDED = ("author", "created_at", "complaint")


@dataclass(frozen=True)
class Joined:
    """Who came back (`table`), and what the comments' join left out, in rows: no author or time, or an author with no orders."""

    table: pd.DataFrame
    matched: int
    without_author: int
    without_orders: int


def join_feedback(
    orders: Orders,
    labelled: pd.DataFrame | Iterable[pd.DataFrame],
    *,
    within_days: int = 90,
    until: date | None = None,
    confidence: float = 0.95,
) -> Joined:
    """Whether customers ordered again within `within_days` after they wrote, by what they wrote.

    `table`, one row a group: `group` (no_complaint, complaint), `topic` (null: any), `answered` (null: either), `customers`,
    `came_back`, `rate` with `rate_low`, `rate_high` (Wilson), `difference` to no_complaint with `difference_low`, `difference_high`
    (Newcombe's hybrid), `too_recent`. A customer counts once in a group, from their first comment in it; one who never complained
    counts from the first comment. `too_recent` are customers whose time was not over by `until` (default: the day of the last
    order): they are in no rate. A topic's groups hold the complaints that speak ill of it. Those who complain may differ from those who
    do not in other ways: the difference is no proof of a cause.

    Raises:
        SchemaError: a frame lacks author, created_at or complaint.
        UsageError: `within_days` is below 1.
    """
    if within_days < 1:
        raise UsageError(f"within_days is {within_days}; it must be 1 or more.")
    frames = [labelled] if isinstance(labelled, pd.DataFrame) else labelled
    known = set(orders.frame["customer"].astype("object"))
    said, without_author, without_orders = _comments(frames, known)
    last = until or orders.until
    end = (np.datetime64(last or date(1970, 1, 1), "D").astype(np.int64) + 1) * _DAY
    rows = [{**key, **_came_back(anchors, orders, within_days, int(end))} for key, anchors in _groups(said)]
    return Joined(_table(rows, confidence), len(said), without_author, without_orders)


def _comments(frames: Iterable[pd.DataFrame], known: set[str]) -> tuple[pd.DataFrame, int, int]:
    """Comments of customers with orders: author, created_at, complaint, answered, and a bool a topic spoken ill of."""
    kept, without_author, without_orders = [], 0, 0
    for frame in frames:
        records.require(frame, _NEEDED, purpose="join_feedback")
        counting = frame if "set_aside" not in frame.columns else frame[frame["set_aside"].isna()]
        usable = counting[
            counting["author"].notna() & counting["created_at"].notna() & counting["complaint"].notna()
        ]
        ours = usable[usable["author"].isin(known).to_numpy(dtype=bool)]
        without_author += len(counting) - len(usable)
        without_orders += len(usable) - len(ours)
        if len(ours):
            kept.append(_slim(ours))
    said = pd.concat(kept, ignore_index=True) if kept else _slim(records.empty())
    topics = [name for name in said.columns if name.startswith(_TOPIC)]
    said[topics] = said[topics].astype("boolean").fillna(False).astype(bool)
    return said.sort_values("written", kind="stable"), without_author, without_orders


def _slim(frame: pd.DataFrame) -> pd.DataFrame:
    replied = (
        frame["replied_at"].notna() if "replied_at" in frame.columns else pd.Series(False, index=frame.index)
    )
    data = {
        "author": frame["author"].astype("object").to_numpy(),
        "written": _micros(frame["created_at"]),
        "complaint": frame["complaint"].astype(bool).to_numpy()
        if "complaint" in frame.columns
        else np.zeros(len(frame), bool),
        "answered": replied.to_numpy(dtype=bool),
    }
    topics = {
        name: frame[name].eq(-1).fillna(False).to_numpy(dtype=bool)
        for name in frame.columns
        if name.startswith(_TOPIC)
    }
    return pd.DataFrame({**data, **topics})


def _groups(said: pd.DataFrame) -> Iterator[tuple[dict[str, object], pd.DataFrame]]:
    """Each group's key, and the first comment of each of its customers."""
    complained = said[said["complaint"]]
    content = said[~said["author"].isin(set(complained["author"]))]
    nobody: dict[str, object] = {"group": "no_complaint", "topic": None, "answered": None}
    yield nobody, _first(content)
    for topic in [None, *(name for name in said.columns if name.startswith(_TOPIC))]:
        about = complained if topic is None else complained[complained[topic]]
        if topic is not None and about.empty:
            continue
        name = None if topic is None else topic.removeprefix(_TOPIC)
        yield {"group": "complaint", "topic": name, "answered": None}, _first(about)
        for answered in (True, False):
            key: dict[str, object] = {"group": "complaint", "topic": name, "answered": answered}
            yield key, _first(about[about["answered"] == answered])


def _first(comments: pd.DataFrame) -> pd.DataFrame:
    return comments.drop_duplicates("author")[["author", "written"]]


def _came_back(anchors: pd.DataFrame, orders: Orders, within_days: int, end: int) -> dict[str, int]:
    window = within_days * _DAY
    settled = anchors[(anchors["written"] + window <= end).to_numpy(dtype=bool)]
    bought = pd.DataFrame(
        {
            "author": orders.frame["customer"].astype("object").to_numpy(),
            "time": _micros(orders.frame["time"]),
        }
    )
    both = settled.merge(bought, on="author")
    after = (both["time"] - both["written"]).to_numpy(dtype=np.int64)
    again = (after > 0) & (after <= window)
    return {
        "customers": len(settled),
        "came_back": int(both.loc[again, "author"].nunique()),
        "too_recent": len(anchors) - len(settled),
    }


def _micros(times: pd.Series) -> Ints:
    """Times as microseconds since 1970, UTC."""
    stamps = pd.to_datetime(times, utc=True).astype("datetime64[us, UTC]")
    return np.asarray(stamps.astype("int64"), dtype=np.int64)


def _table(rows: list[dict[str, object]], confidence: float) -> pd.DataFrame:
    back = np.array([row["came_back"] for row in rows], dtype=np.float64)
    of = np.array([row["customers"] for row in rows], dtype=np.float64)
    rate = ratio(back, of)
    low, high = wilson(back, of, confidence=confidence)
    difference = rate - rate[0]
    below, above = newcombe(rate, low, high, base=(rate[0], low[0], high[0]))
    for values in (difference, below, above):
        values[0] = np.nan  # the group the others are compared with
    numbers = {
        "rate": rate, "rate_low": low, "rate_high": high,
        "difference": difference, "difference_low": below, "difference_high": above,
    }  # fmt: skip
    keys = {
        "group": pa.string(),
        "topic": pa.string(),
        "answered": pa.bool_(),
        "customers": pa.int64(),
        "came_back": pa.int64(),
    }
    table = {
        name: records.column_of([row[name] for row in rows], kind, name=name) for name, kind in keys.items()
    }
    table |= {name: records.column_of(values, pa.float64(), name=name) for name, values in numbers.items()}
    table["too_recent"] = records.column_of(
        [row["too_recent"] for row in rows], pa.int64(), name="too_recent"
    )
    return pd.DataFrame(table)


def newcombe(
    rate: Floats, low: Floats, high: Floats, *, base: tuple[float, float, float]
) -> tuple[Floats, Floats]:
    """Interval of rate − base rate from the Wilson limits of both.

    Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
    """
    base_rate, base_low, base_high = base
    difference = rate - base_rate
    down = np.sqrt((rate - low) ** 2 + (base_high - base_rate) ** 2)
    up = np.sqrt((high - rate) ** 2 + (base_rate - base_low) ** 2)
    return difference - down, difference + up
