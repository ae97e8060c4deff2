"""Throughput of the shipped model beside SnowNLP, VADER and an encoder of DistilBERT's size, on the same texts in the same run.

    python benchmarks/speed.py --data ../shared/data [-n 2000] [--model feedback-zh-en] [--threads 2] [--json out.json]

Ratios are what counts: every figure comes from one machine in one run. SnowNLP, VADER and the large encoder are given fewer
texts (they are slow), a sample of the same ones. The large encoder has random weights: its speed does not depend on them.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.classifiers import DEFAULT, batches, find
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.tokens import pad

SETS = {"zh": "online_shopping_10_cats", "en": "trustpilot_pet"}
BUDGETS = (32, 512, 2048, 4096, 8192, 16384)
LARGE = {"size": 768, "layers": 6, "heads": 12, "inner": 3072, "vocabulary": 30522}
ROUNDS = 3


def texts_of(data: Path, language: str, count: int) -> list[str]:
    """`count` different texts of a set, drawn with a fixed seed."""
    frame = pd.read_parquet(data / "labelled" / f"{SETS[language]}.parquet", columns=["text"])
    different = frame["text"].drop_duplicates()
    return different.sample(min(count, len(different)), random_state=0).tolist()


def rate(label: Callable[[Sequence[str]], object], texts: Sequence[str], *, rounds: int = ROUNDS) -> float:
    """Texts a second: the best of `rounds` after a warm-up, so that a busy neighbour spoils no figure."""
    label(texts[: min(32, len(texts))])
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        label(texts)
        best = min(best, time.perf_counter() - start)
    return len(texts) / best


def snownlp(texts: Sequence[str]) -> list[float]:
    """Sentiments by SnowNLP."""
    from snownlp import SnowNLP

    return [SnowNLP(text).sentiments if text.strip() else 0.5 for text in texts]


def vader() -> Callable[[Sequence[str]], list[float]]:
    """Compound scores by VADER."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda texts: [analyzer.polarity_scores(text)["compound"] for text in texts]


def large_encoder(
    folder: Path, model: EmbeddedClassifier, *, threads: int
) -> Callable[[Sequence[str]], object]:
    """An encoder of DistilBERT's size, random weights, dynamic int8, in onnxruntime with the same batches and tokens."""
    import onnxruntime

    path = folder / "large-int8.onnx"
    if not path.is_file():
        make_large(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def label(texts: Sequence[str]) -> list[Any]:
        rows = [ids[:128] for ids in model._encoder.rows(texts, model.manifest).ids]
        found = []
        for part in batches.by_length([len(row) for row in rows]):
            ids, mask = pad([rows[i] for i in part], padding=0)
            ids = ids % LARGE["vocabulary"]
            found.append(session.run(None, {"input_ids": ids, "attention_mask": mask}))
        return found

    return label


def make_large(path: Path) -> None:
    """Write the large encoder as int8 ONNX."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    config = DistilBertConfig(
        dim=LARGE["size"],
        n_layers=LARGE["layers"],
        n_heads=LARGE["heads"],
        hidden_dim=LARGE["inner"],
        vocab_size=LARGE["vocabulary"],
        attn_implementation="eager",
        return_dict=False,
    )
    network = DistilBertForSequenceClassification(config).eval()
    example = torch.ones((2, 16), dtype=torch.long)
    plain = path.with_name("large.onnx")
    axes = {"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}}
    names = list(axes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's notes on tracing
        torch.onnx.export(
            network,
            (example, example),
            str(plain),
            input_names=names,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8)
    plain.unlink()


def rivals(
    data: Path, model: EmbeddedClassifier, count: int, *, scratch: Path, threads: int
) -> Iterator[dict[str, object]]:
    """One line a language and rival: texts a second of each, and how many times as fast the model is."""
    few = max(20, count // 10)
    large = large_encoder(scratch, model, threads=threads)
    for language, rival in (("zh", snownlp), ("en", vader())):
        texts = texts_of(data, language, count)
        here = rate(model.predict, texts)
        name = "SnowNLP" if language == "zh" else "VADER"
        for other, label, given in ((name, rival, texts[:few]), ("DistilBERT-size int8", large, texts[:few])):
            theirs = rate(label, given, rounds=1 if other == "SnowNLP" else ROUNDS)
            yield {
                "set": SETS[language],
                "rival": other,
                "here": here,
                "theirs": theirs,
                "ratio": here / theirs,
            }


def budgets(data: Path, model: EmbeddedClassifier, count: int) -> Iterator[dict[str, object]]:
    """Texts a second by token budget of a batch, and one text at a time."""
    texts = [*texts_of(data, "zh", count // 2), *texts_of(data, "en", count // 2)]
    few = texts[:: max(1, len(texts) // 200)]
    yield {
        "batch": "one text a call",
        "rate": rate(lambda part: [model.predict([text]) for text in part], few),
    }
    for tokens in BUDGETS:
        other = EmbeddedClassifier(model.folder, threads=model.threads, tokens=tokens)
        yield {"batch": f"{tokens} tokens", "rate": rate(other.predict, texts)}


def show(title: str, lines: Sequence[dict[str, object]]) -> None:
    """Print lines as a Markdown table."""
    print(f"\n{title}\n")
    print("| " + " | ".join(lines[0]) + " |")
    print("|" + "---|" * len(lines[0]))
    for line in lines:
        print(
            "| " + " | ".join(f"{v:,.1f}" if isinstance(v, float) else str(v) for v in line.values()) + " |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with labelled/")
    parser.add_argument("-n", type=int, default=2000, help="texts a language")
    parser.add_argument("--model", default=DEFAULT)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scratch", type=Path, default=Path("runs"), help="where the large encoder is kept")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    model = EmbeddedClassifier(find(options.model), threads=options.threads)
    beside = list(rivals(options.data, model, options.n, scratch=options.scratch, threads=options.threads))
    by_budget = list(budgets(options.data, model, options.n))
    show(f"{model.name}, {options.threads} threads, texts a second", beside)
    show("by batch", by_budget)
    mean = np.mean(
        [len(row) for row in model._encoder.rows(texts_of(options.data, "zh", 500), model.manifest).ids]
    )
    print(f"\ntokens a window, {SETS['zh']}: {mean:.1f}")
    if options.json:
        figures = {"model": model.name, "threads": options.threads, "rivals": beside, "batches": by_budget}
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
