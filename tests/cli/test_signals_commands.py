"""The commands that watch, explain and compare, as a user or cron meets them: exit codes, JSON, tables, a webhook."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.cli import main

START = dt.date(2023, 1, 2)
WEEKS, TURN = 40, 36
BEFORE, AFTER = "2023-01-02..2023-09-10", "2023-09-11..2023-10-08"
SECRET = "快递迟到三天"
"""What the comments of the turn say; no webhook may hear it."""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty weeks; from week 36 on deliveries in the south are late."""
    rng = np.random.default_rng(5)
    n = WEEKS * 60
    week = np.repeat(np.arange(WEEKS), 60)
    south = rng.random(n) < 0.5
    late = rng.random(n) < np.where((week >= TURN) & south, 0.6, 0.05)
    mood = np.where(late, "negative", np.where(rng.random(n) < 0.8, "positive", "neutral"))
    rows = pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(n)],
            "set_aside": pd.Series([None] * n, dtype="string"),
            "text": np.where(late, SECRET, "味道不错"),
            "lang": "zh",
            "day": [START + dt.timedelta(days=int(w) * 7 + i % 7) for i, w in enumerate(week)],
            "region": np.where(south, "华南", "华东"),
            "product": pd.Series([None] * n, dtype="string"),
            "complaint": late,
            "p_complaint": np.where(late, 0.9, 0.1),
            "sentiment": mood,
            "p_negative": np.where(late, 0.9, 0.1),
            "p_positive": np.where(late, 0.1, 0.9),
            "rating": np.where(late, 1.0, 5.0),
            "topic_delivery": pd.Series(np.where(late, -1, None), dtype="Int8"),
        }
    )
    path = tmp_path_factory.mktemp("signals") / "labelled.parquet"
    rows.to_parquet(path)
    return path


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that keeps what is posted to it; /broken answers 503."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(503 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()
    thread.join()


def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the program."""
    monkeypatch.setattr("sys.argv", ["feedback-nlp", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_alerts_that_fire_are_told_written_and_end_with_3(labelled, tmp_path, capsys, monkeypatch):
    path = tmp_path / "alerts.json"
    code, out, _ = run(capsys, monkeypatch, "alerts", labelled, "--by", "region", "-o", path)
    assert code == 3
    assert "complaint_rate" in out
    assert "region=华南" in out
    found = json.loads(path.read_text(encoding="utf-8"))
    assert {each["group"]["region"] for each in found} == {"华南"}
    assert {each["period"] for each in found} <= {"2023-09-11", "2023-09-18", "2023-09-25", "2023-10-02"}
    worst = next(each for each in found if each["kpi"] == "complaint_rate")
    assert worst["direction"] == "up"
    assert worst["low"] <= worst["expected"] <= worst["high"] < worst["observed"]
    assert worst["examples"]
    assert worst["drivers"][0]["group"] == "delivery"


def test_no_alert_ends_with_0_and_says_what_was_judged(labelled, tmp_path, capsys, monkeypatch):
    path = tmp_path / "alerts.json"
    quiet = ["alerts", labelled, "--kpis", "volume", "-o", path]
    code, out, _ = run(capsys, monkeypatch, *quiet)
    assert (code, json.loads(path.read_text(encoding="utf-8"))) == (0, [])
    assert "no alerts" in out
    assert "8 earlier periods" in out


def test_a_webhook_hears_numbers_and_ids_but_no_words(labelled, inbox, capsys, monkeypatch):
    url, got = inbox
    assert run(capsys, monkeypatch, "alerts", labelled, "--post", f"{url}/hook")[0] == 3
    body = json.loads(got[0])
    assert body["alerts"] == len(body["items"]) > 0
    assert body["items"][0]["examples"]
    told = got[0].decode()
    assert json.loads(told, parse_constant=pytest.fail)
    assert SECRET not in told
    assert "迟到" not in told
    assert "phrases" not in told


def test_a_webhook_hears_nothing_when_nothing_fires(labelled, inbox, capsys, monkeypatch):
    url, got = inbox
    assert run(capsys, monkeypatch, "alerts", labelled, "--kpis", "volume", "--post", url)[0] == 0
    assert not got


def test_a_webhook_that_fails_ends_with_1_after_the_alerts_are_told(labelled, inbox, capsys, monkeypatch):
    code, out, err = run(capsys, monkeypatch, "alerts", labelled, "--post", f"{inbox[0]}/broken")
    assert code == 1
    assert "complaint_rate" in out
    assert "503" in err


def test_drivers_name_both_spans_and_add_up(labelled, tmp_path, capsys, monkeypatch):
    path = tmp_path / "drivers.json"
    code, out, _ = run(capsys, monkeypatch, "drivers", labelled, "--before", BEFORE, "--after", AFTER, "-o", path)  # fmt: skip
    assert code == 0
    assert "2023-01-02 to 2023-09-10" in out
    assert "2023-09-11 to 2023-10-08" in out
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["days_after"] == ["2023-09-11", "2023-10-08"]
    assert set(found["effects"]) == {"topic", "region"}, "a column without values explains nothing"
    for effects in found["effects"].values():
        assert sum(each["total"] for each in effects) == pytest.approx(found["change"])
    assert found["effects"]["region"][0]["group"] == "华南"
    assert any("迟到" in phrase["phrase"] for phrase in found["phrases"])


def test_compare_groups_with_chinese_names(labelled, tmp_path, capsys, monkeypatch):
    path = tmp_path / "compare.json"
    code, out, _ = run(capsys, monkeypatch, "compare", labelled, "--group", "region=华东,华南", "-o", path)
    assert code == 0
    assert "华东" in out
    found = json.loads(path.read_text(encoding="utf-8"))
    rate = next(each for each in found if each["kpi"] == "complaint_rate")
    assert (rate["a"]["name"], rate["b"]["name"]) == ("华东", "华南")
    assert 0 < rate["low"] < rate["value"] < rate["high"]
    assert rate["p"] <= rate["p_adjusted"] < 0.01


def test_compare_spans_of_days(labelled, capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "compare", labelled, "--before", BEFORE, "--after", AFTER, "--kpis", "csat")  # fmt: skip
    assert code == 0
    assert "2023-01-02…2023-09-10" in out
    assert out.count("csat") == 1


def test_a_comparison_without_data_is_null_in_json(labelled, tmp_path, capsys, monkeypatch):
    path = tmp_path / "compare.json"
    words = ["compare", labelled, "--group", "region", "--kpis", "severity_index", "-o", path]
    rows = pd.read_parquet(labelled).assign(severity=np.nan)
    rows.to_parquet(tmp_path / "labelled.parquet")
    words[1] = tmp_path / "labelled.parquet"
    assert run(capsys, monkeypatch, *words)[0] == 0
    (found,) = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert (found["value"], found["p"], found["method"]) == (None, None, "no data")


MISTAKES = [
    (["alerts", "--kpis", "complaints"], "complaint_rate"),
    (["alerts", "--by", "regio"], "regio"),
    (["alerts", "--baseline", "2023-01-02"], "FROM..TO"),
    (["alerts", "--baseline", "2023-03-02..2023-01-02"], "before it begins"),
    (["alerts", "--baseline", "2023-01-02..2023-02-05"], "8 are needed"),
    (["alerts", "--every", "fortnight"], "fortnight"),
    (["alerts", "--kpis", "volume", "--post", "ftp://example.org"], "https://"),
    (["drivers", "--before", BEFORE, "--after", BEFORE], "overlap"),
    (["drivers", "--before", "1999-01-01..1999-12-31", "--after", AFTER], "1999-01-01"),
    (["drivers", "--before", BEFORE, "--after", AFTER, "--kpi", "volume"], "count"),
    (["drivers", "--before", BEFORE, "--after", AFTER, "--kpi", "topic_index"], "topic"),
    (["compare"], "--group"),
    (["compare", "--group", "region", "--before", BEFORE], "--group"),
    (["compare", "--group", "region=华东,华北"], "华北"),
    (["compare", "--group", "region", "--against", "华北"], "华东, 华南"),
    (["compare", "--group", "product"], "none"),
    (["compare", "--group", "topic"], "topic"),
    (["compare", "--group", "region", "--kpis", "volume"], "count"),
    (["compare", "--before", "1999-01-01..1999-12-31", "--after", AFTER], "1999-01-01 to 1999-12-31"),
]


@pytest.mark.parametrize(("words", "told"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_is_told_in_plain_words(labelled, words, told, capsys, monkeypatch):
    code, _, err = run(capsys, monkeypatch, words[0], labelled, *words[1:])
    assert code == 2
    assert told in err
    assert "Traceback" not in err
