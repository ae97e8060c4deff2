"""A network comes back from its graph: the same but for what int8 rounds away, and only into its own shape."""

from __future__ import annotations

import copy
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from feedback_nlp.errors import ModelError, TrainingError
from feedback_nlp.training.export import export_onnx
from feedback_nlp.training.network import Network
from feedback_nlp.training.restore import restore
from feedback_nlp.training.train import Run, train

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trained(network: Network) -> Network:
    """As if trained: no two weights are alike. The exporter keeps constants that are alike once."""
    other, noise = copy.deepcopy(network), torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weight in other.parameters():
            weight.add_(0.1 * torch.randn(weight.shape, generator=noise))
    return other


@pytest.fixture(scope="module")
def graph(trained: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    rows = [rng.integers(5, 60, rng.integers(1, 30)).astype(np.int32) for _ in range(50)]
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_onnx(trained, path, rows, window=32)
    return path


def blank(network: Network) -> Network:
    other = copy.deepcopy(network)
    with torch.no_grad():
        for weight in other.parameters():
            weight.fill_(7)
    return other


def test_every_weight_comes_back(trained: Network, graph: Path) -> None:
    found = restore(graph, blank(trained)).state_dict()
    for name, weight in trained.state_dict().items():
        step = weight.abs().max() / 127
        torch.testing.assert_close(found[name], weight, rtol=0, atol=float(step), msg=name)


def test_a_network_of_another_shape_is_refused(network: Network, graph: Path) -> None:
    encoder = replace(network.shape.encoder, layers=1)
    with pytest.raises(TrainingError, match="no network of the recipe's shape"):
        restore(graph, Network(replace(network.shape, encoder=encoder)))


def test_a_run_does_not_go_on_from_what_is_no_model(tmp_path: Path) -> None:
    recipe = ROOT / "models" / "feedback-zh-en" / "recipe.toml"
    work = tmp_path / "work"
    run = Run(tmp_path, ROOT / "corpora" / "datasets", work, tmp_path / "model", recipe, start=tmp_path)
    with pytest.raises(ModelError, match="is not a model"):
        train(run)
    assert not work.exists()
