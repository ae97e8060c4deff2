"""KPIs of ten million labelled rows by week and brand: DuckDB on Parquet, beside plain pandas on the same file.

    python benchmarks/kpis.py [--rows 10000000] [--keep FOLDER]

Each side runs in a process of its own, so that its peak memory is its own. Plain pandas is written by hand below and
computes the same headline KPIs without intervals.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 500_000
SENTIMENTS = ("negative", "neutral", "positive", "mixed")
TOPICS = ("quality", "price", "delivery", "service")


def chunk(rows: int, seed: int) -> pa.Table:
    """`rows` synthetic labelled comments over two years and 20 brands."""
    rng = np.random.default_rng(seed)
    days = rng.integers(19_358, 19_358 + 730, rows).astype(np.int32)
    created = days.astype(np.int64) * 86_400_000_000 + rng.integers(0, 86_400, rows) * 1_000_000

    def null(share: float) -> np.ndarray:
        return rng.random(rows) < share

    columns = {
        "id": pa.array([f"{seed}-{i}" for i in range(rows)]),
        "set_aside": pa.array(rng.choice(["spam", "exact_duplicate"], rows), mask=~null(0.08)),
        "created_at": pa.array(created, pa.timestamp("us", tz="UTC")),
        "day": pa.array(days, pa.int32()).cast(pa.date32()),
        "brand": pa.array(np.char.add("brand ", rng.integers(0, 20, rows).astype(str))),
        "rating": pa.array(rng.integers(1, 6, rows).astype(float), mask=null(0.3)),
        "sentiment": pa.array(np.array(SENTIMENTS)[rng.choice(4, rows, p=[0.25, 0.15, 0.5, 0.1])]),
        "complaint": pa.array(rng.random(rows) < 0.22),
        "severity": pa.array(rng.integers(0, 4, rows), pa.int8()),
        "leaving": pa.array(rng.random(rows) < 0.05),
        "returning": pa.array(rng.random(rows) < 0.12),
        "feedback": pa.array(rng.random(rows) < 0.98),
    }
    for topic in TOPICS:
        columns[f"topic_{topic}"] = pa.array(rng.integers(-1, 2, rows), pa.int8(), mask=null(0.8))
    return pa.table(columns)


def write(path: Path, rows: int) -> None:
    """Write the synthetic file, a chunk at a time."""
    first = chunk(min(CHUNK, rows), 0)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for seed, done in enumerate(range(CHUNK, rows, CHUNK), start=1):
            writer.write_table(chunk(min(CHUNK, rows - done), seed))


def in_duckdb(path: Path) -> int:
    """The product's way."""
    from feedback_nlp.engines.store import measure_parquet

    return len(measure_parquet(path, every="week", by=["brand"]))


def in_duckdb_by_topic(path: Path) -> int:
    """The product's way, split by topic as well."""
    from feedback_nlp.engines.store import measure_parquet

    return len(measure_parquet(path, every="week", by=["brand", "topic"]))


def in_pandas(path: Path) -> int:
    """What one writes by hand: read the columns, mask, group."""
    import pandas as pd

    labels = ["sentiment", "complaint", "leaving", "returning", "rating"]
    frame = pd.read_parquet(path, columns=["set_aside", "feedback", "day", "brand", *labels])
    frame = frame[frame["set_aside"].isna() & frame["feedback"]]
    day = pd.to_datetime(frame["day"])
    frame = frame.assign(
        period=day - pd.to_timedelta(day.dt.dayofweek, unit="D"),
        positive=frame["sentiment"] == "positive",
        negative=frame["sentiment"] == "negative",
        rated=frame["rating"].notna(),
        satisfied=frame["rating"] >= 4,
        n=1,
    )
    names = ["n", "complaint", "positive", "negative", "returning", "leaving", "rating", "rated", "satisfied"]
    sums = frame.groupby(["period", "brand"])[names].sum()
    table = pd.DataFrame(
        {
            "volume": sums["n"],
            "complaint_rate": sums["complaint"] / sums["n"],
            "negative_rate": sums["negative"] / sums["n"],
            "sentiment_index": 100 * (sums["positive"] - sums["negative"]) / sums["n"],
            "reputation": sums["positive"] / (sums["positive"] + sums["negative"]),
            "loyalty_index": 100 * (sums["returning"] - sums["leaving"]) / sums["n"],
            "mean_rating": sums["rating"] / sums["rated"],
            "csat": sums["satisfied"] / sums["rated"],
        }
    )
    return len(table)


WAYS = {"duckdb": in_duckdb, "duckdb_by_topic": in_duckdb_by_topic, "pandas": in_pandas}


def one(way: str, path: Path) -> dict[str, float]:
    """Time and peak memory of one way, in this process."""
    start = time.perf_counter()
    groups = WAYS[way](path)
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "groups": groups,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_gb": round(used.ru_maxrss / 1024**2, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the synthetic file in")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (options.keep or Path(folder)) / f"labelled-{options.rows}.parquet"
        if options.way:
            print(json.dumps(one(options.way, path)))
            return
        if not path.exists():
            write(path, options.rows)
        results = {way: measured(way, path, options.rows) for way in WAYS}
    print(f"{options.rows:,} rows by week and brand")
    for way, result in results.items():
        print(
            f"  {way:16} {result['seconds']:7.2f} s  {result['cpu_seconds']:7.2f} s CPU  {result['peak_gb']:6.2f} GB  {result['groups']:,} groups"
        )
    product, plain = results["duckdb"], results["pandas"]
    print(f"  pandas / duckdb: time × {plain['seconds'] / product['seconds']:.1f}, ", end="")
    print(f"memory × {plain['peak_gb'] / product['peak_gb']:.1f}")


def measured(way: str, path: Path, rows: int) -> dict[str, float]:
    """One way in a fresh process."""
    command = [sys.executable, __file__, "--rows", str(rows), "--keep", str(path.parent), "--way", way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
