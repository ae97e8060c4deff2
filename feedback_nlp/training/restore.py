"""The network of a model written before, read back from its int8 graph, so that a run can go on from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.errors import TrainingError
from feedback_nlp.training.network import Network

_OWN = "network."  # before the name of a weight that the graph keeps as it was
_TURNED = "_Transposed"  # after it, where it is kept the other way round
_SMALL = "_quantized"
_OF_LAYER = ("qkv", "out", "wide", "narrow")


def restore(graph: Path, network: Network) -> Network:
    """The network given, with the weights that `export_onnx` wrote to `graph`, less what int8 rounded away.

    Raises:
        TrainingError: the graph was not written from a network of this shape.
    """
    import onnx
    from onnx import numpy_helper

    kept = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(graph)).graph.initializer}
    found = {**_floats(kept), **_table(kept), **_matrices(kept, network), **_biases(kept, network)}
    own = network.state_dict()
    if {name: value.shape for name, value in found.items()} != {n: tuple(w.shape) for n, w in own.items()}:
        raise TrainingError(
            f"{graph} holds no network of the recipe's shape. Use the recipe that it was trained by."
        )
    network.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in found.items()})
    return network


def _floats(kept: dict[str, Any]) -> dict[str, Floats]:
    named = {name.removeprefix(_OWN): value for name, value in kept.items() if name.startswith(_OWN)}
    return {
        name.removesuffix(_TURNED): value.T if name.endswith(_TURNED) else value
        for name, value in named.items()
    }


def _table(kept: dict[str, Any]) -> dict[str, Floats]:
    """The embeddings: the one table of int8 that no matrix product reads, and a scale for each of its rows."""
    for name, cells in kept.items():
        if cells.dtype == np.int8 and cells.ndim == 2 and not name.endswith(_SMALL):
            scale = next((v for v in kept.values() if v.shape == (len(cells), 1)), None)
            return {} if scale is None else {"encoder.words.weight": cells.astype(np.float32) * scale}
    return {}


def _matrices(kept: dict[str, Any], network: Network) -> dict[str, Floats]:
    """The int8 matrices stand in the order of the layers; the windows' patterns come last."""
    layers = range(network.shape.encoder.layers)
    names = [f"encoder.stack.{i}.{part}.weight" for i in layers for part in _OF_LAYER]
    roots = [name.removesuffix(_SMALL) for name in kept if name.endswith(_SMALL)]
    return {
        name: (kept[root + _SMALL].astype(np.float32) * kept[f"{root}_scale"]).T
        for name, root in zip([*names, "windows.patterns.weight"], roots, strict=False)
    }


def _biases(kept: dict[str, Any], network: Network) -> dict[str, Floats]:
    """The windows' biases: the graph takes their rows apart and leaves them their order, but no name."""
    rows = [
        value
        for name, value in kept.items()
        if value.dtype == np.float32
        and value.shape == (network.shape.channels,)
        and name.startswith("select")
    ]
    return {"windows.bias": np.stack(rows)} if rows else {}
