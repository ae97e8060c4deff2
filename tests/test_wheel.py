"""The wheel alone is the product: built, installed beside nothing of the checkout, run without a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NO_SOCKETS = """
import socket
def _refused(*_, **__):
    raise RuntimeError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = _refused
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_is_small_and_holds_the_model_but_no_dump(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("feedback-zh-en/model.onnx") for name in names)
    assert any(name.endswith("platforms/jd.toml") for name in names)
    assert not [name for name in names if name.endswith((".parquet", ".csv", ".xlsx", ".pkl", ".pt"))]
    assert wheel.stat().st_size < 25e6


def test_the_installed_wheel_analyses_a_dump_without_a_network(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, with_pip=False)
    site = next((environment / "lib").glob("python*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "libraries.pth").write_text(
        sysconfig.get_path("purelib") + "\n"
    )  # the dependencies, not our checkout
    (site / "sitecustomize.py").write_text(NO_SOCKETS)
    dump = tmp_path / "dump.csv"
    dump.write_text("评论内容,评分,时间\n物流太慢了,1,2026-01-02\n质量很好,5,2026-01-03\n", encoding="utf-8")
    command = [str(environment / "bin" / "python"), "-I", "-c"]
    where = subprocess.run(
        [*command, "import feedback_nlp; print(feedback_nlp.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert Path(where.stdout.strip()).is_relative_to(environment)
    done = subprocess.run(
        [
            *command,
            "import sys; sys.argv = ['feedback-nlp', 'analyze', 'dump.csv', '-o', 'out']; from feedback_nlp.cli import main; main()",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert {"labelled.parquet", "kpis.csv", "report.html", "ledger.json", "rejects.jsonl"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
