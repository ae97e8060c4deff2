"""The command line as a user meets it: real files in, real files out, and a plain word for every mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from feedback_nlp import __version__
from feedback_nlp.cli import app

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "corpora" / "samples" / "kitchen_reviews.csv"


def run(*words: str, cwd: Path | None = None, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """The program as its own process, as a shell would start it."""
    done = subprocess.run(
        [sys.executable, "-c", "from feedback_nlp.cli import main; main()", *words],
        capture_output=True,
        cwd=cwd,
        input=stdin,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analysis")
    done = run("analyze", str(SAMPLE), "-o", str(folder), "--every", "month", "--by", "brand")
    assert done.returncode == 0, done.stderr
    return folder


def test_analyze_accounts_for_every_row(results: Path) -> None:
    ledger = json.loads((results / "ledger.json").read_text(encoding="utf-8"))
    assert ledger["balanced"]
    assert ledger["rows"] == ledger["counted"] + sum(ledger["set_aside"].values()) + sum(
        ledger["rejected"].values()
    )
    assert ledger["set_aside"]["exact_duplicate"] == 18
    assert ledger["set_aside"]["system_default"] >= 30
    assert len(pd.read_parquet(results / "labelled.parquet")) == ledger["rows"] - sum(
        ledger["rejected"].values()
    )


def test_analyze_writes_kpis_by_month_and_brand(results: Path) -> None:
    table = pd.read_csv(results / "kpis.csv", encoding="utf-8-sig")
    assert {
        "period",
        "brand",
        "volume",
        "complaint_rate",
        "complaint_rate_low",
        "complaint_rate_high",
    } <= set(table)
    assert set(table["brand"]) == {"Morningpot", "Hearthside"}
    known = table.dropna(subset=["complaint_rate"])
    assert (known["complaint_rate_low"] <= known["complaint_rate"]).all()
    assert (known["complaint_rate"] <= known["complaint_rate_high"]).all()


def test_what_analyze_writes_holds_no_phone_number_and_no_author(results: Path) -> None:
    for name in ("labelled.parquet", "report.html", "kpis.csv", "ledger.json"):
        assert b"13800138000" not in (results / name).read_bytes()
    rows = pd.read_parquet(results / "labelled.parquet")
    assert not rows["text"].str.contains("13800138000").any()
    assert not rows["author"].dropna().str.contains("**", regex=False).any()


HOURS = ("--target-hours", "8", "--business-hours", "mon-fri 09:00-18:00", "--tz", "Asia/Shanghai")


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    """Labelled comments of Friday 17:00, answered on Monday at 10:00, at 20:00, and never."""
    path, kind = tmp_path / "answered.parquet", pd.DatetimeTZDtype("us", "Asia/Shanghai")
    created = pd.Series(["2024-03-01 17:00"] * 3, dtype=kind)
    replied = pd.Series(["2024-03-04 10:00", "2024-03-04 20:00", None], dtype=kind)
    rows = pd.DataFrame({"created_at": created, "replied_at": replied, "complaint": [True, False, False]})
    rows.assign(brand="Blue Tea").to_parquet(path)
    return path


def test_kpis_in_business_hours_are_printed_by_the_variants_name(answered: Path, tmp_path: Path) -> None:
    file = tmp_path / "kpis.csv"
    assert run("kpis", str(answered), *HOURS, "-o", str(file)).returncode == 0
    row = pd.read_csv(file).iloc[0]
    assert (row["sla_rate_8h_business"], row["sla_rate_8h_business_n"]) == (pytest.approx(1 / 3), 3)
    assert row["first_response_hours_business_n"] == 2
    shown = run("kpis", str(answered), *HOURS)
    assert "Replied within 8 h, business hours" in shown.stdout
    assert "mon-fri 09:00-18:00" in shown.stderr
    asked = run("kpis", str(answered), *HOURS, "--kpis", "sla_rate", "--by", "brand")
    assert "business hours" in " ".join(asked.stdout.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--business-hours", "nine to five", "--tz", "UTC"], "mon-fri 09:00-12:00"),
        (["--business-hours", "mon-fri 09:00-18:00"], "--tz"),
        (["--holidays", "CN"], "--business-hours"),
        (["--target-hours", "0"], "above 0"),
    ],
)
def test_wrong_hours_are_told_before_the_work(
    answered: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    never = str(tmp_path / "never")
    for done in (run("kpis", str(answered), *words), run("analyze", str(SAMPLE), "-o", never, *words)):
        assert done.returncode == 2
        assert told in " ".join(done.stderr.split())
    assert not Path(never).exists()


def test_a_report_counts_in_business_hours_and_says_so(tmp_path: Path) -> None:
    dump, out = tmp_path / "tickets.csv", tmp_path / "out"
    dump.write_text(
        "comment,created_at,replied_at\n"
        "The kettle leaks and nobody calls back,2024-03-01 17:00,2024-03-04 10:00\n"
        "Lid is broken again,2024-03-01 17:00,2024-03-04 20:00\n"
        "Lovely mugs,2024-03-01 17:00,\n",
        encoding="utf-8",
    )
    done = run("analyze", str(dump), "-o", str(out), *HOURS)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(out / "kpis.csv")["sla_rate_8h_business"].tolist() == pytest.approx([1 / 3])
    assert "mon-fri 09:00-18:00" in (out / "report.html").read_text(encoding="utf-8")


def test_kpis_reads_what_annotate_wrote(tmp_path: Path) -> None:
    labelled, table = tmp_path / "labelled.csv", tmp_path / "kpis.csv"
    assert run("annotate", str(SAMPLE), "-o", str(labelled)).returncode == 0
    done = run("kpis", str(labelled), "--every", "week", "--by", "brand", "-o", str(table))
    assert done.returncode == 0, done.stderr
    assert len(pd.read_csv(table)) > 20


def test_annotate_gives_one_row_for_each_row_and_reads_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("annotate", "-", "-o", str(out), stdin="评论,评分\n送得快,5\n,3\n太差了,1\n".encode("gb18030"))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in rows] == [1, 2, 3]
    assert rows[1]["set_aside"] == "empty"
    assert rows[1]["sentiment"] is None
    assert rows[2]["sentiment"] == "negative"


def test_platforms_lists_and_checks(tmp_path: Path) -> None:
    assert "jd" in run("platforms").stdout
    done = run("platforms", "check", str(SAMPLE))
    assert done.returncode == 0, done.stderr
    assert "评论内容" in done.stdout


def test_doctor_finds_a_sound_installation() -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "canary" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["analyze", "nowhere.csv"], "nowhere.csv"),
        (["annotate", "empty.csv", "-o", "out.csv"], "empty"),
        (["annotate", "picture.csv", "-o", "out.csv"], "picture.csv"),
        (["annotate", "dump.csv", "-o", "out.docx"], ".parquet"),
        (["annotate", "dump.csv", "-o", "out.csv", "--model", "no-such-model"], "no-such-model"),
        (["annotate", "dump.csv", "-o", "out.csv", "--map", "text"], "COLUMN=HEADER"),
        (["annotate", "dump.csv", "-o", "out.csv", "--map", "text=nope"], "nope"),
        (["annotate", "dump.csv", "-o", "out.csv", "--platform", "jdd"], "jd"),
        (["annotate", "dump.csv", "-o", "out.csv", "--tz", "Mars/Base"], "Mars/Base"),
        (["annotate", "dump.csv", "-o", "out.csv", "--encoding", "utf-99"], "utf-99"),
        (["kpis", "none.parquet"], "none.parquet"),
        (["kpis", "dump.csv"], "feedback-nlp annotate"),
        (["nonsense"], "nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_gets_exit_code_2_and_a_message_without_a_traceback(
    words: list[str], told: str, tmp_path: Path
) -> None:
    (tmp_path / "dump.csv").write_text("评论,评分\n送得快,5\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_version_and_help() -> None:
    runner = CliRunner()
    assert __version__ in runner.invoke(app, ["--version"]).output
    for words in ([], ["--help"], ["analyze", "--help"], ["platforms", "--help"]):
        assert "Usage" in runner.invoke(app, words).output


def test_a_run_that_was_broken_off_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedback_nlp.annotate import Annotator
    from feedback_nlp.engines.dump import annotate_dump

    dump, out = tmp_path / "dump.csv", tmp_path / "out.parquet"
    dump.write_text("评论\n" + "".join(f"第{i}次购买，质量不错\n" for i in range(12_000)), encoding="utf-8")
    real, calls = Annotator.labels, []

    def failing(self: Annotator, frame: pd.DataFrame) -> pd.DataFrame:
        calls.append(len(frame))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, frame)

    monkeypatch.setattr(Annotator, "labels", failing)
    with pytest.raises(KeyboardInterrupt):
        annotate_dump([dump], out)
    ledger = annotate_dump([dump], out)
    assert sum(calls[:1] + calls[2:]) == 12_000, "the chunk that was done is not labelled again"
    assert ledger.balanced
    assert not list(tmp_path.glob("*.work"))
