"""Do the corrected intervals cover rates from rare to common, of classifiers from near perfect to poor?

    python benchmarks/rare.py [--runs 400] [--imagined 0.18]

Needs no data and no model: 4,000 comments with known labels, a classifier that errs at a known rate, and audits drawn as
`audit sample` draws them. "Dump" is a dump of 4,000 comments drawn anew each time; "large" is one so large that only the
audit varies, where an audit without an error leaves the interval nothing but the imagined one. --imagined 0 imagines none,
1 the whole one of Agresti and Min.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from feedback_nlp.kpis import correction
from feedback_nlp.kpis.audit.draw import chosen
from feedback_nlp.kpis.correction import Sample, correct

Floats = npt.NDArray[np.float64]

COMMENTS = 4000
RATES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5)
BANDS = {"0.5-2 %": RATES[:3], "5-10 %": RATES[3:5], "20-50 %": RATES[5:]}
LABELS = (150, 300, 600)
DISTANCES = {"near perfect": 5.0, "good": 3.5, "poor": 1.5}
"""How far apart the classifier sees the two kinds of comment, in standard deviations of its score."""


@dataclass(frozen=True, slots=True)
class World:
    """Labels, what the classifier says, and how unsure it is of each comment."""

    truth: Floats
    said: Floats
    deviation: Floats


def scored(rng: np.random.Generator, rate: float, distance: float, *, blind: bool = False) -> World:
    """A classifier that says yes as often as is true. `blind`: how unsure it is has nothing to do with where it errs."""
    truth = (np.arange(COMMENTS) < round(rate * COMMENTS)).astype(float)
    score = truth * distance + rng.normal(size=COMMENTS)
    odds = rate / (1 - rate) * np.exp(distance * score - distance**2 / 2)
    p = odds / (1 + odds)
    said = (p >= np.sort(p)[-int(truth.sum())]).astype(float)
    return World(truth, said, np.sqrt(_other_labels(rng) + (0 if blind else p * (1 - p))))


def few_missed(rng: np.random.Generator, rate: float) -> World:
    """A classifier right on all but twelve comments: nine missed (half of them, if fewer), three called for nothing."""
    truth = (np.arange(COMMENTS) < round(rate * COMMENTS)).astype(float)
    said = truth.copy()
    said[: min(9, int(truth.sum()) // 2)], said[-3:] = 0.0, 1.0
    return World(truth, said, np.sqrt(_other_labels(rng)))


def _other_labels(rng: np.random.Generator) -> Floats:
    p = rng.beta(0.3, 0.3, COMMENTS)
    return np.asarray(0.02 + p * (1 - p))


def worlds() -> Iterator[tuple[float, World]]:
    rng = np.random.default_rng(42)
    for rate in RATES:
        for distance in DISTANCES.values():
            yield rate, scored(rng, rate, distance)
        yield rate, scored(rng, rate, 3.0, blind=True)
        yield rate, few_missed(rng, rate)


def cover(world: World, *, labels: int, runs: int, large: bool) -> tuple[float, float]:
    """Share of runs whose interval holds the true rate, and the intervals' mean width."""
    covered, width = np.zeros(runs), np.zeros(runs)
    share: Callable[[Floats], Floats] = lambda means: means[:, 0]  # noqa: E731
    for seed in range(runs):
        dump = np.arange(COMMENTS)
        if not large:
            dump = np.random.default_rng(seed).integers(0, COMMENTS, COMMENTS)
        group = np.zeros(COMMENTS, dtype=np.int64)
        rows, stratum, size = chosen(world.deviation[dump], group, n=labels, seed=seed)
        audited = dump[rows]
        estimate = correct(
            Sample(
                world.said[audited, None], world.truth[audited, None], stratum.astype(np.intp), size * 1.0
            ),
            population=world.said[dump].mean(keepdims=True),
            rows=10**12 if large else COMMENTS,
            finish=share,
            share=True,
        )
        covered[seed] = estimate.low <= world.truth.mean() <= estimate.high
        width[seed] = estimate.high - estimate.low
    return float(covered.mean()), float(width.mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--imagined", type=float, default=correction.IMAGINED)
    options = parser.parse_args()
    correction.IMAGINED = options.imagined
    print(f"95 % intervals, {options.runs} runs for each of 5 classifiers and {len(RATES)} rates")
    print(
        "| dump | labels | rates | covers: mean | least | most | width |\n|---|---:|---|---:|---:|---:|---:|"
    )
    made = list(worlds())
    for large in (False, True):
        for labels in LABELS:
            for band, rates in BANDS.items():
                found = [
                    cover(world, labels=labels, runs=options.runs, large=large)
                    for rate, world in made
                    if rate in rates
                ]
                covers, width = np.array(found).T
                print(
                    f"| {'large' if large else '4,000'} | {labels} | {band} | {covers.mean():.1%} | {covers.min():.1%} "
                    f"| {covers.max():.1%} | {100 * width.mean():.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
