"""Ragged rows: rows longer or shorter than the header, made to fit without losing a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedback_nlp.collectors.formats import header
from feedback_nlp.collectors.formats.base import Fault


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of the columns, and per column the share of sampled cells that are empty, numbers, long."""

    names: tuple[str, ...]
    kinds: tuple[dict[str, float], ...]


def layout(found: header.Header, rows: Sequence[Sequence[str | None]]) -> Layout:
    """The columns of a table, from its header and its first rows; a header one name short of all rows is widened."""
    names = found.names
    widths = [len(row) for row in rows if row]
    filled = [row for row in rows if len(row) == len(names) + 1]
    if found.index is not None and widths and len(filled) >= 0.9 * len(widths):
        if sum(bool(row[-1]) for row in filled) > 0.3 * len(filled):
            names = _widened(names, filled)
    fitting = [row for row in rows if len(row) == len(names)] or list(rows)
    kinds = tuple(
        _profile([row[place] or "" for row in fitting if place < len(row)]) for place in range(len(names))
    )
    return Layout(names, kinds)


def _widened(names: tuple[str, ...], rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """One more name: in front where the first column counts rows, as pandas writes its index, else at the end."""
    firsts = [row[0] or "" for row in rows]
    counts = all(text.isdigit() for text in firsts) and len(set(firsts)) == len(firsts)
    wider = ["column_1", *names] if counts else [*names, None]
    return header.unique(wider, len(names) + 1)[0]


def fit(
    rows: Iterable[Sequence[str] | Fault], layout: Layout, delimiter: str, repairs: Counter[str]
) -> Iterator[Sequence[str | None] | Fault]:
    """Every row as wide as the layout: empty cells beyond it cut, others folded in, short rows counted."""
    width = len(layout.names)
    for row in rows:
        if isinstance(row, Fault) or len(row) == width:
            yield row
        elif len(row) < width:
            repairs["short_rows"] += 1
            yield row
        elif not any(row[width:]):
            repairs["empty_cells_beyond_header"] += 1
            yield row[:width]
        else:
            repairs["long_rows_folded"] += 1
            yield fold(row, layout, delimiter)


def fold(row: Sequence[str], layout: Layout, delimiter: str) -> list[str]:
    """A row too long, its extra cells joined where the others then look most like their columns.

    An unquoted delimiter in a comment splits it, so the run joined is most often in the column of longest text.
    """
    width = len(layout.names)
    while len(row) > width and not row[-1]:
        row = row[:-1]
    extra = len(row) - width
    if extra <= 0:
        return list(row)
    best = max(range(width), key=lambda place: (_likeness(row, place, extra, layout), place))
    return [*row[:best], delimiter.join(row[best : best + extra + 1]), *row[best + extra + 1 :]]


def _likeness(row: Sequence[str], place: int, extra: int, layout: Layout) -> float:
    """How well the cells left and right of the joined run fit their columns."""
    score = 0.5 * layout.kinds[place]["long"]
    for column in range(len(layout.names)):
        if column != place:
            cell = row[column] if column < place else row[column + extra]
            score += layout.kinds[column][_kind(cell)]
    return score


def _kind(cell: str) -> str:
    text = cell.strip()
    if not text:
        return "empty"
    if header.is_value(text):
        return "value"
    return "long" if len(text) > 20 else "short"


def _profile(cells: Sequence[str]) -> dict[str, float]:
    kinds = Counter(_kind(cell) for cell in cells)
    total = max(1, len(cells))
    return {kind: kinds[kind] / total for kind in ("empty", "value", "short", "long")}
