"""A model directory with random weights, small enough to make in a test: the contract of a shipped model, not its quality."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from feedback_nlp.classifiers.manifest import digest

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789,.!?，。！？的了不很好差快慢送餐退货服务态度质量价格便宜贵喜欢再也来推荐坏请问怎么"
TOPICS = ("quality", "delivery", "service")
FLAGS = ("complaint", "leaving", "returning", "question", "suggestion", "feedback")
DIMENSIONS = 16
WINDOW, OVERLAP = 16, 4


def make(folder: Path, *, seed: int = 0, canary: str = "") -> Path:
    """Write a model into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    onnx.save(make_network(tokenizer.get_vocab_size(), seed=seed), str(folder / "model.onnx"))
    write_manifest(folder, canary=canary)
    return folder


def make_tokenizer() -> Tokenizer:
    vocabulary = {
        token: i for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *dict.fromkeys(CHARACTERS)])
    }
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("."), behavior="isolated")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def make_network(vocabulary: int, *, seed: int) -> onnx.ModelProto:
    """Mean of random token vectors, then one random linear map a head."""
    random = np.random.default_rng(seed)
    shapes = {"sentiment": 4, **dict.fromkeys(FLAGS, 1), "severity": 4, "topics": len(TOPICS) * 4}
    weights = {"table": random.normal(size=(vocabulary, DIMENSIONS)) * 3}
    weights |= {f"w_{name}": random.normal(size=(DIMENSIONS, width)) for name, width in shapes.items()}
    constants = {"two": np.array([2]), "one": np.array([1]), "by_topic": np.array([-1, len(TOPICS), 4])}
    initial = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()]
    initial += [numpy_helper.from_array(value.astype(np.int64), name) for name, value in constants.items()]
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["vectors"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "two"], ["mask3"]),
        helper.make_node("Mul", ["vectors", "mask3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "one"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "one"], ["count"], keepdims=1),
        helper.make_node("Div", ["total", "count"], ["features"]),
    ]
    for name in shapes:
        raw = name if name in ("sentiment", "severity") else f"raw_{name}"
        nodes.append(helper.make_node("MatMul", ["features", f"w_{name}"], [raw]))
        if name in FLAGS:
            nodes.append(helper.make_node("Squeeze", [raw, "one"], [name]))
    nodes.append(helper.make_node("Reshape", ["raw_topics", "by_topic"], ["topics"]))
    rows = ["batch", "tokens"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, rows)
        for name in ("input_ids", "attention_mask")
    ]
    ends = {name: ["batch", width] for name, width in shapes.items()}
    ends |= {
        **dict.fromkeys(FLAGS, ("batch",)),
        "topics": ["batch", len(TOPICS), 4],
        "features": ["batch", DIMENSIONS],
    }
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in ends.items()]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def write_manifest(folder: Path, *, canary: str = "") -> None:
    hashes = "\n".join(f'"{name}" = "{digest(folder / name)}"' for name in ("model.onnx", "tokenizer.json"))
    flags = "\n".join(
        f"[heads.{name}]\ntemperature = {{ zh = 1.5, en = 1.0 }}\nthreshold = {{ zh = 0.5, en = 0.4 }}"
        for name in FLAGS
    )
    (folder / "manifest.toml").write_text(
        f"""
name = "tiny"
version = "1"
languages = ["zh", "en"]
taxonomy = "default"
[window]
tokens = {WINDOW}
overlap = {OVERLAP}
most = 8
[files]
{hashes}
[heads.sentiment]
labels = ["negative", "neutral", "positive", "mixed"]
temperature = {{ zh = 1.2, en = 0.8 }}
bias = {{ zh = [0.0, 0.1, 0.0, -0.1], en = [0.0, 0.0, 0.0, 0.0] }}
{flags}
[heads.severity]
labels = [0, 1, 2, 3]
temperature = {{ zh = 1.0, en = 1.0 }}
[heads.topics]
labels = ["quality", "delivery", "service"]
temperature = {{ zh = 1.0, en = 1.0 }}
threshold = {{ quality = 0.5, delivery = 0.6, service = 0.7 }}
{canary}
""",
        encoding="utf-8",
    )
