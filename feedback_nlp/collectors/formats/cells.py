"""Values of typed formats to the text of a cell: one form for every type."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Scalar = str | int | float | bool | Decimal | dt.date | dt.time | dt.timedelta | bytes | None


def text_of(value: Any) -> str | None:
    """A value as text: times in ISO 8601, numbers in their shortest form, bools true/false, lists of scalars joined by ", ", other nested values as JSON; None and NaN are None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return None if value != value else value.isoformat()  # noqa: PLR0124 - pandas' NaT is not itself
    return _rarer(value)


def number(value: float) -> str | None:
    """Shortest text that reads back as `value`, without `.0`; an integer too large to be exact keeps its exponent."""
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(value).replace("e+", "E+")


def _rarer(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=text_of)
    if isinstance(value, Sequence) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else list(value)
        return joined(items) if isinstance(items, list) else text_of(items)
    text = str(value)
    return None if text in ("NaT", "<NA>", "nan") else text


def joined(items: list[Any]) -> str | None:
    """A list as the text of a cell; an empty list is None."""
    if not items:
        return None
    if any(isinstance(item, (Mapping, list, tuple)) for item in items):
        return json.dumps(items, ensure_ascii=False, default=text_of)
    return ", ".join(text for item in items if (text := text_of(item)) is not None)


def flat(record: Mapping[Any, Any], prefix: str = "") -> dict[str, str | None]:
    """A nested record as one level, names joined by dots (`style.Size`), values as text."""
    cells: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and value and not _is_collection(value):
            cells.update(flat(value, f"{prefix}{name}."))
        elif isinstance(value, Mapping) and not value:
            cells[f"{prefix}{name}"] = None
        else:
            cells[f"{prefix}{name}"] = text_of(value)
    return cells


def _is_collection(record: Mapping[Any, Any]) -> bool:
    """Whether a nested object is a list of records under names ({"review0": {…}, "review1": {…}}), not a record."""
    return len(record) > 1 and all(isinstance(value, Mapping) for value in record.values())
