"""The tiny model every test of classifiers may use."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from feedback_nlp.classifiers.embedded import EmbeddedClassifier


@pytest.fixture(scope="session")
def tiny_module() -> ModuleType:
    """The module that makes tiny models, so that a test can ask for one of its own."""
    spec = importlib.util.spec_from_file_location("tiny", Path(__file__).with_name("tiny.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made(tiny_module: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_module.make(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    """A model directory a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "tiny"))


@pytest.fixture(scope="session")
def classifier(made: Path) -> EmbeddedClassifier:
    return EmbeddedClassifier(made, threads=1)
