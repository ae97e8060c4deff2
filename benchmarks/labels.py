"""How far the stand-off labels agree with the gold labels: on gold rows that stood, unmarked, among the comments labelled.

    python benchmarks/labels.py --data ../shared/data

The second labels of those rows are `corpora/standoff/*-controls.txt`; nothing is trained on them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.records import FLAGS
from feedback_nlp.training.guide import read_lines
from feedback_nlp.training.standoff import FIELDS, digest
from feedback_nlp.training.yardstick import score

STANDOFF = Path(__file__).parents[1] / "corpora" / "standoff"


def agreement(gold: pd.DataFrame, second: pd.DataFrame) -> dict[str, float]:
    """Accuracy of the sentiment and F1 of the rest, of labels in the same rows and columns."""
    topics = [name for name in second.columns if name.startswith("topic_")]
    return {
        "sentiment, share alike": float((gold["sentiment"] == second["sentiment"]).mean()),
        "severity ≥ 2, F1": f1(gold["severity"] >= 2, second["severity"] >= 2),
        **{f"{flag}, F1": f1(gold[flag], second[flag]) for flag in FLAGS[:-1]},
        "not feedback, F1": f1(~gold["feedback"].astype(bool), ~second["feedback"]),
        "topics named, micro F1": f1(gold[topics].notna(), second[topics].notna()),
    }


def f1(truth: pd.Series | pd.DataFrame, found: pd.Series | pd.DataFrame) -> float:
    """F1 of yes, over all cells."""
    return score("f1", *(np.asarray(part, np.int64).ravel() for part in (truth, found)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with gold/")
    gold = pd.read_parquet(parser.parse_args().data / "gold" / "gold.parquet")
    gold.index = pd.Index(gold["text"].map(digest))
    columns = {}
    for path in sorted(STANDOFF.glob("*-controls.txt")):
        second = read_lines(path, FIELDS).set_index("id")
        columns[path.stem.split("-")[0]] = {
            "gold rows among them": len(second),
            **agreement(gold.loc[second.index], second),
        }
    print("| | " + " | ".join(columns) + " |\n|---|" + "---|" * len(columns))
    for line in next(iter(columns.values())):
        values = [column[line] for column in columns.values()]
        print(
            f"| {line} | " + " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in values) + " |"
        )


if __name__ == "__main__":
    main()
