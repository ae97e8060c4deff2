"""The ledger: for every source, what was read, what counts, what was set aside and rejected, and why.

Two hands keep it. A collector writes how many data rows it saw and which it rejected; `tally`, at the end of the
stream, writes where each row that came out ended up. So `balanced` compares two independent counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Reject:
    """A piece of a dump that cannot be read as a row. `row` is the data row's number from 1, null where unknown."""

    source: str
    row: int | None
    reason: str


@dataclass(slots=True)
class SourceEntry:
    """The account of one source. Counts are rows, except `repairs` and `notes`, which say how it was read."""

    source: str
    format: str = ""
    encoding: str = ""
    platform: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    read: int = 0
    counted: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether every row that was read is counted, set aside or rejected, and none twice."""
        return self.read == self.counted + self.set_aside.total() + self.rejected.total()

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain values, for JSON."""
        return {
            "source": self.source,
            "format": self.format,
            "encoding": self.encoding,
            "platform": self.platform,
            "mapping": dict(self.mapping),
            "rows": self.read,
            "counted": self.counted,
            "set_aside": dict(sorted(self.set_aside.items())),
            "rejected": dict(sorted(self.rejected.items())),
            "repairs": dict(sorted(self.repairs.items())),
            "notes": list(self.notes),
            "balanced": self.balanced,
        }


@dataclass(slots=True)
class Ledger:
    """The accounts of all sources, and the rejects themselves."""

    sources: dict[str, SourceEntry] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def entry(self, source: str) -> SourceEntry:
        """The account of `source`, opened if new."""
        return self.sources.setdefault(source, SourceEntry(source))

    def reject(self, source: str, *, row: int | None, reason: str) -> None:
        """Note that a row of `source` could not be read, and why. The row must also be in the source's `read`."""
        self.entry(source).rejected[reason] += 1
        self.rejects.append(Reject(source, row, reason))

    def count(self, frame: pd.DataFrame) -> None:
        """Add where the rows of a frame ended up: counted, or set aside for a reason."""
        for source, reason in zip(frame["source"], frame["set_aside"], strict=True):
            entry = self.entry(source)
            if pd.isna(reason):
                entry.counted += 1
            else:
                entry.set_aside[reason] += 1

    @property
    def balanced(self) -> bool:
        """Whether every source balances."""
        return all(entry.balanced for entry in self.sources.values())

    def to_dict(self) -> dict[str, Any]:
        """The ledger as plain values, for JSON: totals, then one entry a source."""
        entries = list(self.sources.values())
        set_aside: Counter[str] = sum((entry.set_aside for entry in entries), Counter())
        rejected: Counter[str] = sum((entry.rejected for entry in entries), Counter())
        return {
            "rows": sum(entry.read for entry in entries),
            "counted": sum(entry.counted for entry in entries),
            "set_aside": dict(sorted(set_aside.items())),
            "rejected": dict(sorted(rejected.items())),
            "balanced": self.balanced,
            "sources": [entry.to_dict() for entry in entries],
        }


def tally(frames: Iterable[pd.DataFrame], ledger: Ledger) -> Iterator[pd.DataFrame]:
    """Pass frames through, counting into `ledger` where each row ended up."""
    for frame in frames:
        ledger.count(frame)
        yield frame
