from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from feedback_nlp.errors import FormatError, UnknownName
from feedback_nlp.triage import Journal


def test_the_last_state_counts_and_all_changes_stay(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "j.jsonl")
    assert journal.states() == {}
    at = datetime(2024, 5, 1, tzinfo=timezone.utc)
    journal.record(["a", "b"], "taken", by="王", at=at)
    journal.record("a", "answered", note="refunded", at=at)
    assert journal.states() == {"a": "answered", "b": "taken"}
    first = journal.events()[0]
    assert (first.id, first.state, first.by, first.at) == ("a", "taken", "王", "2024-05-01T00:00:00+00:00")
    assert len(journal.events()) == 3


def test_an_unknown_state_is_refused_and_nothing_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    with pytest.raises(UnknownName, match="Did you mean 'answered'"):
        journal.record("a", "answerd")
    assert not journal.path.exists()


def test_a_line_cut_off_by_a_crash_is_left_out_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.record("a", "taken")
    whole = journal.path.read_text(encoding="utf-8")
    journal.path.write_text(whole + '{"id": "b", "sta', encoding="utf-8")
    assert journal.states() == {"a": "taken"}
    journal.path.write_text(whole.rstrip("\n"), encoding="utf-8")
    journal.record("c", "dismissed")
    assert journal.states() == {"a": "taken", "c": "dismissed"}


@pytest.mark.parametrize("line", ["nonsense", '{"id": 3, "state": "open", "at": ""}', '{"id": "a", "state": "gone", "at": ""}', "[1]"])  # fmt: skip
def test_a_spoiled_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "j.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(FormatError, match="line 1"):
        Journal(path).events()
