"""Labelled frames to and from files: Parquet, CSV (with a BOM, for Excel), JSON Lines, Excel. One row at a time is
never enough to guess a type, so types come from the schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json

from feedback_nlp import records
from feedback_nlp.engines.drafts import draft
from feedback_nlp.engines.parquet import read_parquet, write_parquet
from feedback_nlp.errors import FormatError, InputError, UsageError

EXCEL_ROWS = 1_048_575  # a sheet's rows less its header
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write frames to one file, in the format its ending names, and give the number of rows.

    In CSV, a text that a spreadsheet would run as a formula gets a leading apostrophe.

    Raises:
        UsageError: the ending is not .parquet, .csv, .jsonl or .xlsx, or a sheet cannot hold that many rows.
    """
    check_ending(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return _WRITERS[path.suffix.lower()](frames, path)


def check_ending(path: Path) -> None:
    """Check that `write` knows the file's ending, before long work is done for it.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in _WRITERS:
        raise UsageError(f"cannot write {path.name!r}. Endings it can write: {', '.join(_WRITERS)}.")


def read(path: Path) -> Iterator[pd.DataFrame]:
    """Frames of a labelled file that `write` wrote; known columns get their declared types, others stay text.

    Raises:
        InputError: there is no such file.
        FormatError: it is not what its ending says.
        UsageError: the ending is unknown.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"cannot read labelled comments from {path.name!r}. Endings it reads: {', '.join(_READERS)}."
        )
    if not path.is_file():
        raise InputError(
            f"no file {str(path)!r}. Name a file that `feedback-nlp annotate` or `analyze` wrote."
        )
    return _guarded(reader(path), path)


def can_read(path: Path) -> bool:
    """Whether `read` knows the file's ending."""
    return path.suffix.lower() in _READERS


def _guarded(frames: Iterator[pd.DataFrame], path: Path) -> Iterator[pd.DataFrame]:
    try:
        yield from frames
    except (pa.ArrowException, ValueError, KeyError) as error:
        raise FormatError(
            f"{path.name!r} is not a readable {path.suffix} file ({type(error).__name__}). "
            "Write it again with `feedback-nlp annotate`."
        ) from None


def _write_csv(frames: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with draft(path) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as file:
        for frame in frames:
            _harmless(frame).to_csv(file, index=False, header=rows == 0, lineterminator="\r\n")
            rows += len(frame)
    return rows


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts and names of columns that a spreadsheet would run as formulas, disarmed."""
    text_like = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name].dtype)]
    texts = frame.assign(**{name: frame[name].map(_disarmed, na_action="ignore") for name in text_like})
    return texts.rename(columns=_disarmed)


def _disarmed(text: Any) -> Any:
    return f"'{text}" if str(text).startswith(_FORMULA_STARTS) else text


def _write_jsonl(frames: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with draft(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        for frame in frames:
            for record in pa.Table.from_pandas(frame, preserve_index=False).to_pylist():
                file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
            rows += len(frame)
    return rows


def _write_xlsx(frames: Iterable[pd.DataFrame], path: Path) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("comments")
    rows = 0
    for frame in frames:
        if rows == 0:
            sheet.append([_cell(sheet, str(name)) for name in frame.columns])
        rows += len(frame)
        if rows > EXCEL_ROWS:
            raise UsageError(
                f"an Excel sheet holds {EXCEL_ROWS:,} rows at most. Write .csv or .parquet instead."
            )
        for record in pa.Table.from_pandas(frame, preserve_index=False).to_pylist():
            sheet.append([_cell(sheet, value) for value in record.values()])
    with draft(path) as unfinished:
        book.save(unfinished)
    return rows


def _cell(sheet: Any, value: Any) -> Any:
    """A value as Excel can hold it: no zones, and text that stays text even when it begins with `=`."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
        cell.data_type = "s"
        return cell
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return value.replace(tzinfo=None)
    return value


def _declared_types(names: Iterable[str]) -> dict[str, pa.DataType]:
    declared = {column.name: column.type for column in (*records.INPUT_COLUMNS, *records.label_columns(()))}
    return {name: _type_of(name, declared) for name in names}


def _type_of(name: str, declared: dict[str, pa.DataType]) -> pa.DataType:
    if name in declared:
        return declared[name]
    return pa.int8() if name.startswith(records.topic_column("")) else pa.string()


def _read_csv(path: Path) -> Iterator[pd.DataFrame]:
    names = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns
    options = pa_csv.ConvertOptions(
        column_types=_declared_types(names), strings_can_be_null=True, null_values=[""]
    )
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    for batch in pa_csv.open_csv(path, convert_options=options, parse_options=parse):
        yield pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)


def _read_jsonl(path: Path) -> Iterator[pd.DataFrame]:
    with path.open(encoding="utf-8") as file:
        names = list(json.loads(file.readline() or "{}"))
    declared = pa.schema(list(_declared_types(names).items()))
    # Arrow's JSON reader knows neither zones nor dates: read those as text, then convert
    as_text = pa.schema([(f.name, pa.string() if pa.types.is_temporal(f.type) else f.type) for f in declared])
    for batch in pa_json.open_json(path, parse_options=pa_json.ParseOptions(explicit_schema=as_text)):
        frame = pa.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
        yield _typed(frame, declared)


def _typed(frame: pd.DataFrame, declared: pa.Schema) -> pd.DataFrame:
    for field in declared:
        if pa.types.is_temporal(field.type):
            times = pd.to_datetime(frame[field.name].astype("object"), utc=True, format="ISO8601")
            values = times.dt.date if pa.types.is_date(field.type) else times
            frame = frame.assign(**{field.name: records.column_of(values.array, field.type, name=field.name)})
    return frame


def _read_xlsx(path: Path) -> Iterator[pd.DataFrame]:
    frame = pd.read_excel(path, engine="calamine", dtype="object")
    declared = pa.schema(list(_declared_types(map(str, frame.columns)).items()))
    times = [field.name for field in declared if pa.types.is_temporal(field.type)]
    texts = frame.assign(**{name: frame[name].map(str, na_action="ignore") for name in times})
    plain = pa.schema([(f.name, f.type) for f in declared if f.name not in times])
    typed = {f.name: records.column_of(frame[f.name].array, f.type, name=f.name) for f in plain}
    yield _typed(texts.assign(**typed), declared)


_WRITERS: dict[str, Callable[[Iterable[pd.DataFrame], Path], int]] = {
    ".parquet": write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".xlsx": _write_xlsx,
}
_READERS: dict[str, Callable[[Path], Iterator[pd.DataFrame]]] = {
    ".parquet": read_parquet,
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".xlsx": _read_xlsx,
}
