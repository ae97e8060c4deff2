"""Options that several commands share, each declared once."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from feedback_nlp.errors import UsageError


class Every(str, Enum):
    """Lengths of a period."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"


class Words(str, Enum):
    """Languages of a report."""

    en = "en"
    zh = "zh"


READING = "Reading"
LABELLING = "Labelling"
MEASURING = "Measuring"

Dumps = Annotated[
    list[str],
    typer.Argument(
        metavar="DUMP", help="Files, folders, globs; '-' reads standard input.", show_default=False
    ),
]
Labelled = Annotated[Path, typer.Argument(metavar="LABELLED", help="A file written by annotate or analyze.")]
Platform = Annotated[
    str | None,
    typer.Option(
        help="Platform id (see `platforms`) or a TOML file. Default: detected.", rich_help_panel=READING
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=HEADER",
        help="Take a column from a header, e.g. --map text=评论内容. Repeatable.",
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str | None, typer.Option(help="Text encoding. Default: detected, and shown.", rich_help_panel=READING)
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        help="Time zone of the dump's times and of the days, e.g. Asia/Shanghai. Default: the platform's.",
        rich_help_panel=READING,
    ),
]
Year = Annotated[
    int | None, typer.Option(help="Year of dates written without one, e.g. 01.18.", rich_help_panel=READING)
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        help="When the dump was taken: what times like 3天前 count back from. Default: now.",
        rich_help_panel=READING,
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HEADER",
        help="Keep a column of the dump under its own name. Repeatable.",
        rich_help_panel=READING,
    ),
]
KeepPersonal = Annotated[
    bool,
    typer.Option(
        "--keep-personal-data",
        help="Do not mask phone numbers, addresses, ids … in texts.",
        rich_help_panel=READING,
    ),
]
AuthorKey = Annotated[
    Path | None,
    typer.Option(
        "--author-key-file",
        metavar="FILE",
        help="Secret that authors are hashed with, so that the same author has the same hash in every run.",
        rich_help_panel=READING,
    ),
]
Model = Annotated[
    str,
    typer.Option(
        help="Shipped model, a model directory, or hf:org/name (may download).", rich_help_panel=LABELLING
    ),
]
Device = Annotated[str, typer.Option(help="cpu or cuda (hf: models).", rich_help_panel=LABELLING)]
EveryOption = Annotated[Every | None, typer.Option(help="Length of a period.", rich_help_panel=MEASURING)]
By = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMNS",
        help="Columns to group by, with commas: platform,brand,product,topic …",
        rich_help_panel=MEASURING,
    ),
]
Confidence = Annotated[
    float, typer.Option(min=0.5, max=0.999, help="Confidence of the intervals.", rich_help_panel=MEASURING)
]
Audit = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Audit sample filled in by a person: rates are corrected with it.",
        rich_help_panel=MEASURING,
    ),
]
MinN = Annotated[
    int,
    typer.Option(
        "--min-n", min=0, help="Flag values that rest on fewer comments.", rich_help_panel=MEASURING
    ),
]

TargetHours = Annotated[
    float | None,
    typer.Option(
        metavar="HOURS", help="Target of the reply rate sla_rate. Default: 4.", rich_help_panel=MEASURING
    ),
]
BusinessHours = Annotated[
    str | None,
    typer.Option(
        metavar="HOURS",
        help="Count waits for a reply in business hours only, in the zone --tz: "
        "'mon-fri 09:00-12:00 13:30-18:00, sat 10:00-16:00'.",
        rich_help_panel=MEASURING,
    ),
]
Holidays = Annotated[
    str | None,
    typer.Option(
        metavar="COUNTRY",
        help="Leave out public holidays, with --business-hours: CN (with its make-up days), US-CA … "
        "Needs the extra 'calendar'.",
        rich_help_panel=MEASURING,
    ),
]


def names(text: str | None) -> list[str]:
    """The names in `a,b,c`; none in null."""
    return [name.strip() for name in (text or "").replace("，", ",").split(",") if name.strip()]


def span(text: str | None) -> Any:
    """First and last day of `2026-01-01..2026-03-31`, both included; None for null.

    Raises:
        UsageError: it is not two days, or they are the wrong way round.
    """
    if text is None:
        return None
    try:
        first, last = (date.fromisoformat(part.strip()) for part in text.split(".."))
    except ValueError:
        raise UsageError(
            f"{text!r} is not a span of days. Write FROM..TO, e.g. 2026-01-01..2026-03-31."
        ) from None
    if last < first:
        raise UsageError(f"the span {text!r} ends before it begins. Write the earlier day first.")
    return first, last


def pairs(items: list[str] | None) -> dict[str, str]:
    """`COLUMN=HEADER` items as a mapping.

    Raises:
        UsageError: an item has no `=`.
    """
    for item in items or []:
        if "=" not in item:
            raise UsageError(f"--map takes COLUMN=HEADER, not {item!r}. For example: --map text=评论内容.")
    return dict(item.split("=", 1) for item in items or [])


def key(path: Path | None) -> bytes | None:
    """The secret in a key file, without its line end; None for null.

    Raises:
        UsageError: the file holds nothing, or is not there.
    """
    if path is None:
        return None
    secret = path.read_bytes().strip() if path.is_file() else b""
    if not secret:
        raise UsageError(
            f"--author-key-file {path}: no such file, or it is empty. Put a long random text into it."
        )
    return secret


def reading(
    *,
    platform: str | None,
    columns: list[str] | None,
    encoding: str | None,
    tz: str | None,
    year: int | None,
    as_of: datetime | None = None,
    keep: list[str] | None = None,
    keep_personal_data: bool = False,
    author_key: Path | None = None,
) -> dict[str, Any]:
    """The reading options as `collectors.read` takes them."""
    return {
        "platform": platform,
        "columns": pairs(columns) or None,
        "encoding": encoding,
        "tz": tz,
        "year": year,
        "now": as_of,
        "keep": tuple(keep or ()),
        "keep_personal_data": keep_personal_data,
        "author_key": key(author_key),
    }
