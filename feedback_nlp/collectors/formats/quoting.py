"""Broken quoting: cells of a line whose quotes do not pair, and where the row really ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

QUOTE = '"'
MAX_LINES = 64

# Whether cells look like a row of the table.
Fits = Callable[[Sequence[str | None]], bool]


def cells_of(text: str, delimiter: str) -> list[str]:
    """Cells of a faulty record: a quote opens only at the start of a cell and closes only before a delimiter or an end."""
    return _walk(text, delimiter)[0]


def alone(line: str, delimiter: str) -> list[str]:
    """The cells of a line that could be a row by itself, empty where a quote stays open in it."""
    cells, closed = _walk(line, delimiter)
    return cells if closed else []


def split(lines: Sequence[str], delimiter: str, fits: Fits, width: int) -> int:
    """How many of the lines, taken together because of a quote left open, belong to the first row."""
    for count in range(1, len(lines)):
        if fits(alone(lines[count], delimiter)):
            return count
    for count in range(1, min(len(lines), MAX_LINES) + 1):
        cells = alone("\n".join(lines[:count]), delimiter)
        if cells and len(cells) >= width:
            return count
    return 1


def _walk(text: str, delimiter: str) -> tuple[list[str], bool]:
    """The cells, and whether the last quote that opened one is closed."""
    cells: list[str] = []
    place, size = 0, len(text)
    while place <= size:
        if not text.startswith(QUOTE, place):
            end = text.find(delimiter, place)
            end = size if end < 0 else end
            cells.append(text[place:end])
            place = end + 1
            continue
        end, after = _closing(text, place + 1, delimiter)
        cells.append(text[place + 1 : end].replace(QUOTE + QUOTE, QUOTE))
        if after < 0:
            return cells, False
        place = after
    return cells, True


def _closing(text: str, start: int, delimiter: str) -> tuple[int, int]:
    """Place of the quote that closes the cell begun at `start`, and of the next cell; −1 for that where none closes."""
    place = start
    while (place := text.find(QUOTE, place)) >= 0:
        after = place + 1
        while text.startswith(" ", after):
            after += 1
        ends = after >= len(text) or text.startswith((delimiter, "\n"), after)
        # Of a run of quotes, pairs are escapes; the last one may close.
        if text.startswith(QUOTE, place + 1):
            run = place
            while text.startswith(QUOTE, run):
                run += 1
            place = run - 1 if (run - place) % 2 else run
            continue
        if ends:
            return place, after + 1
        place += 1
    return len(text), -1
