"""`feedback-nlp tune`: your own labels, and your own topics, onto the shipped model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def tune(
    labelled: Annotated[
        Path,
        typer.Argument(
            metavar="LABELLED",
            help="A few hundred labelled comments: text and any of sentiment, complaint …, topic_<id>.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Folder for the new model; must be empty.")
    ],
    model: o.Model = "feedback-zh-en",
    keep_topics: Annotated[
        bool, typer.Option(help="Keep the topics the model knows beside your own.")
    ] = True,
) -> None:
    """Fit your labels onto the shipped model, and save it only where it is better on rows it never saw."""
    from feedback_nlp.cli.printing import show_tuning
    from feedback_nlp.training.tune import tune as fit

    done = fit(labelled, output, base=model, keep_topics=keep_topics)
    show_tuning(done)
    if done.saved is None:
        say("nothing saved: no head is better than before. More labels may help.")
        raise typer.Exit(1)
    say(f"model: {done.saved}  (use it with --model {done.saved})")
