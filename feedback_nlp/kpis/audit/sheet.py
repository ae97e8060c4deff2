"""The audit sample as a file for a spreadsheet: written with empty label columns, read back with every value checked."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd

from feedback_nlp.errors import FormatError, InputError
from feedback_nlp.kpis.audit.answers import BY_COLUMN, QUESTIONS, implied, read_key

DESIGN = ("source", "row", "stratum", "stratum_size", "probability", "weight")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

INSTRUCTIONS = """\
Audit sample: {rows} comments, drawn by known probabilities. 审核样本：共 {rows} 条评论，按已知概率抽取。

Fill the label columns; the heading of each names what is allowed. Judge only what the text says.
填写标签列，列名中写有可用的值。只按评论文字判断。
{questions}
Work from the top and stop when you like: the order is random, so what is done is a proper sample.
从上往下填，可随时停下：顺序是随机的，已填部分仍是有效样本。
Leave what you cannot judge empty. Do not change source, row, stratum, stratum_size, and do not skip the hard ones.
无法判断的留空。不要改动 source、row、stratum、stratum_size 列，也不要跳过难的评论。
Save as CSV (or XLSX) and pass it on: 保存为 CSV（或 XLSX）后使用：feedback-nlp kpis LABELLED --audit {name}
"""


def write(sample: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a drawn sample as CSV (UTF-8 with BOM, for spreadsheets) and, beside it, instructions in both languages.

    Texts that a spreadsheet would run as a formula get a space in front. Label columns the frame has already
    (an audit read back) are written as their keys. Returns the path of the instructions.
    """
    target = Path(path)
    sheet = sample.drop(columns=[column for column in BY_COLUMN if column in sample.columns])
    sheet = sheet.assign(
        text=[f" {text}" if str(text).startswith(_FORMULA) else text for text in sheet["text"]],
        **{question.header: _keys(sample, question.column) for question in QUESTIONS},
    )
    part = target.with_name(target.name + ".part")
    sheet.to_csv(part, index=False, encoding="utf-8-sig")
    part.replace(target)
    notes = target.with_suffix(".txt")
    asked = "\n".join(f"  {question.ask}" for question in QUESTIONS)
    notes.write_text(
        INSTRUCTIONS.format(rows=len(sample), questions=asked, name=target.name), encoding="utf-8-sig"
    )
    return notes


def _keys(sample: pd.DataFrame, column: str) -> list[str]:
    if column not in sample.columns:
        return [""] * len(sample)
    names = {value: key for key, value in BY_COLUMN[column].keys.items()}
    return ["" if pd.isna(value) else names[value] for value in sample[column]]


def read(path: str | os.PathLike[str], *, unlabelled: bool = False) -> pd.DataFrame:
    """Read an audit back: its rows in order, with a column for each label, null where not filled in.

    With `unlabelled`, a sheet in which nothing is filled in yet is fine.
    Takes the CSV as written, as Excel saves it (GB18030, other delimiters), or XLSX. What is no complaint has severity 0.

    Raises:
        InputError: the file cannot be read, or nothing is filled in.
        FormatError: a column is missing or a value is not allowed; the message names the row.
    """
    target = Path(path)
    sheet = _table(target)
    sheet.columns = pd.Index([str(name).split("(")[0].strip() for name in sheet.columns])
    missing = [name for name in DESIGN if name not in sheet.columns]
    if missing:
        raise FormatError(
            f"{target.name} has no column {missing[0]!r}. An audit keeps the columns {', '.join(DESIGN)} as "
            "`feedback-nlp audit sample` wrote them."
        )
    if twice := [name for name in sheet.columns[sheet.columns.duplicated()] if name in (*DESIGN, *BY_COLUMN)]:
        raise FormatError(
            f"{target.name} has two columns {twice[0]!r}. Keep the one that `audit sample` wrote."
        )
    keys = {column: _checked(sheet, column, target.name) for column in BY_COLUMN if column in sheet.columns}
    if not unlabelled and not any(key for column in keys.values() for key in column):
        raise InputError(
            f"{target.name} has no labels yet. Fill the columns {', '.join(BY_COLUMN)} in a spreadsheet or with "
            f"`feedback-nlp audit label {target.name}`."
        )
    return _typed(sheet, target.name).assign(**_labels(keys, len(sheet)))


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".xlsx":
            return pd.read_excel(path, dtype=str, keep_default_na=False, engine="calamine")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the audit {path}: {error.strerror}. Check the path.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    return pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False)


def _checked(sheet: pd.DataFrame, column: str, name: str) -> list[str]:
    """The keys in a label column, "" where empty."""
    question = BY_COLUMN[column]
    keys = []
    for number, written in enumerate(sheet[column], start=1):
        key = read_key(question, written) if written.strip() else ""
        if key is None:
            raise FormatError(
                f"{name}, row {number} (source {sheet['source'][number - 1]!r}, row {sheet['row'][number - 1]}): "
                f"{column} is {written!r}. Allowed: {', '.join(question.keys)}, or empty."
            )
        keys.append(key)
    return keys


def _labels(keys: dict[str, list[str]], rows: int) -> dict[str, pd.Series]:
    """Label columns as values (object dtype, None where empty)."""
    filled: dict[str, list[object]] = {column: [] for column in BY_COLUMN}
    for i in range(rows):
        answers = {column: written[i] for column, written in keys.items() if written[i]}
        for column, question in BY_COLUMN.items():
            key = answers.get(column) or implied(column, answers)
            filled[column].append(question.keys[key] if key else None)
    return {column: pd.Series(values, dtype=object) for column, values in filled.items()}


def _typed(sheet: pd.DataFrame, name: str) -> pd.DataFrame:
    typed = sheet.copy()
    for column in DESIGN[1:]:
        numbers = pd.to_numeric(sheet[column], errors="coerce")
        if bool(numbers.isna().any()):
            bad = int(numbers.isna().to_numpy().argmax())
            raise FormatError(
                f"{name}, row {bad + 1}: {column} is {sheet[column][bad]!r}, not a number. Restore the column as "
                "`feedback-nlp audit sample` wrote it (the same seed gives the same sample)."
            )
        typed[column] = numbers
    return typed
