"""The change of a rate split over groups: who was heard from (mix) and what they said (rate), adding up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Parts = Mapping[str | None, tuple[float, float]]
"""Group → (value, n); n may be a fraction."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one group did to a KPI: `mix` because its part of the comments changed, `rate` because its own value did.

    `share_*`: its part of the comments, 0–1; `value_*`: its own KPI, None where it had no comments.
    """

    by: str
    group: str | None
    share_before: float
    share_after: float
    value_before: float | None
    value_after: float | None
    mix: float
    rate: float

    @property
    def total(self) -> float:
        """Both effects together."""
        return self.mix + self.rate

    def to_dict(self) -> dict[str, Any]:
        """The effect as plain values, for JSON."""
        names = ("by", "group", "share_before", "share_after", "value_before", "value_after", "mix", "rate")
        return {**{name: getattr(self, name) for name in names}, "total": self.total}


def split(before: Parts, after: Parts, *, by: str) -> list[Effect]:
    """The effects of each group, largest first.

    With w a group's share, v its value, and V the mean of the overall values of both periods:
    mix = (w₁ − w₀)((v₀ + v₁)/2 − V), rate = (w₀ + w₁)/2 × (v₁ − v₀); a group that is in one period only has v₀ = v₁
    and is all mix. Their sum over groups is the change, exactly (Kitagawa, JASA 50 (1955), centred).
    """
    n = [sum(size for _, size in side.values()) for side in (before, after)]
    centre = (_mean(before, n[0]) + _mean(after, n[1])) / 2
    effects = []
    for group in dict.fromkeys([*before, *after]):
        (v0, n0), (v1, n1) = before.get(group, (0.0, 0.0)), after.get(group, (0.0, 0.0))
        if n0 + n1 <= 0:
            continue
        was, now = v0 if n0 > 0 else v1, v1 if n1 > 0 else v0
        w0, w1 = n0 / n[0], n1 / n[1]
        mix = (w1 - w0) * ((was + now) / 2 - centre)
        rate = (w0 + w1) / 2 * (now - was)
        effects.append(Effect(by, group, w0, w1, v0 if n0 > 0 else None, v1 if n1 > 0 else None, mix, rate))
    return sorted(effects, key=lambda each: -abs(each.total))


def _mean(side: Parts, n: float) -> float:
    return sum(value * size for value, size in side.values() if size > 0) / n
