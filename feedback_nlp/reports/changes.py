"""Whether two values with intervals differ by more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

from feedback_nlp.reports.rows import Value


@dataclass(frozen=True, slots=True)
class Change:
    """The difference after − before with its interval, at the level of the intervals it was made from."""

    difference: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def change(before: Value, after: Value) -> Change | None:
    """The change between two independent values; None where a value or an end of an interval is missing.

    MOVER (Zou & Donner 2008, Statistics in Medicine 27:1693), for shares with Wilson intervals Newcombe's method 10.
    """
    if before.value is None or before.low is None or before.high is None:
        return None
    if after.value is None or after.low is None or after.high is None:
        return None
    difference = after.value - before.value
    down = math.hypot(after.value - after.low, before.high - before.value)
    up = math.hypot(after.high - after.value, before.value - before.low)
    return Change(difference, difference - down, difference + up)
