"""Ragged rows: rows longer or shorter than the header, made to fit without losing a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from feedback_nlp.collectors.formats import header
from feedback_nlp.collectors.formats.base import Fault


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of the columns, and per column the shares of sampled cells that are empty, values, short or long
    text, and their mean length in characters.
    """

    names: tuple[str, ...]
    kinds: tuple[dict[str, float], ...]

    def likeness(self, cells: Sequence[str | None]) -> float:
        """How much cells look like those of their columns in the sample: 0 to the number of columns."""
        return sum(kinds[_kind(cell or "")] for kinds, cell in zip(self.kinds, cells, strict=False))

    def room(self, place: int) -> float:
        """How likely a column holds free text, which a stray delimiter splits: by its length beside the longest."""
        longest = max(kinds["length"] for kinds in self.kinds) or 1.0
        return 0.5 * self.kinds[place]["length"] / longest

    def fits(self, cells: Sequence[str | None]) -> bool:
        """Whether cells are as many as the columns, and nearly all of a kind seen in their column."""
        width = len(self.names)
        if len(cells) != width:
            return False
        seen = sum(kinds[_kind(cell or "")] >= 0.05 for kinds, cell in zip(self.kinds, cells, strict=True))
        return seen >= 0.9 * width


def layout(found: header.Header, rows: Sequence[Sequence[str | None]]) -> Layout:
    """The columns of a table, from its header and its first rows."""
    width = len(found.names)
    fitting = [row for row in rows if len(row) == width] or list(rows)
    kinds = (_profile([row[place] or "" for row in fitting if place < len(row)]) for place in range(width))
    return Layout(found.names, tuple(kinds))


def fit(
    rows: Iterable[Sequence[str | None] | Fault], layout: Layout, delimiter: str, repairs: Counter[str]
) -> Iterator[Sequence[str | None] | Fault]:
    """Every row as wide as the layout: empty cells beyond it cut, others folded in, short rows put where they fit."""
    width = len(layout.names)
    for row in rows:
        if isinstance(row, Fault) or len(row) == width:
            yield row
        elif len(row) < width:
            repairs["short_rows"] += 1
            yield stretched(row, layout, repairs)
        elif not any(row[width:]):
            repairs["empty_cells_beyond_header"] += 1
            yield row[:width]
        else:
            repairs["long_rows_folded"] += 1
            yield folded(row, layout, delimiter)


def folded(row: Sequence[str | None], layout: Layout, delimiter: str) -> list[str | None]:
    """A row too long, its extra cells joined where the others then look most like their columns.

    An unquoted delimiter in a comment splits it, so the run joined is most often in the column of longest text.
    """
    width = len(layout.names)
    while len(row) > width and not row[-1]:
        row = row[:-1]
    run = len(row) - width + 1
    # A row of thousands of cells too many is one cell run wild: not every place is worth a try.
    places = range(width) if width * width < 40_000 else (width - 1,)
    joined = (
        (place, [*row[:place], _joined(row[place : place + run], delimiter), *row[place + run :]])
        for place in places
    )
    return max(joined, key=lambda pair: (layout.likeness(pair[1]) + layout.room(pair[0]), pair[0]))[1]


def stretched(row: Sequence[str | None], layout: Layout, repairs: Counter[str]) -> list[str | None]:
    """A row too short, its gap where the cells then look clearly more like their columns, else at the end."""
    width = len(layout.names)
    gap: list[str | None] = [None] * (width - len(row))
    plain = [*row, *gap]
    if width * width > 40_000 or not any(row):
        return plain
    tries = [[*row[:place], *gap, *row[place:]] for place in range(len(row))]
    tries += [[*gap[:left], *row, *gap[left:]] for left in range(1, len(gap))]
    best = max(tries, key=layout.likeness)
    if layout.likeness(best) < layout.likeness(plain) + 0.9:
        return plain
    repairs["short_rows_moved"] += 1
    return best


def _joined(cells: Sequence[str | None], delimiter: str) -> str:
    return delimiter.join(cell or "" for cell in cells)


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
    shares = {kind: kinds[kind] / total for kind in ("empty", "value", "short", "long")}
    return {**shares, "length": sum(map(len, cells)) / total}
