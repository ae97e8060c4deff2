"""The terminal: hostile dumps are shown, not obeyed; pipes may close; any encoding will do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HOSTILE = "\x1b[31mred\x1b[0m \u202eevil"
PROGRAM = [sys.executable, "-c", "from feedback_nlp.cli import main; main()"]


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "dump.csv"
    names = f'[bold]列[/] {HOSTILE},"评论内容",品牌'
    brands = ("[bold red]X[/] [/nope]", "=cmd|' /C calc'!A0", HOSTILE)
    rows = "".join(
        f"{HOSTILE},送货太慢了，客服也不回复 {HOSTILE} [/x],{brand}\n".replace("，", "、") for brand in brands
    )
    path.write_text(f"{names}\n{rows}", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def labelled(dump: Path) -> Path:
    path = dump.with_name("labelled.csv")
    subprocess.run([*PROGRAM, "annotate", str(dump), "-o", str(path)], check=True, capture_output=True)
    return path


@pytest.mark.parametrize("words", [("platforms", "check"), ("triage",)])
def test_a_hostile_dump_is_shown_and_not_obeyed(dump: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run([*PROGRAM, *words, str(dump)], capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_names_of_groups_are_text_and_no_markup(labelled: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "kpis", str(labelled), "--by", "brand"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "[bold red]X[/] [/nope]" in done.stdout.decode()
    assert "\x1b" not in done.stdout.decode()


def test_a_reader_that_leaves_is_no_failure(dump: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "platforms", "check", str(dump)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_terminal_without_chinese_still_works(dump: Path) -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*PROGRAM, "platforms", "check", str(dump)], capture_output=True, env=plain, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"platform:" in done.stdout


def test_ctrl_c_says_what_to_do_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "annotate", "-", "-o", str(tmp_path / "a.csv")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        time.sleep(3)  # it now waits for standard input
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        process.wait()
    assert process.returncode == 130
    assert said.count("\n") == 1
    assert "Run the same command again" in said
