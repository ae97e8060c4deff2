"""The commands, in the order a user meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from feedback_nlp import __version__
from feedback_nlp.cli import (
    alerts,
    analyze,
    annotate,
    audit,
    compare,
    doctor,
    drivers,
    evaluate,
    kpis,
    loyalty,
    platforms,
    triage,
    tune,
)

app = typer.Typer(
    name="feedback-nlp",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Customer comments in Chinese and English to KPIs you can defend. Start with: feedback-nlp analyze DUMP -o OUT",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"feedback-nlp {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


app.command("analyze")(analyze.analyze)
app.command("annotate")(annotate.annotate)
app.command("kpis")(kpis.kpis)
app.command("triage")(triage.triage)
app.command("alerts")(alerts.alerts)
app.command("drivers")(drivers.drivers)
app.command("compare")(compare.compare)
app.add_typer(audit.app, name="audit")
app.command("loyalty")(loyalty.loyalty)
app.command("evaluate")(evaluate.evaluate)
app.command("tune")(tune.tune)
app.add_typer(platforms.app, name="platforms")
app.command("doctor")(doctor.doctor)
