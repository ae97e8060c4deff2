"""Word vectors of the tokenizer's pieces, learned from plain text: where the encoder's embeddings start."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.classifiers.base import Floats


def learn_vectors(
    texts: Iterable[str], tokenizer: Any, *, size: int, epochs: int, window: int = 5, workers: int = 2
) -> Floats:
    """One vector a piece (vocabulary, size), by skip-gram; rows of pieces never seen are small noise.

    Every vector is scaled so that the mean row has length 1.
    """
    from gensim.models import Word2Vec

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ids.txt"
        with path.open("w", encoding="ascii") as file:
            for ids in encode_plain(texts, tokenizer):
                file.write(" ".join(map(str, ids)) + "\n")
        model = Word2Vec(
            corpus_file=str(path),
            vector_size=size,
            window=window,
            min_count=3,
            sg=1,
            negative=6,
            sample=1e-4,
            epochs=epochs,
            workers=workers,
            seed=1,
        )
    vectors = np.random.default_rng(1).normal(0, 0.02, (tokenizer.get_vocab_size(), size)).astype(np.float32)
    seen = [int(key) for key in model.wv.index_to_key]
    vectors[seen] = model.wv.vectors
    return vectors / float(np.linalg.norm(vectors[seen], axis=1).mean())


def encode_plain(texts: Iterable[str], tokenizer: Any, *, batch: int = 2000) -> Iterator[list[int]]:
    """Ids of each text without the marks of start and end."""
    stream = iter(texts)
    while part := list(islice(stream, batch)):
        for encoding in tokenizer.encode_batch(part, add_special_tokens=False):
            yield encoding.ids
