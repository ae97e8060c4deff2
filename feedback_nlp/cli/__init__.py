"""The command line: each command declares its options, makes one call into the library, and prints.

Exit codes: 0 done; 1 failed; 2 wrong use or unreadable input; 3 an alert fired (`alerts` only); 130 interrupted.
"""

from __future__ import annotations

import sys

from feedback_nlp.cli.app import app
from feedback_nlp.cli.failures import explained
from feedback_nlp.cli.terminal import forgive_encodings

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line with the process's arguments and exit."""
    forgive_encodings()
    with explained():
        app()
    sys.exit(0)
