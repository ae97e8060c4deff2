"""Triage, audit, loyalty, evaluate and tune on the command line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from feedback_nlp.cli import app
from feedback_nlp.cli.failures import explained

GOOD = ["Lovely pan, fast delivery, will buy again", "质量很好，物流很快，下次还买", "很喜欢，做工精细"]
BAD = [
    "The lid arrived broken and nobody answers my e-mails",
    "用了两天就坏了，客服不理人，再也不买了",
    "漏电！差点出事，太危险了",
]


def run(*words: str, keys: str | None = None) -> tuple[int, str]:
    """Exit code and everything printed."""
    done = CliRunner().invoke(app, [str(word) for word in words], input=keys)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        with pytest.raises(SystemExit) as end, explained():
            raise done.exception
        return int(end.value.code or 0), done.output
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labelled")
    texts = [f"{text} {n}" for n in range(20) for text in (*GOOD, *BAD)]
    dump, out = folder / "dump.csv", folder / "labelled.parquet"
    frame = pd.DataFrame(
        {
            "id": range(1000, 1000 + len(texts)),
            "comment": texts,
            "author": [f"customer{n % 30}" for n in range(len(texts))],
            "date": pd.date_range("2025-01-01", periods=len(texts), freq="D").strftime("%Y-%m-%d"),
        }
    )
    frame.to_csv(dump, index=False)
    code, said = run("annotate", dump, "-o", out)
    assert code == 0, said
    return out


def test_triage_puts_what_is_dangerous_before_what_is_lovely(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "queue.csv"
    code, said = run("triage", labelled, "--top", "3", "-o", out)
    assert code == 0, said
    queue = pd.read_csv(out, encoding="utf-8-sig", dtype=str)
    assert 1 <= len(queue) <= 3
    assert not queue["text"].str.contains("Lovely|很喜欢").any()


def test_what_was_answered_leaves_the_queue(labelled: Path, tmp_path: Path) -> None:
    journal, first, second = tmp_path / "journal.jsonl", tmp_path / "first.csv", tmp_path / "second.csv"
    assert run("triage", labelled, "--top", "1", "-o", first)[0] == 0
    ids = pd.read_csv(first, encoding="utf-8-sig", dtype=str)["id"].tolist()
    assert run("triage", labelled, "--journal", journal, "--answered", ids[0], "-o", second)[0] == 0
    assert ids[0] not in pd.read_csv(second, encoding="utf-8-sig", dtype=str)["id"].tolist()


def test_a_mark_without_a_journal_is_a_plain_mistake(labelled: Path) -> None:
    assert run("triage", labelled, "--answered", "1000")[0] == 2


def test_an_audit_is_drawn_labelled_and_corrects_the_rates(labelled: Path, tmp_path: Path) -> None:
    sheet, corrected = tmp_path / "audit.csv", tmp_path / "corrected.csv"
    assert run("audit", "sample", labelled, "-n", "40", "-o", sheet)[0] == 0
    drawn = pd.read_csv(sheet, encoding="utf-8-sig", dtype=str)
    assert len(drawn) == 40
    code, said = run("audit", "label", sheet, keys="n\ny\n2\n0\n0\nn\nn\nn\nn\nq\n")
    assert code == 0, said
    assert "1 of 40" in said
    answers = pd.read_csv(sheet, encoding="utf-8-sig", dtype=str)
    bad = ~answers["text"].str.contains("Lovely|很好|很喜欢")
    headings = {name.split(" (")[0]: name for name in answers}
    answers[headings["sentiment"]] = bad.map({True: "n", False: "p"})
    answers[headings["complaint"]] = bad.map({True: "y", False: "n"})
    answers.to_csv(sheet, index=False, encoding="utf-8-sig")
    code, said = run("kpis", labelled, "--kpis", "complaint_rate", "--audit", sheet, "-o", corrected)
    assert code == 0, said
    rows = pd.read_parquet(labelled)
    counted = rows.loc[rows["set_aside"].isna(), "text"]
    truth = 1 - counted.str.contains("Lovely|很好|很喜欢").mean()
    row = pd.read_csv(corrected, encoding="utf-8-sig").iloc[0]
    assert row["complaint_rate_low"] <= truth <= row["complaint_rate_high"]
    hours = ("--business-hours", "mon-fri 09:00-18:00", "--tz", "Asia/Shanghai")
    code, said = run(
        "kpis", labelled, "--kpis", "complaint_rate,sla_rate", "--audit", sheet, *hours, "-o", corrected
    )
    assert code == 0, said
    timed = pd.read_csv(corrected, encoding="utf-8-sig").iloc[0]
    assert timed["complaint_rate"] == row["complaint_rate"], "hours leave a corrected rate as it is"
    assert timed["sla_rate_business"] == 0, "nobody was answered"


def test_loyalty_from_orders_knows_who_complained(labelled: Path, tmp_path: Path) -> None:
    orders, out = tmp_path / "orders.csv", tmp_path / "loyalty"
    rows = [
        {"customer": f"customer{n % 30}", "time": f"2025-{1 + n % 9:02}-10", "amount": 20 + n}
        for n in range(90)
    ]
    pd.DataFrame(rows).to_csv(orders, index=False)
    code, said = run("loyalty", orders, "-o", out)
    assert code == 0, said
    assert {"loyalty.csv", "retention.csv", "rfm.csv"} <= {path.name for path in out.iterdir()}


def test_evaluate_on_ones_own_labels(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    rows = [
        {"text": f"{text} {n}", "sentiment": label}
        for n in range(10)
        for label, texts in (("p", GOOD), ("n", BAD))
        for text in texts
    ]
    pd.DataFrame(rows).to_csv(gold, index=False)
    code, said = run("evaluate", gold)
    assert code == 0, said
    assert "macro F1" in said


def test_evaluate_says_what_a_file_without_labels_lacks(tmp_path: Path) -> None:
    gold = tmp_path / "gold.csv"
    pd.DataFrame({"text": GOOD}).to_csv(gold, index=False)
    assert run("evaluate", gold)[0] in (1, 2)


def test_tune_learns_a_topic_of_ones_own_or_says_why_not(tmp_path: Path) -> None:
    few, out = tmp_path / "few.csv", tmp_path / "tuned"
    pd.DataFrame({"text": GOOD + BAD, "sentiment": ["p"] * 3 + ["n"] * 3}).to_csv(few, index=False)
    code, _ = run("tune", few, "-o", out)
    assert code in (1, 2)
    assert not out.exists()
