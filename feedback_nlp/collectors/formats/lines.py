"""Physical lines of decoded text, bounded in length, that can be given back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

MAX_LINE = 8 << 20


class Lines:
    """Lines without their ends; one that reaches `MAX_LINE` characters is cut there and must be rejected.

    The line end is `\\n` (with or without `\\r` before it) where the first piece has one, else `\\r`.
    """

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self._end = ""
        self._waiting: deque[str] = deque()
        self._rest = ""
        self._skipping = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._waiting:
            if not self._fill():
                raise StopIteration
        return self._waiting.popleft()

    def push_back(self, lines: list[str]) -> None:
        """Give lines back: they come next, in this order."""
        self._waiting.extendleft(reversed(lines))

    def peek(self, count: int) -> list[str]:
        """The next `count` lines, or fewer at the end, without taking them."""
        while len(self._waiting) < count and self._fill():
            pass
        return [line for line, _ in zip(self._waiting, range(count), strict=False)]

    def _fill(self) -> bool:
        for block in self._blocks:
            if not self._end:
                self._end = "\n" if "\n" in block or "\r" not in block else "\r"
            if self._add(block):
                return True
        rest, self._rest = self._rest, ""
        if rest and not self._skipping:
            self._waiting.append(self._bare(rest))
            return True
        return False

    def _add(self, block: str) -> bool:
        if self._skipping:
            _, found, block = block.partition(self._end)
            if not found:
                return False
            self._skipping = False
        parts = block.split(self._end)
        parts[0] = self._rest + parts[0]
        self._rest = parts.pop()
        if len(self._rest) > MAX_LINE:
            parts.append(self._rest)
            self._rest, self._skipping = "", True
        self._waiting.extend(self._bare(part)[:MAX_LINE] for part in parts)
        return bool(parts)

    def _bare(self, line: str) -> str:
        return line[:-1] if line.endswith("\r") else line
