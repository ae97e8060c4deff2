"""The shipped kind of model: an ONNX network and a tokenizer in one directory, run by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.classifiers import batches, tuned, wordings
from feedback_nlp.classifiers.base import Floats, Predictions
from feedback_nlp.classifiers.decide import decide, temper
from feedback_nlp.classifiers.join import join, pick
from feedback_nlp.classifiers.manifest import NETWORK, TOKENIZER, Manifest, read, verify
from feedback_nlp.classifiers.tokens import Encoder, Rows, pad, read_encoder
from feedback_nlp.errors import ModelError, UsageError

TEXTS_AT_ONCE = 4096  # how many different texts are held as tokens at a time: memory stays flat
_SLOW_FUSIONS = [
    "SkipLayerNormFusion"
]  # onnxruntime's fused operator took a quarter of the time; without it: +35 %
_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as the network saw them: `scores` has one row a window, `rows` says which window is whose."""

    rows: Rows
    scores: dict[str, Floats]
    languages: list[str]


@dataclass(frozen=True)
class EmbeddedClassifier:
    """A model directory as a classifier; making one reads the manifest only, the first `predict` loads the weights.

    Copies sent to another process carry the directory's name, not the weights. `threads` None means every core
    this process may use; `tokens` is how many a batch may hold, padding included.
    """

    folder: Path
    device: str = "cpu"
    threads: int | None = None
    tokens: int = batches.TOKENS
    manifest: Manifest = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.device not in _PROVIDERS:
            raise UsageError(f"unknown device {self.device!r}. Allowed: {', '.join(_PROVIDERS)}.")
        object.__setattr__(self, "manifest", read(self.folder))

    @property
    def name(self) -> str:
        """name@version of the manifest."""
        return f"{self.manifest.name}@{self.manifest.version}"

    @property
    def topics(self) -> tuple[str, ...]:
        """Ids of the topics it knows, in output order."""
        return self.manifest.topics

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the network's outputs; loads it."""
        return tuple(output.name for output in self._session.get_outputs())

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Labels for `texts`, in their order; equal texts are classified once, long ones in windows.

        Raises:
            ModelError: a file of the model is missing, damaged or does not fit its manifest.
        """
        different, place = batches.distinct(texts)
        parts = [
            self._predict(different[i : i + TEXTS_AT_ONCE]) for i in range(0, len(different), TEXTS_AT_ONCE)
        ]
        return pick(join(parts, topics=self.topics, heads=self.manifest.heads), place)

    def read(self, texts: Sequence[str]) -> Read:
        """Calibrated scores of the windows of `texts`, and the features they were read from; nothing is decided yet."""
        from feedback_nlp.text.language import language

        rows = self._encoder.rows(texts, self.manifest)
        languages = [language(text) for text in texts]
        scores = self._scores(texts, rows)
        return Read(rows, temper(scores, self.manifest, rows.over, languages=languages), languages)

    def _predict(self, texts: Sequence[str]) -> Predictions:
        seen = self.read(texts)
        scores = seen.scores
        if self._tuned:
            shipped = self.manifest.shipped_topics
            scores = tuned.apply(scores, self._tuned, topics=self.topics, shipped=shipped)
        return decide(
            scores, self.manifest, seen.rows.over, languages=seen.languages, truncated=seen.rows.truncated
        )

    def _scores(self, texts: Sequence[str], rows: Rows) -> dict[str, Floats]:
        """Every output for the windows in `rows`, moved by what the wordings of their texts say."""
        known = self._wordings
        if known is None:
            return self._run(rows.ids)
        normalized = self._encoder.normalized(texts)
        if self._workers == 1:
            return known.add(self._run(rows.ids), normalized, rows.over)
        with ThreadPoolExecutor(1) as beside:  # NumPy and onnxruntime hold no lock while they compute
            votes = beside.submit(known.votes, normalized)
            scores = self._run(rows.ids)
        return wordings.moved(scores, votes.result()[rows.over.owner], known.moves)

    def _run(self, ids: Sequence[Sequence[int]]) -> dict[str, Floats]:
        """Every output of the network for the rows of token ids, in their order."""
        parts = list(batches.by_length([len(row) for row in ids], tokens=self.tokens))
        found: dict[str, Floats] = {}
        for part, outputs in zip(parts, self._each(ids, parts), strict=True):
            for name, values in outputs.items():
                if name not in found:
                    found[name] = np.empty((len(ids), *values.shape[1:]), dtype=np.float32)
                found[name][part] = values
        return found

    def _each(
        self, ids: Sequence[Sequence[int]], parts: Sequence[batches.Indices]
    ) -> Iterator[dict[str, Floats]]:
        # One batch a core beats one batch on all cores: a small network is too little work to share out.
        score = partial(_score, self._session, self._encoder.padding, ids)
        threads = min(self._workers, len(parts))
        if threads <= 1 or self.device != "cpu":
            yield from map(score, parts)
            return
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(score, parts)

    @property
    def _workers(self) -> int:
        return self.threads or available_cores()

    @cached_property
    def _verified(self) -> Path:
        verify(self.manifest)
        return self.folder

    @cached_property
    def _encoder(self) -> Encoder:
        return read_encoder(self._verified / TOKENIZER)

    @cached_property
    def _session(self) -> Any:
        session = _open(self._verified / NETWORK, device=self.device)
        outputs = {output.name for output in session.get_outputs()}
        lacking = [name for name in self.manifest.heads if name not in outputs]
        if tuned.FILE in self.manifest.files and tuned.FEATURES not in outputs:
            lacking.append(tuned.FEATURES)
        if lacking:
            raise ModelError(
                f"{self.folder / NETWORK} has no output {lacking[0]!r}, which its manifest names."
            )
        return session

    @cached_property
    def _wordings(self) -> wordings.Wordings | None:
        file = self._verified / wordings.FILE
        return wordings.read(file) if wordings.FILE in self.manifest.files else None

    @cached_property
    def _tuned(self) -> dict[str, tuned.Linear]:
        return tuned.read(self._verified / tuned.FILE) if tuned.FILE in self.manifest.files else {}

    def __getstate__(self) -> dict[str, Any]:
        return {"folder": self.folder, "device": self.device, "threads": self.threads, "tokens": self.tokens}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, manifest=read(state["folder"]))


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _score(
    session: Any, padding: int, ids: Sequence[Sequence[int]], part: batches.Indices
) -> dict[str, Floats]:
    array, mask = pad([ids[i] for i in part], padding=padding)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"input_ids": array, "attention_mask": mask}), strict=True))


def _open(path: Path, *, device: str) -> Any:
    import onnxruntime

    if _PROVIDERS[device] not in onnxruntime.get_available_providers():
        raise UsageError(
            f"this onnxruntime cannot use {device!r}; it offers {', '.join(onnxruntime.get_available_providers())}. "
            "Install onnxruntime-gpu, or use device='cpu'."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=[_PROVIDERS[device]], disabled_optimizers=_SLOW_FUSIONS
        )
    except Exception as error:  # onnxruntime's own classes, none of them public
        raise ModelError(f"{path} cannot be loaded: {error}. Copy the model directory again.") from None
