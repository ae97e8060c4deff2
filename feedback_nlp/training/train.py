"""The whole run, stage by stage: tokenizer, vectors, pretraining, fit, calibration, export. Resumable between all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.training.batches import encode
from feedback_nlp.training.calibrate import calibrate
from feedback_nlp.training.cards import Card, read_cards
from feedback_nlp.training.corpora import Rows, gold_topics, read_rows, read_texts
from feedback_nlp.training.encoder import Encoder, EncoderShape, as_bert
from feedback_nlp.training.export import export_onnx
from feedback_nlp.training.fit import Lesson
from feedback_nlp.training.network import Network, NetworkShape
from feedback_nlp.training.package import write_package
from feedback_nlp.training.predict import predict
from feedback_nlp.training.pretrain import faces_of, pretrain
from feedback_nlp.training.recipe import Recipe, read_recipe
from feedback_nlp.training.several import fit_several
from feedback_nlp.training.tokenizer import END, MASK, PAD, START, UNKNOWN, train_tokenizer
from feedback_nlp.training.vectors import learn_vectors
from feedback_nlp.training.wordings import add_wordings

log = logging.getLogger(__name__)
_RANGE_TEXTS = 4000  # by which the ranges of the int8 arithmetic are fixed


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run reads and writes: `data` the corpora, `cards` their cards, `work` its own files, `model` the result."""

    data: Path
    cards: Path
    work: Path
    model: Path
    recipe: Path


def train(run: Run, *, scale: str = "cpu", device: str = "cpu") -> Path:
    """Train a model from the corpora and write it to `run.model`; a stage that was done is not done again.

    Raises:
        TrainingError: the data folder lacks the gold labels or every set of the cards.
        UnknownName: the recipe has no such scale.
    """
    recipe = read_recipe(run.recipe, scale)
    torch.manual_seed(recipe.seed)
    cards = read_cards(run.cards)
    run.work.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(run, cards, recipe)
    vectors = _vectors(run, cards, recipe, tokenizer)
    topics = gold_topics(run.data)
    place = torch.device(device)
    network = new_network(recipe, vectors, topics=len(topics))
    network = _pretrained(run, cards, recipe, tokenizer, network, place)
    rows = read_rows(run.data, cards, split="train", seed=recipe.seed)
    log.info("%d rows to fit on", len(rows))
    lesson = lesson_of(rows, cards, tokenizer)
    network = fit_several(network, lesson, recipe, device=place, folder=run.work)
    save_encoder(network.encoder, tokenizer, run.work / "encoder")
    network.bag.weigh(recipe.bag_share)
    choose_on = read_rows(run.data, cards, split="dev")
    held = encode(choose_on.texts, tokenizer)
    network = add_wordings(
        network, (lesson.ids, lesson.targets), (held, choose_on.targets), window=recipe.window
    )
    logits = predict(network, held, window=recipe.window)
    heads = calibrate(logits, choose_on, topics)
    run.model.mkdir(parents=True, exist_ok=True)
    few = np.random.default_rng(recipe.seed).permutation(len(held))[:_RANGE_TEXTS]
    export_onnx(network, run.model / "model.onnx", [held[row] for row in few], window=recipe.window)
    tokenizer.save(str(run.model / "tokenizer.json"), pretty=False)
    write_package(run.model, heads, recipe, topics)
    return run.model


def _pretrained(
    run: Run, cards: Sequence[Card], recipe: Recipe, tokenizer: Any, network: Network, device: torch.device
) -> Network:
    if recipe.pretrain_epochs <= 0:
        return network
    texts = read_texts(run.data, cards, per_set=recipe.pretrain_texts, seed=recipe.seed)
    rows = encode(texts, tokenizer)
    return pretrain(network, rows, recipe, faces=faces_of(tokenizer), device=device, folder=run.work)


def save_encoder(encoder: Encoder, tokenizer: Any, folder: Path) -> None:
    """Write the encoder as a `transformers.BertModel` with its tokenizer, for `AutoModel` and `AutoTokenizer`."""
    from transformers import PreTrainedTokenizerFast

    as_bert(encoder).save_pretrained(folder, safe_serialization=True)
    wrap: Any = PreTrainedTokenizerFast
    wrap(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        unk_token=UNKNOWN,
        cls_token=START,
        sep_token=END,
        mask_token=MASK,
        model_max_length=encoder.shape.longest,
    ).save_pretrained(folder)


def new_network(recipe: Recipe, vectors: Floats, *, topics: int) -> Network:
    """A network by the recipe, its embeddings the vectors given."""
    encoder = EncoderShape(
        vocabulary=len(vectors),
        size=recipe.size,
        layers=recipe.layers,
        attention_heads=recipe.attention_heads,
        inner=recipe.inner,
        longest=recipe.window,
    )
    shape = NetworkShape(
        encoder=encoder,
        topics=topics,
        buckets=recipe.buckets,
        bag_size=recipe.bag_size,
        widths=recipe.widths,
        channels=recipe.channels,
        dropout=recipe.dropout,
        gram_dropout=recipe.gram_dropout,
    )
    network = Network(shape)
    with torch.no_grad():
        network.encoder.words.weight.copy_(torch.from_numpy(vectors))
        network.encoder.words.weight[0] = 0
    return network


def lesson_of(rows: Rows, cards: Sequence[Card], tokenizer: Any) -> Lesson:
    """The rows encoded, each as often an epoch as its set's card says."""
    repeat = {card.name: card.repeat for card in cards}
    return Lesson(
        encode(rows.texts, tokenizer), rows.targets, np.array([repeat[name] for name in rows.sets], np.int64)
    )


def _tokenizer(run: Run, cards: Sequence[Card], recipe: Recipe) -> Any:
    from tokenizers import Tokenizer

    path = run.work / "tokenizer.json"
    if not path.exists():
        texts = read_texts(run.data, cards, per_set=recipe.tokenizer_texts, seed=recipe.seed)
        train_tokenizer(texts, vocabulary=recipe.vocabulary).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def _vectors(run: Run, cards: Sequence[Card], recipe: Recipe, tokenizer: Any) -> Floats:
    path = run.work / "vectors.npy"
    if not path.exists():
        texts = read_texts(run.data, cards, per_set=recipe.vector_texts, seed=recipe.seed)
        np.save(path, learn_vectors(texts, tokenizer, size=recipe.size, epochs=recipe.vector_epochs))
    vectors: Floats = np.load(path, allow_pickle=False)
    return vectors
