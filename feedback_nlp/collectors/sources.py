"""Inputs to sources: one source is one table of a dump, named so that every row can be found again."""

from __future__ import annotations

import atexit
import glob
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from feedback_nlp.collectors import archives
from feedback_nlp.errors import FormatError, InputError

STDIN = "-"
SHEET_MARK = "#"
MEMBER_MARK = "!"

WORKBOOK_SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"))
TEXT_SUFFIXES = frozenset(
    (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".js", ".htm", ".html")
)
TABLE_SUFFIXES = TEXT_SUFFIXES | WORKBOOK_SUFFIXES | {".parquet", ".pq"}
PACKED_SUFFIXES = frozenset((".gz", ".zst", ".zip"))
# What `analyze` leaves in its folder; two of these together tell that it did.
RESULT_NAMES = frozenset(
    ("labelled.parquet", "kpis.csv", "topics.csv", "report.html", "ledger.json", "rejects.jsonl", "queue.csv")
)
_SURE_RESULTS = ("labelled.parquet", "ledger.json")
WORK_SUFFIX = ".work"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one table comes from: a file, a member of a zip, a sheet of a workbook, or a frame.

    `name` goes into the ledger and the `source` column: `path`, `path!member`, `path#sheet`.
    """

    name: str
    path: Path | None = None
    member: str | None = None
    sheet: str | None = None
    frame: Any = None
    notes: tuple[str, ...] = ()

    def open(self) -> BinaryIO:
        """The bytes from the start, unpacked; may be called again.

        Raises:
            InputError: the file cannot be opened or unpacked.
        """
        if self.path is None:
            raise InputError(f"{self.name}: a frame has no bytes. Read it as a frame.")
        try:
            return archives.unpacked(self.path, member=self.member, name=self.name)
        except OSError as error:
            raise InputError(f"cannot open {self.name}: {error.strerror or error}.") from None

    @property
    def suffix(self) -> str:
        """The last suffix of the unpacked name in lower case, `.csv` for `a.CSV.gz`; empty where none."""
        parts = [part.lower() for part in Path(self.member or self.path or "").suffixes]
        while parts and parts[-1] in PACKED_SUFFIXES:
            parts.pop()
        return parts[-1] if parts else ""

    @property
    def size(self) -> int | None:
        """Bytes on disk, as packed; None for a frame."""
        return self.path.stat().st_size if self.path is not None else None


def expand(inputs: Any) -> list[Source]:
    """Every table in `inputs`: a path, folder, glob, `-`, frame, or a list of these, in the order given.

    A folder is read with its subfolders, in the order of names, hidden and non-table files left out, and what
    `analyze` wrote there. A zip gives
    one source a member, a workbook one a sheet (`book.xlsx#Sheet2` names one). Standard input is copied to a
    temporary file, so that it can be read twice.

    Raises:
        InputError: a path does not exist or holds nothing that can be read.
    """
    listed = list(inputs) if isinstance(inputs, (list, tuple, set)) else [inputs]
    if not listed:
        raise InputError("no input given. Name a file, a folder, a pattern such as 'dumps/*.csv', or - .")
    sources: list[Source] = []
    frames = 0
    for item in listed:
        if isinstance(item, (str, Path)):
            sources.extend(_named(str(item)))
        elif isinstance(item, Source):
            sources.append(item)
        else:
            frames += 1
            sources.append(_frame(item, frames))
    return _unique(sources)


def _frame(frame: Any, number: int) -> Source:
    if not hasattr(type(frame), "columns"):
        raise InputError(
            f"cannot read a {type(frame).__name__}. Give a path, or a pandas, Polars, PyArrow or DuckDB frame."
        )
    return Source("frame" if number == 1 else f"frame_{number}", frame=frame)


def _unique(sources: Iterable[Source]) -> list[Source]:
    return list({source.name: source for source in sources}.values())


def _named(text: str) -> list[Source]:
    if text == STDIN:
        return _standard_input()
    path = Path(text)
    if path.is_dir():
        return _folder(path)
    if path.exists():
        return _file(path)
    if glob.has_magic(text):
        return _pattern(text)
    head, mark, sheet = text.rpartition(SHEET_MARK)
    if mark and Path(head).is_file():
        return [Source(text, path=Path(head), sheet=sheet)]
    raise InputError(
        f"no such file or folder: {text!r}.{_nearby(path)} Check the path, or quote the pattern."
    )


def _nearby(path: Path) -> str:
    if not path.parent.is_dir():
        return f" The folder {str(path.parent)!r} does not exist either."
    names = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix in TABLE_SUFFIXES)[:5]
    return f" Beside it: {', '.join(names)}." if names else ""


def _pattern(text: str) -> list[Source]:
    paths = [Path(found) for found in sorted(glob.glob(text, recursive=True)) if Path(found).is_file()]
    if not paths:
        raise InputError(f"no file matches the pattern {text!r}. Check it, and quote it in the shell.")
    return [source for path in paths for source in _file(path)]


def _is_table(name: str) -> bool:
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    return bool(suffixes) and (suffixes[-1] in TABLE_SUFFIXES or suffixes[-1] in PACKED_SUFFIXES)


def _is_hidden(name: str) -> bool:
    return any(
        part.startswith((".", "~$", "__MACOSX")) for part in Path(name).parts if part not in (".", "..")
    )


def _is_result(path: Path, *, inside: Path) -> bool:
    """Whether an earlier `analyze` wrote a file, or keeps it while at work: results among dumps are no dumps."""
    if any(part.endswith(WORK_SUFFIX) for part in path.relative_to(inside).parts[:-1]):
        return True
    return path.name in RESULT_NAMES and all((path.parent / name).is_file() for name in _SURE_RESULTS)


def _folder(folder: Path) -> list[Source]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    wanted = [
        path
        for path in files
        if _is_table(path.name)
        and not _is_hidden(str(path.relative_to(folder)))
        and not _is_result(path, inside=folder)
    ]
    if not wanted:
        kinds = ", ".join(sorted({path.suffix or path.name for path in files})[:8]) or "nothing"
        allowed = ", ".join(sorted(TABLE_SUFFIXES | PACKED_SUFFIXES))
        raise InputError(f"no table in folder {str(folder)!r}: it holds {kinds}. Read are: {allowed}.")
    return [source for path in wanted for source in _file(path)]


def _file(path: Path) -> list[Source]:
    from feedback_nlp.collectors.formats import workbook

    name = str(path)
    try:
        kind = archives.kind_of(path)
    except OSError as error:
        raise InputError(f"cannot open {name}: {error.strerror or error}.") from None
    if kind == "zip":
        return _members(path)
    source = Source(name, path=path)
    return workbook.sheets(source) if kind == "workbook" else [source]


def _members(path: Path) -> list[Source]:
    names = [name for name in archives.members(path) if not _is_hidden(name)]
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FormatError(
            f"{path} is a Word or PowerPoint document, not a table. Export the dump as XLSX or CSV."
        )
    wanted = [name for name in names if _is_table(name)] or names
    if not wanted:
        raise InputError(f"{path} is a zip with no file in it. Pack the dump again.")
    return [Source(f"{path}{MEMBER_MARK}{name}", path=path, member=name) for name in wanted]


def _standard_input() -> list[Source]:
    spooled = tempfile.NamedTemporaryFile(prefix="feedback-", suffix=".stdin")  # noqa: SIM115
    atexit.register(spooled.close)
    while chunk := sys.stdin.buffer.read(1 << 20):
        spooled.write(chunk)
    spooled.flush()
    if spooled.tell() == 0:
        raise InputError("standard input is empty. Pipe a dump into it, or name a file.")
    path = Path(spooled.name)
    return [_renamed(source, str(path)) for source in _file(path)]


def _renamed(source: Source, path: str) -> Source:
    return Source(
        source.name.replace(path, "stdin"),
        path=source.path,
        member=source.member,
        sheet=source.sheet,
        notes=source.notes,
    )
