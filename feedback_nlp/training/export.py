"""The fitted network as an int8 ONNX graph: ids and mask in, one named output a head."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from feedback_nlp.records import FLAGS
from feedback_nlp.training.batches import Ids
from feedback_nlp.training.network import Network, split_outputs
from feedback_nlp.training.ranges import fix_ranges

INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("sentiment", "severity", *FLAGS, "topics", "features")
_KEPT_FLOAT = "vote"  # the heads are small, and the labels hang on them


class SmallTable(nn.Module):
    """An embedding table in int8 with one scale a row."""

    scale: Tensor
    cells: Tensor

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("cells", (weight / scale).round().to(torch.int8))

    def forward(self, rows: Tensor) -> Tensor:
        """Vectors (…, size) of the rows."""
        return self.cells[rows].to(torch.float32) * self.scale[rows]


class Heads(nn.Module):
    """The network with its logits split by head, in the order of `OUTPUTS`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """Logits by the model contract, then the features that tuning reads."""
        logits, features = self.network.read_all(input_ids, attention_mask)
        sentiment, severity, flags, topics = split_outputs(logits, self.network.shape.topics)
        return sentiment, severity, *flags.unbind(1), topics, features


def export_onnx(network: Network, path: Path, rows: Sequence[Ids], *, window: int) -> None:
    """Write the network, tables and matrices in int8, to `path`. The network given is not changed.

    `rows` are texts by which the ranges of the int8 arithmetic are fixed.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx"
        _export_float(small(network), plain)
        kept = _float_nodes(plain)
        quantize_dynamic(
            plain,
            path,
            op_types_to_quantize=["MatMul", "Gemm"],
            nodes_to_exclude=kept,
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    fix_ranges(path, rows, window=window)


def small(network: Network) -> Network:
    """A copy of the network whose tables are int8."""
    import copy

    twin = copy.deepcopy(network).cpu().eval()
    twin.encoder.words = SmallTable(twin.encoder.words)  # type: ignore[assignment]
    return twin


def _export_float(network: Network, path: Path) -> None:
    ids = torch.randint(5, 100, (3, 17))
    dynamic = {0: torch.export.Dim("batch"), 1: torch.export.Dim("tokens", max=network.shape.encoder.longest)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Heads(network).eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=(dynamic, dynamic),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _float_nodes(path: Path) -> list[str]:
    import onnx

    graph = onnx.load(str(path)).graph
    kept = [
        node.name
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm") and any(_KEPT_FLOAT in name for name in node.input)
    ]
    return [*kept, *(f"{name}_MatMul" for name in kept)]  # so a Gemm is called once it is taken apart
