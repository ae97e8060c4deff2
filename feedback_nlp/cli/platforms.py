"""`feedback-nlp platforms`: the exports it knows, and how it would read a dump."""

from __future__ import annotations

import typer

from feedback_nlp.cli import options as o

app = typer.Typer(
    invoke_without_command=True,
    help="List the platforms whose exports are known; `check` shows how a dump would be read.",
)


@app.callback()
def platforms(context: typer.Context) -> None:
    """List the platforms whose exports are known."""
    if context.invoked_subcommand is not None:
        return
    from feedback_nlp.cli.printing import show_platforms
    from feedback_nlp.collectors.platforms import shipped

    show_platforms(shipped())


@app.command("check")
def check(
    dumps: o.Dumps,
    platform: o.Platform = None,
    columns: o.Map = None,
    encoding: o.Encoding = None,
    tz: o.Zone = None,
    year: o.Year = None,
    as_of: o.AsOf = None,
) -> None:
    """Show the platform, encoding and column mapping found for a dump, and its first ten rows, masked."""
    from feedback_nlp.cli.printing import show_check
    from feedback_nlp.collectors.check import check_all

    reading = o.reading(
        platform=platform,
        columns=columns,
        encoding=encoding,
        tz=tz,
        year=year,
        as_of=as_of,
    )
    for found in check_all(dumps, **reading):
        show_check(found)
