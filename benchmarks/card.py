"""Write the model card, in English and Chinese, from what the other benchmarks measured.

    python benchmarks/accuracy.py --data DATA --tfidf tfidf.json --json accuracy.json
    python benchmarks/tfidf.py DATA --pooled --json pooled.json
    python benchmarks/speed.py --data DATA --json speed.json
    python benchmarks/card.py --data DATA --accuracy accuracy.json --pooled pooled.json --speed speed.json

It runs the behaviour suite itself, and draws the calibration of the sentiment on the gold dev rows.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import numpy.typing as npt

from feedback_nlp.classifiers import DEFAULT, find, load
from feedback_nlp.training.behaviour import Behaviour, run
from feedback_nlp.training.cards import read_cards
from feedback_nlp.training.evaluate import Evaluation, evaluate
from feedback_nlp.training.recipe import read_recipe

HERE = Path(__file__).parent
PLOT = "calibration.svg"
SIDE, MARGIN = 220, 40


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/")
    parser.add_argument("--accuracy", type=Path, required=True, help="JSON of benchmarks/accuracy.py")
    parser.add_argument("--pooled", type=Path, required=True, help="JSON of benchmarks/tfidf.py --pooled")
    parser.add_argument("--speed", type=Path, required=True, help="JSON of benchmarks/speed.py")
    parser.add_argument("--model", default=DEFAULT)
    parser.add_argument("--datasets", type=Path, default=Path("corpora/datasets"))
    options = parser.parse_args()
    folder = Path(find(options.model))
    model = load(str(folder))
    found = evaluate(options.data / "gold" / "gold.parquet", model=model, split="dev", by=("lang", "channel"))
    (folder / PLOT).write_text(plot(found.calibration), encoding="utf-8")
    facts = {
        "accuracy": figures(options.accuracy),
        "pooled_mean": mean_of(figures(options.pooled)),
        "speed": figures(options.speed),
        "gold": by_group(found),
        "least_error": least_error(found.calibration),
        "confusion": found.confusion,
        "behaviour": groups(run(model)),
        "recipe": read_recipe(folder / "recipe.toml", "cpu"),
        "sets": read_cards(options.datasets),
        "plot": PLOT,
    }
    for name in ("card.md", "card.zh.md"):
        (folder / name).write_text(render(f"{name}.j2", facts), encoding="utf-8")


def figures(path: Path) -> Any:
    """What another benchmark wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def mean_of(linear: dict[str, dict[str, float]]) -> float:
    """Mean of the figures of all sets."""
    return float(np.mean([value for metrics in linear.values() for value in metrics.values()]))


def render(template: str, facts: dict[str, Any]) -> str:
    """One card."""
    loader = jinja2.FileSystemLoader(HERE / "card")
    page = jinja2.Environment(
        loader=loader, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return page.get_template(template).render(facts).rstrip() + "\n"


def by_group(found: Evaluation) -> list[dict[str, Any]]:
    """Sentiment macro-F1 and accuracy of every group of the gold dev rows."""
    table = found.table
    wanted = table[(table["head"] == "sentiment") & table["metric"].isin(["macro F1", "accuracy"])]
    rows = []
    for group, part in wanted.groupby("group", sort=False):
        values = part.set_index("metric")["value"]
        rows.append(
            {
                "group": group,
                "n": int(part["n"].iloc[0]),
                "f1": values.get("macro F1"),
                "accuracy": values.get("accuracy"),
            }
        )
    return rows


def least_error(bins: npt.NDArray[np.float64]) -> float:
    """The calibration error (ECE) that a perfectly calibrated model would show on as many rows, in the mean.

    `bins` (k, 3): mean confidence, share of hits, rows. A bin of n rows at confidence p has a share of hits about
    normal around p, of which the mean absolute deviation is √(2 p (1 − p) / (π n)).
    """
    p, _, rows = bins.T
    return float((rows * np.sqrt(2 * p * (1 - p) / (np.pi * rows))).sum() / rows.sum())


def groups(found: Behaviour) -> dict[str, Any]:
    """Pass rates per group and language, the rate over all, and for each what fails most."""
    rates = found.rates
    total = rates[["cases", "passed"]].sum()
    table = rates.groupby(["group", "lang"], sort=True)[["cases", "passed"]].sum().reset_index()
    failures = found.failures
    worst = {
        group: part["wrong"].value_counts().head(2).index.tolist()
        for group, part in failures.groupby(["group", "lang"])
    }
    return {
        "rows": table.assign(rate=table["passed"] / table["cases"]).to_dict("records"),
        "cases": int(total["cases"]),
        "rate": float(total["passed"] / total["cases"]),
        "worst": worst,
    }


def plot(bins: Any) -> str:
    """Reliability diagram as SVG: x the mean confidence of a bin, y the share that was right, area the rows."""

    def at(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x * SIDE, MARGIN / 2 + (1 - y) * SIDE

    most = max(row[2] for row in bins)
    marks = []
    for confidence, hits, rows in bins:
        x, y = at(confidence, hits)
        radius = 2 + 9 * (rows / most) ** 0.5
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{rows:.0f}: {confidence:.2f} → {hits:.2f}</title></circle>'
        )
    (left, bottom), (right, top) = at(0, 0), at(1, 1)
    ticks = "".join(
        f'<text x="{at(v, 0)[0]}" y="{bottom + 14}" text-anchor="middle">{v:g}</text>'
        f'<text x="{left - 6}" y="{at(0, v)[1] + 4}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    width, height = SIDE + 2 * MARGIN, SIDE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" fill="#444"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#999"/>'
        f'<path d="M{left} {bottom}L{right} {top}" stroke="#bbb" stroke-dasharray="4 4"/>'
        f'{ticks}<text x="{(left + right) / 2}" y="{bottom + 30}" text-anchor="middle">confidence</text>'
        f'<text transform="translate(10 {(top + bottom) / 2}) rotate(-90)" text-anchor="middle">share right</text>'
        f'<g fill="#2a6f97" fill-opacity="0.75">{"".join(marks)}</g></svg>\n'
    )


if __name__ == "__main__":
    main()
