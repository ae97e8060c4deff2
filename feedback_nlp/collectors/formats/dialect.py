"""The dialect of delimited text, found on its first lines: delimiter, escapes, wrapping."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SAMPLE_LINES = 300
SAMPLE_CHARS = 1 << 18
_FULL_WIDTH = "，"
DELIMITERS = (",", "\t", ";", "|", "\x01", _FULL_WIDTH)
# A character that no text holds, so that the whole line is one cell.
NONE = "\x1f"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart. `wrapped`: each line is one cell that holds a line of comma-separated ones."""

    delimiter: str
    backslash: bool = False
    space_after: bool = False
    wrapped: bool = False

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """A reader that stops at the first quoting fault."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            strict=True,
            doublequote=not self.backslash,
            escapechar="\\" if self.backslash else None,
            skipinitialspace=self.space_after,
        )


def sniff(lines: Sequence[str], *, delimiter: str | None = None, favoured: str = ",") -> Dialect:
    """The dialect under which the lines fall into rows of one width; `NONE` as delimiter where there is none."""
    sample = _sample(lines)
    if delimiter is None:
        scored = [(_score(sample, candidate, favoured), candidate) for candidate in DELIMITERS]
        score, delimiter = max(scored, key=lambda pair: pair[0])
        if score < 0.4:
            delimiter = NONE
    return Dialect(
        delimiter,
        backslash=_has_backslashes(sample, delimiter),
        space_after=_has_spaces(sample, delimiter),
        wrapped=delimiter == ";" and _is_wrapped(sample),
    )


def _sample(lines: Sequence[str]) -> list[str]:
    sample: list[str] = []
    room = SAMPLE_CHARS
    for line in lines:
        if not line.strip():
            continue
        if len(line) > room:
            break
        sample.append(line.replace("\0", ""))
        room -= len(line)
    return sample or [line[:SAMPLE_CHARS].replace("\0", "") for line in lines[:1]]


def rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The lines as rows, read leniently."""
    read: list[list[str]] = []
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    # The reader goes on behind a fault.
    while not _drain(reader, read):
        pass
    return read


def _drain(reader: Iterator[list[str]], read: list[list[str]]) -> bool:
    try:
        read.extend(reader)
    except csv.Error:
        return False
    return True


def _score(lines: Sequence[str], delimiter: str, favoured: str) -> float:
    """Share of rows of the commonest width, or of the first row's; 0 where that is one column."""
    if not any(delimiter in line for line in lines):
        return 0.0
    if delimiter == _FULL_WIDTH and delimiter not in lines[0]:
        return 0.0  # a comma of Chinese sentences, which headers do not hold
    # A quote left open would swallow the sample: read line by line as well and take the better.
    whole = _agreement([len(row) for row in rows(lines, delimiter) if row])
    single = _agreement([len(row[0]) for line in lines if (row := rows([line], delimiter))])
    return max(whole, single) + (0.02 if delimiter == favoured else 0.0)


def _agreement(widths: list[int]) -> float:
    if not widths:
        return 0.0
    width, times = Counter(widths).most_common(1)[0]
    # Wide rows agree by chance less often than narrow ones.
    common = times / len(widths) * (1 - 0.3 / width) if width > 1 else 0.0
    first = sum(found == widths[0] for found in widths) / len(widths) if widths[0] > 2 else 0.0
    near = sum(abs(found - widths[0]) <= 1 for found in widths) / len(widths) if widths[0] > 4 else 0.0
    return max(common, 0.9 * first, 0.8 * near)


def _has_backslashes(lines: Sequence[str], delimiter: str) -> bool:
    r"""Whether quotes inside cells are written `\"` and never `""`."""
    text = "\n".join(lines)
    escaped = text.count('\\"') - text.count(f'\\"{delimiter}') - text.count('\\"\n')
    doubled = text.count('""') - text.count(f'{delimiter}""{delimiter}')
    return escaped > 0 and escaped > doubled


def _has_spaces(lines: Sequence[str], delimiter: str) -> bool:
    text = "\n".join(lines)
    return text.count(f'{delimiter} "') > text.count(f'{delimiter}"')


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether only the first cell of each line is filled, and a comma tells its parts apart."""
    tails = [line.rstrip(";") for line in lines]
    bare = sum(line.endswith(";") for line in lines)
    if bare < 0.6 * len(lines):
        return False
    return _agreement([len(row) for row in rows([unwrapped(tail) for tail in tails], ",") if row]) > 0.4


def unwrapped(line: str) -> str:
    """The line inside a wrapped one: quotes around it and doubled inside it are taken off."""
    line = line.rstrip(";")
    if len(line) > 1 and line.startswith('"') and line.endswith('"'):
        return line[1:-1].replace('""', '"')
    return line
