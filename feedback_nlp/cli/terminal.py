"""The way to the terminal: whatever a dump holds, it is shown as text and obeyed as nothing."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO

from feedback_nlp.text.visible import visible

PIPED_WIDTH = 200


def say(text: str, *, to: TextIO | None = None) -> None:
    """Print lines on stdout (or `to`), control characters spelled out."""
    _write(visible(text) + "\n", to or sys.stdout)


def draw(table: Any) -> None:
    """Print a rich table on stdout, as wide as the terminal."""
    console = console_of()
    with console.capture() as captured:
        console.print(table)
    _write(captured.get(), sys.stdout)


def _write(text: str, stream: TextIO) -> None:
    """Write and flush. A reader who went away (`| head`) wants no more: the rest goes nowhere, and the work goes on."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        abandon(stream)


def abandon(stream: TextIO) -> None:
    """Let what is still written to the stream go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def console_of() -> Any:
    """A rich console on stdout; a pipe is taken as wide."""
    from rich.console import Console

    return Console(markup=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def cell(value: Any) -> Any:
    """A cell of a rich table: text, never markup."""
    from rich.text import Text

    return Text(visible(str(value)))


def forgive_encodings() -> None:
    """Let a terminal that cannot show a character show `?` instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
