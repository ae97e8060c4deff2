"""`feedback-nlp evaluate`: how good is a model on comments you labelled?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD",
            help="Labelled comments: .csv, .xlsx, .jsonl or .parquet with text, sentiment, complaint …",
        ),
    ],
    against: Annotated[
        str | None, typer.Option(help="Another model (name, directory or hf:org/name) side by side.")
    ] = None,
    by: o.By = None,
    split: Annotated[
        str | None, typer.Option(help="Only rows with this value in the column 'split'.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write: .csv, .xlsx, .jsonl or .parquet.")
    ] = None,
    model: o.Model = "feedback-zh-en",
    device: o.Device = "cpu",
) -> None:
    """Measure a model on labelled comments: accuracy, F1, recall, calibration, each with a bootstrap interval."""
    from feedback_nlp.cli.printing import show_evaluation
    from feedback_nlp.engines import files
    from feedback_nlp.training.evaluate import GROUPS
    from feedback_nlp.training.evaluate import evaluate as measure

    found = measure(gold, model=model, against=against, split=split, device=device, by=o.names(by) or GROUPS)
    show_evaluation(found)
    if output is not None:
        files.write([found.table], output)
