"""Reading equal cells once: dumps repeat themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

C = TypeVar("C", bound=Hashable)
T = TypeVar("T")


def each(cells: Iterable[C | None], read: Callable[[C], T | None]) -> list[T | None]:
    """`read` of every cell, null of null; equal cells are read once."""
    known: dict[C, T | None] = {}
    found: list[T | None] = []
    for cell in cells:
        if cell is None:
            found.append(None)
            continue
        if cell not in known:
            known[cell] = read(cell)
        found.append(known[cell])
    return found
