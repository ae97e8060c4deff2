"""Fixed ranges for an int8 graph, so that a text's labels do not hang on its neighbours in the batch.

Dynamic quantisation measures the range of each activation anew over a whole batch: the same text could get another
label beside other texts, or in a run cut at other rows. Ranges measured once, over many texts, give one answer a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.training.batches import Ids, padded, whole_batches, windowed

Range = tuple[float, float]
_DYNAMIC = "DynamicQuantizeLinear"
_STEPS = 255  # between the least and the greatest uint8


def fix_ranges(path: Path, rows: Sequence[Ids], *, window: int, budget: int = 4000) -> None:
    """Rewrite the dynamically quantised graph at `path` to quantise by the ranges its activations take over `rows`.

    Values beyond a range are clipped to it, so `rows` should be some thousand texts of every kind.
    """
    import onnx

    model = onnx.load(str(path))
    measured = [node for node in model.graph.node if node.op_type == _DYNAMIC]
    names = list(dict.fromkeys(node.input[0] for node in measured))
    ranges = _ranges(model, names, [windowed(row, window) for row in rows], budget)
    for node in measured:
        model.graph.initializer.extend(_constants(node, ranges[node.input[0]]))
    nodes = [_fixed(node) if node.op_type == _DYNAMIC else node for node in model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, str(path))


def _ranges(model: Any, names: Sequence[str], rows: Sequence[Ids], budget: int) -> dict[str, Range]:
    """Least and greatest value of each named activation over the rows; every range holds 0."""
    import onnx
    from onnxruntime import InferenceSession

    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    for name in names:
        probe.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    low, high = np.zeros(len(names)), np.zeros(len(names))
    session = InferenceSession(probe.SerializeToString())
    for batch in whole_batches(rows, budget=budget):
        ids, mask = padded([rows[row] for row in batch])
        found = session.run(names, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        low = np.minimum(low, [values.min() for values in found])
        high = np.maximum(high, [values.max() for values in found])
    return {name: (float(a), float(b)) for name, a, b in zip(names, low, high, strict=True)}


def _constants(node: Any, span: Range) -> list[Any]:
    from onnx import numpy_helper

    low, high = span
    scale = max(high - low, 1e-8) / _STEPS
    _, scale_name, zero_name = node.output
    return [
        numpy_helper.from_array(np.array(scale, np.float32), scale_name),
        numpy_helper.from_array(np.array(round(-low / scale), np.uint8), zero_name),
    ]


def _fixed(node: Any) -> Any:
    from onnx import helper

    quantised, scale, zero = node.output
    return helper.make_node("QuantizeLinear", [node.input[0], scale, zero], [quantised], name=node.name)
