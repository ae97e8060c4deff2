"""Any Hugging Face sequence classifier as a classifier of feedback: its labels mapped to ours, long texts in windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.classifiers import batches, windows
from feedback_nlp.classifiers.base import Floats, Predictions
from feedback_nlp.classifiers.decide import softmax
from feedback_nlp.classifiers.hub_labels import COMPLAINT, LabelMap, label_map
from feedback_nlp.classifiers.join import join, pick
from feedback_nlp.classifiers.manifest import MOST_WINDOWS
from feedback_nlp.errors import MissingExtra, ModelError, UsageError
from feedback_nlp.records import SENTIMENTS

TEXTS_AT_ONCE = 1024
LONGEST_WINDOW = 512
OVERLAP_SHARE = 4  # a window repeats a quarter of the one before
DEVICES = ("cpu", "cuda")
_OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert")  # their position ids start after the padding id
_PROBE = "a"


@dataclass(frozen=True)
class HubClassifier:
    """A checkpoint, named on the Hugging Face hub or a directory; its weights are read at the first use.

    `offline` forbids any download: the checkpoint must be a directory or in the local cache. Copies sent to another
    process carry the name, not the weights. Windows of long texts are merged as the embedded model's are.
    """

    source: str
    device: str = "cpu"
    threads: int | None = None
    offline: bool = True
    tokens: int = batches.TOKENS

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise UsageError(f"unknown device {self.device!r}. Allowed: {', '.join(DEVICES)}.")

    @property
    def name(self) -> str:
        """The checkpoint's name and, where it has one, its commit."""
        commit = getattr(self._network.config, "_commit_hash", None)
        name = Path(self.source).name if self.offline else self.source
        return f"hf:{name}@{commit[:12]}" if commit else f"hf:{name}"

    @property
    def topics(self) -> tuple[str, ...]:
        """None: such checkpoints know no topics."""
        return ()

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Labels for `texts`, in their order; only the head the checkpoint has is filled.

        Raises:
            ModelError: the checkpoint cannot be loaded, or its labels mean nothing we know.
        """
        different, place = batches.distinct(texts)
        parts = [
            self._predict(different[i : i + TEXTS_AT_ONCE]) for i in range(0, len(different), TEXTS_AT_ONCE)
        ]
        return pick(join(parts, topics=(), heads=(self._labels.head,)), place)

    def _predict(self, texts: Sequence[str]) -> Predictions:
        content = self._tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)[
            "input_ids"
        ]
        size = self._window
        cut = [
            windows.spans(len(ids), size=size, overlap=size // OVERLAP_SHARE, most=MOST_WINDOWS)
            for ids in content
        ]
        rows = [
            ids[span.start : span.end] for ids, (found, _) in zip(content, cut, strict=True) for span in found
        ]
        p = self._labels.sums(softmax(self._run(rows)))
        over = windows.layout([found for found, _ in cut])
        return self._decide(p, over, np.array([left_out for _, left_out in cut], dtype=np.bool_))

    def _decide(self, p: Floats, over: windows.Layout, truncated: Any) -> Predictions:
        count = len(over.starts)
        if self._labels.head == COMPLAINT:
            sure = windows.most(p[:, 1], over)
            unknown = np.full((count, len(SENTIMENTS)), np.nan, dtype=np.float32)
            nothing = np.full(count, -1, dtype=np.int8)
            return Predictions(
                nothing, unknown, {COMPLAINT: sure >= 0.5}, {COMPLAINT: sure}, None, None, truncated
            )
        p_sentiment = windows.mean(p, over)
        sentiment = p_sentiment.argmax(axis=1).astype(np.int8)
        return Predictions(sentiment, p_sentiment, {}, {}, None, None, truncated)

    def _run(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Logits of rows of token ids (without special tokens), in their order."""
        logits = np.empty((len(rows), len(self._labels.columns)), dtype=np.float32)
        for part, values in self._each(rows):
            logits[part] = values
        return logits

    def _each(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[batches.Indices, Floats]]:
        import torch

        before, after = self._surroundings
        whole = [[*before, *row, *after] for row in rows]
        with torch.inference_mode():
            for part in batches.by_length([len(row) for row in whole], tokens=self.tokens):
                padded = self._tokenizer.pad({"input_ids": [whole[i] for i in part]}, return_tensors="pt")
                moved = {
                    "input_ids": padded["input_ids"].to(self.device),
                    "attention_mask": padded["attention_mask"].to(self.device),
                }
                yield part, self._network(**moved).logits.float().cpu().numpy()

    @cached_property
    def _window(self) -> int:
        """Tokens of content a window holds: what the tokenizer and the network both allow, less the special tokens."""
        positions = getattr(self._network.config, "max_position_embeddings", None) or LONGEST_WINDOW
        reserved = getattr(self._network.config, "pad_token_id", 0) or 0
        if getattr(self._network.config, "model_type", "") in _OFFSET_POSITIONS:
            positions -= reserved + 1
        before, after = self._surroundings
        longest = min(self._tokenizer.model_max_length, positions, LONGEST_WINDOW)
        return int(longest) - len(before) - len(after)

    @cached_property
    def _surroundings(self) -> tuple[list[int], list[int]]:
        """The special tokens before and after every text."""
        bare = self._tokenizer(_PROBE, add_special_tokens=False)["input_ids"]
        whole = self._tokenizer(_PROBE, add_special_tokens=True)["input_ids"]
        start = next(i for i in range(len(whole)) if whole[i : i + len(bare)] == bare)
        return whole[:start], whole[start + len(bare) :]

    @cached_property
    def _labels(self) -> LabelMap:
        names = self._network.config.id2label
        return label_map(self.source, [str(names[i]) for i in range(self._network.config.num_labels)])

    @cached_property
    def _tokenizer(self) -> Any:
        return self._load("AutoTokenizer")

    @cached_property
    def _network(self) -> Any:
        network = self._load("AutoModelForSequenceClassification")
        return network.to(self._checked_device()).eval()

    def _checked_device(self) -> str:
        import torch

        if self.device == "cuda" and not torch.cuda.is_available():
            raise UsageError("this torch sees no CUDA device. Use device='cpu'.")
        if self.threads:
            torch.set_num_threads(self.threads)
        return self.device

    def _load(self, kind: str) -> Any:
        try:
            import transformers
        except ImportError:
            raise MissingExtra("a Hugging Face model", extra="hub") from None
        loader = getattr(transformers, kind)
        try:
            return loader.from_pretrained(self.source, local_files_only=self.offline, trust_remote_code=False)
        except (OSError, ValueError, ImportError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"the checkpoint {self.source!r} cannot be loaded: {reason}. Check its name, or name a local directory."
            ) from None

    def __getstate__(self) -> dict[str, Any]:
        names = ("source", "device", "threads", "offline", "tokens")
        return {name: getattr(self, name) for name in names}
