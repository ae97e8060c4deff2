"""`feedback-nlp audit`: comments for a person to label, so that rates can be corrected for the model's errors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say

app = typer.Typer(
    no_args_is_help=True,
    help="Draw comments for a person to label, so that rates can be corrected for the model's errors.",
)


@app.command("sample")
def sample(
    labelled: o.Labelled,
    n: Annotated[int, typer.Option("-n", min=2, help="Comments to draw.")] = 300,
    output: Annotated[Path, typer.Option("-o", "--output", help="Spreadsheet to write.")] = Path("audit.csv"),
    by: o.By = None,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sample.")] = 0,
) -> None:
    """Draw a sample by known probabilities, most where the model wavers, as a spreadsheet to fill in."""
    import pandas as pd

    from feedback_nlp.engines import files
    from feedback_nlp.kpis import audit

    drawn = audit.draw(pd.concat(files.read(labelled), ignore_index=True), n=n, by=o.names(by), seed=seed)
    notes = audit.write(drawn, output)
    say(f"{len(drawn)} comments: {output}\nhow to fill it in: {notes}")
    say(f"or label here: feedback-nlp audit label {output}")


@app.command("label")
def label(
    sheet: Annotated[Path, typer.Argument(metavar="AUDIT", help="A sheet that `audit sample` wrote.")],
) -> None:
    """Label a sample in the terminal, a key an answer; stop when you like and go on later."""
    from feedback_nlp.cli.labelling import label_sheet

    done, rows = label_sheet(sheet, ask=typer.prompt, say=say)
    say(f"{done} of {rows} comments are labelled in {sheet}.")
