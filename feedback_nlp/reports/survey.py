"""One look over the labelled rows: their span in time, the groups worth a table, the distributions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from feedback_nlp.records import topic_column

GROUP_COLUMNS = ("platform", "channel", "brand", "product", "region")
MOST_GROUPS = 30
DISTRIBUTIONS = ("sentiment", "rating")


@dataclass(slots=True)
class Survey:
    """What was seen. Only rows that count are looked at, so it agrees with the KPIs."""

    first: date | None = None
    last: date | None = None
    groups: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in GROUP_COLUMNS})
    distributions: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in DISTRIBUTIONS}
    )
    models: set[str] = field(default_factory=set)
    topics: bool = False

    @property
    def every(self) -> str | None:
        """The period that gives a readable number of points: at most about sixty; None where no row has a day."""
        if self.first is None or self.last is None:
            return None
        days = (self.last - self.first).days + 1
        return next(
            (every for every, most in (("day", 31), ("week", 420), ("month", 1_900)) if days <= most),
            "quarter",
        )

    @property
    def by(self) -> tuple[str, ...]:
        """The columns that split the comments into at least two and not too many groups."""
        return tuple(name for name, values in self.groups.items() if 2 <= len(values) <= MOST_GROUPS)


def survey(frames: Iterable[pd.DataFrame]) -> Survey:
    """Look over labelled frames once, in bounded memory."""
    seen = Survey()
    for frame in frames:
        _add(seen, frame[frame["set_aside"].isna()])
    return seen


def _add(seen: Survey, frame: pd.DataFrame) -> None:
    seen.topics |= any(name.startswith(topic_column("")) for name in frame.columns)
    days = frame["day"].dropna()
    if len(days):
        seen.first = min(days.min(), seen.first or date.max)
        seen.last = max(days.max(), seen.last or date.min)
    for name, values in seen.groups.items():
        if len(values) <= MOST_GROUPS:
            values.update(frame[name].dropna().unique())
    for name, counts in seen.distributions.items():
        counts.update({str(value): int(n) for value, n in frame[name].value_counts().items()})
    seen.models.update(frame["model"].dropna().unique())
