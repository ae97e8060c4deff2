"""An exported graph is held to the labels of the network it was made of."""

from __future__ import annotations

import copy
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from feedback_nlp.errors import TrainingError
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.agreement import agreement, check_agreement
from feedback_nlp.training.batches import encode
from feedback_nlp.training.calibrate import Calibration
from feedback_nlp.training.export import export_onnx
from feedback_nlp.training.network import SEVERITIES, Network
from feedback_nlp.training.package import write_package
from feedback_nlp.training.recipe import read_recipe
from feedback_nlp.training.tokenizer import build_tokenizer

RECIPE_FILE = Path(__file__).parents[2] / "models" / "feedback-zh-en" / "recipe.toml"
WORDS = [f"word{letter}" for letter in "abcdefghijklmnopqrst"]
TOPICS = ("delivery", "service", "price")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, rng.integers(1, 40))) for _ in range(300)]


@pytest.fixture(scope="module")
def folder(network: Network, texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("model")
    tokenizer = build_tokenizer(
        [(word, -3.0) for word in WORDS] + [(c, -9.0) for c in "abcdefghijklmnopqrst"]
    )
    tokenizer.save(str(place / "tokenizer.json"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_onnx(network, place / "model.onnx", encode(texts, tokenizer), window=32)
    recipe = replace(read_recipe(RECIPE_FILE, "cpu"), window=32, overlap=8)
    heads = {
        name: Calibration({"zh": 1.0, "en": 1.0}) for name in ("sentiment", "severity", "topics", *FLAGS)
    }
    write_package(place, heads, recipe, TOPICS)
    return place


def test_every_head_is_compared_on_windows_of_long_texts_too(
    network: Network, folder: Path, texts: list[str]
) -> None:
    found = agreement(network, folder, texts)
    assert set(found) == {"sentiment", "severity", "topics", *FLAGS}
    assert min(found.values()) > 0.9


def test_a_graph_of_another_network_is_refused(network: Network, folder: Path, texts: list[str]) -> None:
    other = copy.deepcopy(network)
    with torch.no_grad():
        other.vote.bias[len(SENTIMENTS) + SEVERITIES] -= 50  # the first flag: never yes
    found = agreement(other, folder, texts)
    assert found["severity"] > 0.9
    with pytest.raises(TrainingError, match=r"complaint as in float on \d"):
        check_agreement(found)
