"""Classifiers with known answers, the tiny model, and what a small network is made by."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from feedback_nlp.classifiers.base import MENTIONS_NONE, Predictions
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.training.encoder import EncoderShape
from feedback_nlp.training.network import Network, NetworkShape
from feedback_nlp.training.recipe import Recipe, read_recipe

RECIPE_FILE = Path(__file__).parents[2] / "models" / "feedback-zh-en" / "recipe.toml"


@dataclass(frozen=True)
class KeywordClassifier:
    """Says what the words in the text say: good, bad, both (mixed) or neither; sure to `p`."""

    p: float = 0.9
    name: str = "keywords@1"
    topics: tuple[str, ...] = ("delivery", "service")
    good: tuple[str, ...] = ("good", "好")
    bad: tuple[str, ...] = ("bad", "差")

    def predict(self, texts: Sequence[str]) -> Predictions:
        good = np.array([any(word in text for word in self.good) for text in texts], dtype=bool)
        bad = np.array([any(word in text for word in self.bad) for text in texts], dtype=bool)
        sentiment = np.where(good & bad, 3, np.where(good, 2, np.where(bad, 0, 1))).astype(np.int8)
        p = np.full((len(texts), 4), (1 - self.p) / 3, dtype=np.float32)
        p[np.arange(len(texts)), sentiment] = self.p
        p_complaint = np.where(bad, self.p, 1 - self.p).astype(np.float32)
        topics = np.full((len(texts), 2), MENTIONS_NONE, dtype=np.int8)
        topics[[("slow" in text or "慢" in text) for text in texts], 0] = -1
        return Predictions(
            sentiment=sentiment,
            p_sentiment=p,
            flags={"complaint": bad},
            p_flags={"complaint": p_complaint},
            severity=np.where(bad, 2, 0).astype(np.int8),
            topics=topics,
            truncated=np.zeros(len(texts), dtype=bool),
        )


@pytest.fixture
def keywords() -> KeywordClassifier:
    return KeywordClassifier()


@pytest.fixture(scope="session")
def tiny_classifier(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedClassifier:
    path = Path(__file__).parents[1] / "classifiers" / "tiny.py"
    spec = importlib.util.spec_from_file_location("tiny", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return EmbeddedClassifier(module.make(tmp_path_factory.mktemp("models") / "tiny"), threads=1)


@pytest.fixture(scope="session")
def small_recipe() -> Recipe:
    """The shipped recipe with a network of 16 numbers a token, over texts of at most 16 tokens."""
    return replace(
        read_recipe(RECIPE_FILE, "cpu"),
        size=16,
        layers=1,
        attention_heads=2,
        inner=16,
        channels=8,
        window=16,
        batch_tokens=300,
    )


@pytest.fixture(scope="module")
def network() -> Network:
    """An untrained network over 60 pieces, always the same."""
    torch.manual_seed(3)
    encoder = EncoderShape(vocabulary=60, size=16, layers=2, attention_heads=2, inner=24, longest=32)
    shape = NetworkShape(encoder=encoder, topics=3, widths=(2, 3), channels=8)
    return Network(shape).eval()
