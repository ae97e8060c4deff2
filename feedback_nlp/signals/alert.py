"""What an alert is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from feedback_nlp.signals.effects import Effect
from feedback_nlp.signals.phrases import Phrase
from feedback_nlp.signals.series import Group


@dataclass(frozen=True, slots=True)
class Alert:
    """A KPI of a group that left its expected range.

    `low`–`high` is where 95 % of such periods lie; `p` how likely a period as far out is by chance, `q` the share of
    false alerts expected among all alerts at least as surprising; `rule`: "point" (this period alone) or "drift"
    (the last few together); `baseline`: first and last period it was held against; `run`: first and last period of the run
    of alerts of this series, of which this is the most surprising (None: it stands alone). `drivers` are the groups that moved it
    most, `phrases` what the comments say more often than before, `examples` ids of comments to read first.
    """

    kpi: str
    group: Group
    period: dt.date
    observed: float
    n: int
    expected: float
    low: float
    high: float
    direction: str
    rule: str
    p: float
    q: float
    baseline: tuple[dt.date, dt.date]
    drivers: tuple[Effect, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    examples: tuple[str, ...] = ()
    run: tuple[dt.date, dt.date] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The alert as plain values, for JSON; it holds no comment's text."""
        return {
            "kpi": self.kpi,
            "group": dict(self.group),
            "period": self.period.isoformat(),
            "observed": self.observed,
            "n": self.n,
            "expected": self.expected,
            "low": self.low,
            "high": self.high,
            "direction": self.direction,
            "rule": self.rule,
            "p": self.p,
            "q": self.q,
            "baseline": [day.isoformat() for day in self.baseline],
            "run": [day.isoformat() for day in self.run or (self.period, self.period)],
            "drivers": [effect.to_dict() for effect in self.drivers],
            "phrases": [phrase.to_dict() for phrase in self.phrases],
            "examples": list(self.examples),
        }
