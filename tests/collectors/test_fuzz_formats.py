"""Mutated files of every format: rows or a FeedbackError with a message, in time, and no row lost."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load_benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"
    spec = importlib.util.spec_from_file_location("feedback_fuzz", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK = load_benchmark()
FILES = 60


@pytest.mark.parametrize("kind", BENCHMARK.SAMPLES)
def test_mutated_files_are_read_or_refused(kind: str, tmp_path: Path) -> None:
    outcomes = BENCHMARK.fuzz(kind, FILES, seed=7, folder=tmp_path)
    assert [outcome.verdict for outcome in outcomes if outcome.failed] == []


@pytest.mark.parametrize("kind", BENCHMARK.SAMPLES)
def test_sound_files_are_all_read(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BENCHMARK, "mutate", lambda data, rng: data)
    monkeypatch.setattr(BENCHMARK, "_flip_one", lambda data, rng: data)
    outcomes = BENCHMARK.fuzz(kind, 5, seed=7, folder=tmp_path)
    assert {outcome.verdict for outcome in outcomes} == {"read"}
