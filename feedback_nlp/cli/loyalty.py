"""`feedback-nlp loyalty`: who buys again, and do those who complained come back?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feedback_nlp.cli import options as o
from feedback_nlp.cli.terminal import say


def loyalty(
    orders: Annotated[
        Path, typer.Argument(metavar="ORDERS", help="An orders export with customer, time and amount.")
    ],
    feedback: Annotated[
        Path | None, typer.Option(metavar="LABELLED", help="Labelled comments to join by customer.")
    ] = None,
    author_key: o.AuthorKey = None,
    every: Annotated[o.Every, typer.Option(help="Period of retention.")] = o.Every.month,
    horizon: Annotated[
        int, typer.Option(min=1, help="Periods that customer lifetime value looks ahead.")
    ] = 12,
    margin: Annotated[float, typer.Option(min=0.0, help="Margin, as a share of revenue.")] = 1.0,
    discount: Annotated[float, typer.Option(min=0.0, help="Yearly discount rate.")] = 0.1,
    within_days: Annotated[
        int, typer.Option(min=1, help="Days within which a customer must order to have come back.")
    ] = 90,
    columns: o.Map = None,
    tz: Annotated[str, typer.Option(help="Time zone of the orders.")] = "Asia/Shanghai",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Folder for loyalty.csv, retention.csv, rfm.csv, returns.csv.",
        ),
    ] = None,
) -> None:
    """Measure repeat purchase, frequency, order value, retention, churn, RFM segments and lifetime value from orders."""
    from feedback_nlp.cli.printing import show_frame
    from feedback_nlp.engines import files
    from feedback_nlp.engines.loyalty import loyalty as measure

    tables = measure(
        orders,
        feedback=feedback,
        author_key=o.key(author_key),
        every=every.value,
        horizon=horizon,
        margin=margin,
        discount=discount,
        within_days=within_days,
        columns=o.pairs(columns),
        tz=tz,
    )
    for name in ("loyalty", "segments", "returns"):
        if name in tables:
            show_frame(tables[name])
    if output is not None:
        for name, table in tables.items():
            files.write([table], output / f"{name}.csv")
        say(f"tables: {output}")
