"""Fuzz the collectors: mutated files of every format must give rows or a FeedbackError, in time, and lose no row.

    python benchmarks/fuzz.py --n 2000 [--format csv] [--seed 1] [--keep DIR]

Prints one line a format: files, how many were read and refused, the slowest, and every failure. Ends with 1 where
there is one; `--keep` saves the files that failed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from feedback_nlp.collectors.formats import open_table
from feedback_nlp.collectors.sources import expand
from feedback_nlp.errors import FeedbackError
from feedback_nlp.ledger import Ledger

SECONDS = 5.0

_TEXTS = (
    "物流很快，包装完好", "等了三天才到，客服不理人", '店员说"没货"，很失望', "Great value, arrived early", "Broke after\ntwo days",
    "还行吧😀", "客服態度很差，不會再來", "It's OK; nothing special", "好评", "退款一直没有到账，投诉也没用",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of one file: `read`, `refused`, or what went wrong."""

    verdict: str
    seconds: float

    @property
    def failed(self) -> bool:
        return self.verdict not in ("read", "refused")


def records(count: int, rng: random.Random) -> list[dict[str, object]]:
    """Made-up comments with an id, a time and stars."""
    return [
        {
            "id": 1000 + number,
            "user": f"user{rng.randrange(99)}",
            "content": rng.choice(_TEXTS),
            "created": f"2024-0{1 + number % 9}-1{number % 10} 12:0{number % 10}:00",
            "stars": rng.randint(1, 5),
        }
        for number in range(count)
    ]


def _delimited(delimiter: str, encoding: str, rng: random.Random) -> bytes:
    rows = records(rng.randint(1, 60), rng)
    quoted = [[_quoted(value, delimiter) for value in row.values()] for row in rows]
    lines = [delimiter.join(rows[0]), *(delimiter.join(row) for row in quoted)]
    return "\r\n".join(lines).encode(encoding, "replace")


def _quoted(value: object, delimiter: str) -> str:
    text = str(value)
    if any(char in text for char in (delimiter, '"', "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _csv(rng: random.Random) -> bytes:
    encoding = rng.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"))
    return _delimited(rng.choice(",;"), encoding, rng)


def _tsv(rng: random.Random) -> bytes:
    return _delimited("\t", rng.choice(("utf-8", "utf-16-le", "gb18030")), rng)


def _json(rng: random.Random) -> bytes:
    rows = records(rng.randint(1, 60), rng)
    shapes: tuple[object, ...] = (
        rows,
        {"data": rows},
        {"code": 0, "data": {"list": rows}},
        {f"r{n}": row for n, row in enumerate(rows)},
    )
    return json.dumps(
        rng.choice(shapes), ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 1))
    ).encode()


def _jsonl(rng: random.Random) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in records(rng.randint(1, 60), rng)).encode()


def _parquet(rng: random.Random) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records(rng.randint(1, 60), rng)), sink, row_group_size=20)
    return sink.getvalue()


def _xlsx(rng: random.Random) -> bytes:
    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = records(rng.randint(1, 30), rng)
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(number, 0, row)
    return sink.getvalue()


def _xlsx_inside(rng: random.Random) -> bytes:
    """A whole zip around faulty sheets: what the zip's checksums would else keep from the reader."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_xlsx(rng))) as good, zipfile.ZipFile(sink, "w") as faulty:
        for name in good.namelist():
            data = good.read(name)
            wanted = name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
            faulty.writestr(name, _flip_one(data, rng) if wanted else data)
    return sink.getvalue()


def _xls(rng: random.Random) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("评论")
    rows = records(rng.randint(1, 30), rng)
    for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
        for place, value in enumerate(row):
            sheet.write(number, place, value)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _html(rng: random.Random) -> bytes:
    rows = records(rng.randint(1, 30), rng)
    body = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row.values())}</tr>" for row in rows)
    head = "".join(f"<th>{name}</th>" for name in rows[0])
    return f"<html><table><tr>{head}</tr>{body}</table></html>".encode(rng.choice(("utf-8", "gb18030")))


def _text(rng: random.Random) -> bytes:
    return "\n".join(str(row["content"]) for row in records(rng.randint(1, 60), rng)).encode()


def _gzip(rng: random.Random) -> bytes:
    import gzip

    return gzip.compress(_csv(rng))


def _zstd(rng: random.Random) -> bytes:
    import zstandard

    return zstandard.compress(_csv(rng))


def _zip(rng: random.Random) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("评论.csv", _csv(rng))
        archive.writestr("more/b.jsonl", _jsonl(rng))
    return sink.getvalue()


SAMPLES: dict[str, Callable[[random.Random], bytes]] = {
    "csv": _csv, "tsv": _tsv, "txt": _text, "json": _json, "jsonl": _jsonl, "xlsx": _xlsx, "xls": _xls,
    "inside.xlsx": _xlsx_inside, "parquet": _parquet, "html": _html, "csv.gz": _gzip, "csv.zst": _zstd, "zip": _zip,
}  # fmt: skip

_INSERTS = (b"\0", b'"', b"\n", b"\r", b",", b"\t", b";", b"{", b"}", b"[", b"]", b"\\", b"\xff", b"\xef\xbb\xbf", b"<td>", b"\0" * 40)  # fmt: skip


def mutate(data: bytes, rng: random.Random) -> bytes:
    """One to four faults: flipped bits, cuts, splices, inserted bytes, repeats, another encoding."""
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(_FAULTS)(data, rng)
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _flip_one(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(3)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def _behead(data: bytes, rng: random.Random) -> bytes:
    return data[rng.randint(0, min(len(data), 40)) :]


def _splice(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    place = rng.randint(0, len(data))
    return data[:place] + data[start:end] + data[place:]


def _drop(data: bytes, rng: random.Random) -> bytes:
    start = rng.randint(0, len(data))
    return data[:start] + data[start + rng.randint(1, 50) :]


def _insert(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        place = rng.randint(0, len(data))
        data = data[:place] + rng.choice(_INSERTS) + data[place:]
    return data


def _recode(data: bytes, rng: random.Random) -> bytes:
    place = rng.randint(0, len(data))
    tail = (
        data[place:]
        .decode("utf-8", "replace")
        .encode(rng.choice(("gb18030", "utf-16-le", "utf-8")), "replace")
    )
    return data[:place] + tail


def _noise(data: bytes, rng: random.Random) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + rng.randbytes(rng.randint(1, 60)) + data[place:]


_FAULTS = (_flip, _cut, _behead, _splice, _drop, _insert, _recode, _noise)


def attempt(path: Path) -> Outcome:
    """Read every table of a file and check the law: rows out and rejects are the rows read."""
    started = time.perf_counter()
    try:
        verdict = _read(path)
    except FeedbackError as error:
        verdict = "refused" if str(error).strip() else "refused without a message"
    except BaseException:
        verdict = traceback.format_exc()
    seconds = time.perf_counter() - started
    return Outcome(f"took {seconds:.1f} s" if seconds > SECONDS else verdict, seconds)


def _read(path: Path) -> str:
    for source in expand(path):
        ledger = Ledger()
        entry = ledger.entry(source.name)
        table = open_table(source, entry=entry, reject=partial(ledger.reject, source.name), chunk_rows=16)
        rows = sum(len(batch) for batch in table.batches)
        if rows + entry.rejected.total() != entry.read:
            return f"{rows} rows out, {entry.rejected.total()} rejected, {entry.read} read"
    return "read"


def fuzz(kind: str, count: int, *, seed: int = 1, folder: Path, keep: Path | None = None) -> list[Outcome]:
    """Outcomes of `count` mutated files of one format."""
    rng = random.Random(f"{kind}-{seed}")
    outcomes = []
    for number in range(count):
        path = folder / f"dump.{kind}"
        data = SAMPLES[kind](rng)
        path.write_bytes(data if kind.startswith("inside") else mutate(data, rng))
        outcomes.append(attempt(path))
        if outcomes[-1].failed and keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{number}.{kind}").write_bytes(path.read_bytes())
    return outcomes


def main() -> int:
    """Fuzz the formats asked for; 1 where one fails."""
    parser = argparse.ArgumentParser(description="Fuzz the collectors with mutated files.")
    parser.add_argument("--n", type=int, default=2000, help="files a format")
    parser.add_argument("--format", choices=sorted(SAMPLES), action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the files that failed")
    options = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.format or SAMPLES:
            outcomes = fuzz(kind, options.n, seed=options.seed, folder=Path(folder), keep=options.keep)
            failed = [outcome.verdict for outcome in outcomes if outcome.failed]
            read = sum(outcome.verdict == "read" for outcome in outcomes)
            slowest = max(outcome.seconds for outcome in outcomes)
            print(f"{kind:11} files {len(outcomes)}, read {read}, refused {len(outcomes) - read - len(failed)}, "
                  f"failed {len(failed)}, slowest {slowest:.2f} s")  # fmt: skip
            for verdict in failed[:5]:
                print("   ", verdict)
            failures += len(failed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
