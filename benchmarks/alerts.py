"""How often alerts cry wolf, and how soon they see a rise by half, beside a plain rule of three sigmas.

    python benchmarks/alerts.py [--runs 200] [--json FILE]

Each world is simulated: `series` groups over two years of weeks whose complaint rate stays as it was, but for one group in
which it rises 1.5-fold in week 80. Both rules see the same series. The first 52 weeks are history.
Three sigmas: |rate − mean of the first 52 weeks| > 3 √(p(1 − p)/n), week by week. The product's rule runs every
week as `alerts --since` would, with false discoveries held over the groups of that week.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from feedback_nlp.signals.chart import Judgement, judge
from feedback_nlp.signals.discoveries import benjamini_hochberg
from feedback_nlp.signals.find import FDR, RARE
from feedback_nlp.signals.series import Series

Floats = npt.NDArray[np.float64]

WEEKS, HISTORY, GUARDED, TURN = 104, 52, 56, 80
PERIODS = tuple(dt.date(2023, 1, 2) + dt.timedelta(weeks=week) for week in range(WEEKS))


@dataclass(frozen=True, slots=True)
class World:
    """`n` comments a week and group on average, complaint rate, number of groups, and how the rate wanders by itself.

    clumps: correlation of complaints within a week (beta-binomial). tide: yearly swing of the log-odds.
    """

    name: str
    n: int
    rate: float
    series: int
    clumps: float = 0.0
    tide: float = 0.0


WORLDS = (
    World("steady, 100 a week, 10 groups", 100, 0.10, 10),
    World("steady, 1,000 a week, 10 groups", 1000, 0.05, 10),
    World("few: 30 a week, 10 groups", 30, 0.15, 10),
    World("clumps: 1,000 a week, 10 groups", 1000, 0.10, 10, clumps=0.003),
    World("clumps: 10,000 a week, 10 groups", 10_000, 0.10, 10, clumps=0.002),
    World("many: 100 a week, 60 groups", 100, 0.10, 60),
    World("tide: 500 a week, 10 groups", 500, 0.10, 10, clumps=0.001, tide=0.15),
)


def simulate(world: World, rng: np.random.Generator) -> list[Series]:
    """The groups' series; the first is the one that rises."""
    found = []
    for place in range(world.series):
        phase = rng.uniform(0, 2 * np.pi)
        odds = np.log(world.rate / (1 - world.rate)) + world.tide * np.sin(
            2 * np.pi * np.arange(WEEKS) / 52 + phase
        )
        rate = 1 / (1 + np.exp(-odds))
        if place == 0:
            rate[TURN:] = np.minimum(rate[TURN:] * 1.5, 1.0)
        if world.clumps:
            size = 1 / world.clumps - 1
            rate = rng.beta(rate * size, (1 - rate) * size)
        n = rng.poisson(world.n, WEEKS).astype(float)
        value = np.divide(rng.binomial(n.astype(int), rate), n, out=np.full(WEEKS, np.nan), where=n > 0)
        found.append(Series("complaint_rate", (("group", str(place)),), "share", PERIODS, value, n, np.full(WEEKS, np.nan)))  # fmt: skip
    return found


def called(series: list[Series]) -> npt.NDArray[np.int8]:
    """The product's alerts, (series, weeks): +1 up, −1 down, 0 none."""
    out = np.zeros((len(series), WEEKS), dtype=np.int8)
    grid: list[list[Judgement | None]] = [[None] * WEEKS for _ in series]
    for place, each in enumerate(series):
        for found in judge(each, baseline=None, history=HISTORY, daily=False, min_n=10):
            grid[place][PERIODS.index(found.period)] = found
    for week in range(GUARDED, WEEKS):
        column = [row[week] for row in grid]
        p = np.array([np.nan if found is None else found.p for found in column])
        q = benjamini_hochberg(p)
        for place, found in enumerate(column):
            if found is not None and q[place] <= FDR and found.p <= RARE:
                out[place, week] = 1 if found.direction == "up" else -1
    return out


def three_sigmas(series: list[Series]) -> npt.NDArray[np.int8]:
    """The plain rule's alerts, (series, weeks)."""
    out = np.zeros((len(series), WEEKS), dtype=np.int8)
    for place, each in enumerate(series):
        rate = each.total[:HISTORY].sum() / each.n[:HISTORY].sum()
        z = (np.nan_to_num(each.value) - rate) / np.sqrt(rate * (1 - rate) / np.maximum(each.n, 1))
        out[place, GUARDED:] = (np.sign(z) * ((np.abs(z) > 3) & (each.n > 0)))[GUARDED:]
    return out


def figures(world: World, *, runs: int) -> dict[str, dict[str, float]]:
    """For each rule: false alerts per 100 series-weeks, and the weeks until the rise is seen."""
    counts = {name: {"false": 0, "weeks": 0} for name in ("alerts", "three_sigmas")}
    delays: dict[str, list[int]] = {name: [] for name in counts}
    for run in range(runs):
        series = simulate(world, np.random.default_rng([run, world.n, world.series]))
        for name, rule in (("alerts", called), ("three_sigmas", three_sigmas)):
            fired = rule(series)
            quiet = np.ones((len(series), WEEKS), dtype=np.bool_)
            quiet[:, :GUARDED] = quiet[0, TURN:] = False
            counts[name]["false"] += int((fired[quiet] != 0).sum())
            counts[name]["weeks"] += int(quiet.sum())
            seen = np.flatnonzero(fired[0, TURN:] > 0)
            delays[name].append(int(seen[0]) + 1 if len(seen) else WEEKS - TURN + 1)
    return {
        name: {
            "false_per_100": 100 * counts[name]["false"] / counts[name]["weeks"],
            "delay_median": float(np.median(delays[name])),
            "delay_mean": float(np.mean(delays[name])),
            "unseen": float(np.mean(np.array(delays[name]) > WEEKS - TURN)),
        }
        for name in counts
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(f"{options.runs} runs a world. False alerts per 100 series-weeks; weeks until a 1.5-fold rise is seen (median, mean, never in 24)")  # fmt: skip
    print(f"{'world':36} | alerts: {'false':>6} {'median':>7} {'mean':>6} {'never':>6} | 3 sigmas: {'false':>6} {'median':>7} {'mean':>6} {'never':>6}")  # fmt: skip
    results = {}
    for world in WORLDS:
        results[world.name] = found = figures(world, runs=options.runs)
        ours, plain = (
            f"{each['false_per_100']:6.2f} {each['delay_median']:7.0f} {each['delay_mean']:6.1f} {each['unseen']:6.0%}"
            for each in (found["alerts"], found["three_sigmas"])
        )
        print(f"{world.name:36} |         {ours} |           {plain}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
