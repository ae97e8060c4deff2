"""Peak memory and throughput of the whole job (`feedback-nlp analyze`) at 10,000 and 100,000 comments.

    python benchmarks/memory.py [--rows 10000 100000] [--json FILE]

The dump is made from the clauses of the sample dump, each comment different. Memory is flat when the ratio of the peaks is near 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "corpora"))
from make_samples import comment


def write_dump(path: Path, rows: int) -> None:
    """A CSV of `rows` different comments over a year, in both languages."""
    rng = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["评论编号", "评论时间", "评分", "评论内容", "品牌"])
        for number in range(rows):
            rating, text = comment(rng, "zh" if rng.random() < 0.7 else "en", late=False)
            day = f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02} 12:00"
            writer.writerow([number, day, rating, f"{text} {number}", rng.choice("ABC")])


def measure(rows: int) -> dict[str, float]:
    """Wall seconds, comments per second and peak memory (MB) of one run, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.csv"
        write_dump(dump, rows)
        command = [
            sys.executable,
            "-c",
            "from feedback_nlp.cli import main; main()",
            "analyze",
            str(dump),
            "-o",
            f"{folder}/out",
        ]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"analyze failed on {rows} rows")
    return {"rows": rows, "seconds": seconds, "per_second": rows / seconds, "peak_mb": usage.ru_maxrss / 1024}


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = [measure(rows) for rows in options.rows]
    print(f"{'comments':>10} {'seconds':>9} {'per second':>11} {'peak MB':>9}")
    for r in results:
        print(f"{r['rows']:>10,} {r['seconds']:>9.1f} {r['per_second']:>11,.0f} {r['peak_mb']:>9.0f}")
    print(f"peak memory, last against first: {results[-1]['peak_mb'] / results[0]['peak_mb']:.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
