"""`feedback-nlp doctor`: is everything here, and does the model still give the labels it should?"""

from __future__ import annotations

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def doctor(model: o.Model = "feedback-zh-en") -> None:
    """Check the installation: versions, optional parts, and the model's files and canary texts."""
    from feedback_nlp.cli.checks import installation, model_health

    healthy = True
    for name, state, fine in (*installation(), *model_health(model)):
        say(f"{'ok  ' if fine else 'FAIL'}  {name}: {state}")
        healthy &= fine
    if not healthy:
        raise typer.Exit(1)
