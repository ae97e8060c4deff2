"""The network's laws: padding changes nothing, unknown labels teach nothing, BERT's names compute the same."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch

from feedback_nlp.training.encoder import Encoder, as_bert
from feedback_nlp.training.export import OUTPUTS, Heads, export_onnx
from feedback_nlp.training.losses import HeadWeights, TargetBatch, sentiment_loss, total_loss
from feedback_nlp.training.network import Network


@pytest.fixture(scope="module")
def ids() -> torch.Tensor:
    return torch.randint(5, 60, (4, 9), generator=torch.Generator().manual_seed(1))


def test_padding_changes_nothing(network: Network, ids: torch.Tensor) -> None:
    mask = torch.ones_like(ids)
    wide = torch.nn.functional.pad(ids, (0, 7))
    padded = network(wide, torch.nn.functional.pad(mask, (0, 7)))
    torch.testing.assert_close(padded, network(ids, mask), rtol=1e-4, atol=1e-4)


def test_votes_add_up_and_features_give_the_same_logits(network: Network, ids: torch.Tensor) -> None:
    mask = torch.ones_like(ids)
    total = network(ids, mask)
    torch.testing.assert_close(sum(network.votes(ids, mask)), total)
    logits, features = network.read_all(ids, mask)
    torch.testing.assert_close(logits, total)
    assert features.shape == (4, 2 * 16 + 2 * 8)


def test_bert_computes_the_same(network: Network) -> None:
    torch.manual_seed(5)
    encoder = Encoder(network.shape.encoder).eval()
    ids = torch.randint(5, 60, (3, 8))
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    ours = encoder(encoder.words(ids), mask)
    theirs = as_bert(encoder)(input_ids=ids, attention_mask=mask).last_hidden_state
    torch.testing.assert_close(ours[mask == 1], theirs[mask == 1], rtol=1e-3, atol=1e-4)


def test_a_binary_label_leaves_neutral_and_mixed_alone() -> None:
    logits = torch.zeros(1, 4, requires_grad=True)
    sentiment_loss(logits, torch.tensor([1]), torch.tensor([0b0101])).sum().backward()
    assert logits.grad is not None
    assert logits.grad[0, [1, 3]].abs().max() < 1e-6
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]


def test_a_row_that_knows_nothing_teaches_nothing(network: Network) -> None:
    logits = torch.randn(2, network.shape.outputs, requires_grad=True)
    nothing = TargetBatch(
        allowed=torch.zeros(2, dtype=torch.long),
        candidates=torch.zeros(2, dtype=torch.long),
        flags=torch.full((2, 6), -1.0),
        severity=torch.full((2,), -1),
        topics=torch.full((2, 3), -1),
        weights=torch.ones(2, 3),
    )
    loss = total_loss(logits, nothing, HeadWeights())
    loss.backward()
    assert loss.item() == 0
    assert logits.grad is not None
    assert logits.grad.abs().max() == 0


@pytest.fixture(scope="module")
def exported(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import onnxruntime

    path = tmp_path_factory.mktemp("export") / "model.onnx"
    rows = [np.random.default_rng(seed).integers(5, 60, 3 + seed % 20, np.int32) for seed in range(200)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_onnx(network, path, rows, window=32)
    return onnxruntime.InferenceSession(str(path))


def logits_of(session: Any, ids: torch.Tensor, mask: torch.Tensor) -> list[np.ndarray]:
    return list(session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}))


def test_the_exported_graph_gives_the_networks_logits(
    exported: Any, network: Network, ids: torch.Tensor
) -> None:
    assert [output.name for output in exported.get_outputs()] == list(OUTPUTS)
    mask = torch.ones_like(ids)
    found = logits_of(exported, ids, mask)
    for ours, theirs in zip(Heads(network)(ids, mask), found, strict=True):
        np.testing.assert_allclose(ours.detach().numpy(), theirs, atol=0.1)


def test_a_texts_logits_do_not_hang_on_its_neighbours(exported: Any, ids: torch.Tensor) -> None:
    """Beside a long text whose numbers are large, which a range measured over the batch would stretch to."""
    alone = logits_of(exported, ids[:1], torch.ones_like(ids[:1]))
    both = torch.zeros(2, 32, dtype=ids.dtype)
    both[0, :9], both[1] = ids[0], 59
    beside = logits_of(exported, both, (both > 0).to(ids.dtype))
    for one, other in zip(alone, beside, strict=True):
        np.testing.assert_allclose(one[0], other[0], atol=1e-4)
