"""What commands print: short tables on the terminal."""

from __future__ import annotations

import sys

from feedback_nlp.ledger import Ledger


def show_ledger(ledger: Ledger) -> None:
    """Print, per source, how it was read and where its rows went; to stderr, so that output can be piped."""
    for entry in ledger.sources.values():
        account = f"{entry.read:,} rows = {entry.counted:,} counted"
        account += "".join(f" + {n:,} {reason}" for reason, n in entry.set_aside.most_common())
        account += "".join(f" + {n:,} rejected ({reason})" for reason, n in entry.rejected.most_common())
        how = ", ".join(part for part in (entry.format, entry.encoding, entry.platform) if part)
        print(f"{entry.source} [{how}]: {account}", file=sys.stderr)
        for note in entry.notes:
            print(f"  note: {note}", file=sys.stderr)
