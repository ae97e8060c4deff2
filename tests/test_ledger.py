"""The account of every row balances, or says that it does not."""

from __future__ import annotations

import pandas as pd

from feedback_nlp import records
from feedback_nlp.ledger import Ledger, tally


def frame(source: str, reasons: list[str | None]) -> pd.DataFrame:
    return records.conform(
        pd.DataFrame({"source": source, "row": range(1, len(reasons) + 1), "set_aside": reasons})
    )


def test_rows_are_counted_where_they_ended_up() -> None:
    ledger = Ledger()
    ledger.entry("a.csv").read = 4
    ledger.reject("a.csv", row=4, reason="unclosed_quote")
    frames = [frame("a.csv", [None, records.EMPTY]), frame("a.csv", [None])]
    assert [len(f) for f in tally(iter(frames), ledger)] == [2, 1]
    entry = ledger.entry("a.csv")
    assert (entry.counted, dict(entry.set_aside), dict(entry.rejected)) == (
        2,
        {"empty": 1},
        {"unclosed_quote": 1},
    )
    assert ledger.balanced


def test_a_lost_row_shows() -> None:
    ledger = Ledger()
    ledger.entry("a.csv").read = 3
    list(tally([frame("a.csv", [None, None])], ledger))
    assert not ledger.balanced
    assert ledger.to_dict()["balanced"] is False


def test_totals_are_over_all_sources() -> None:
    ledger = Ledger()
    for source in ("a.csv", "b.csv"):
        ledger.entry(source).read = 2
        list(tally([frame(source, [None, records.SPAM])], ledger))
    totals = ledger.to_dict()
    assert (totals["rows"], totals["counted"], totals["set_aside"]) == (4, 2, {"spam": 2})
    assert [entry["source"] for entry in totals["sources"]] == ["a.csv", "b.csv"]
