"""The whole run, stage by stage: tokenizer, vectors, pretraining, fits, distillation, calibration, export. Resumable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from feedback_nlp.classifiers import manifest, wordings
from feedback_nlp.classifiers.base import Floats
from feedback_nlp.training.agreement import agreement, check_agreement
from feedback_nlp.training.batches import Ids, encode
from feedback_nlp.training.calibrate import calibrate
from feedback_nlp.training.cards import Card, read_cards
from feedback_nlp.training.corpora import Rows, gold_topics, read_rows, read_texts
from feedback_nlp.training.distil import distil, unlike
from feedback_nlp.training.encoder import Encoder, EncoderShape, as_bert
from feedback_nlp.training.export import export_onnx
from feedback_nlp.training.fit import Lesson
from feedback_nlp.training.network import Network, NetworkShape
from feedback_nlp.training.package import write_package
from feedback_nlp.training.predict import predict_outputs
from feedback_nlp.training.pretrain import faces_of, pretrain
from feedback_nlp.training.recipe import Recipe, read_recipe
from feedback_nlp.training.restore import restore
from feedback_nlp.training.several import fit_several, mean
from feedback_nlp.training.tokenizer import END, MASK, PAD, START, UNKNOWN, train_tokenizer
from feedback_nlp.training.vectors import learn_vectors
from feedback_nlp.training.wordings import Regressions, advised, held_out_votes, learn, spoken, weighed

log = logging.getLogger(__name__)
_RANGE_TEXTS = 4000  # by which the ranges of the int8 arithmetic are fixed
_CHECKED_TEXTS = 5000  # on which the int8 graph is compared with the float network


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run reads and writes: `data` the corpora, `cards` their cards, `work` its own files, `model` the result.

    `start` is a model directory to go on from: its tokenizer and network take the place of new ones.
    """

    data: Path
    cards: Path
    work: Path
    model: Path
    recipe: Path
    start: Path | None = None


def train(run: Run, *, scale: str = "cpu", device: str = "cpu") -> Path:
    """Train a model from the corpora and write it to `run.model`; a stage that was done is not done again.

    Raises:
        ModelError: `run.start` is no model, or a damaged one.
        TrainingError: the data folder lacks the gold labels or every set of the cards, or int8 costs too many labels.
        UnknownName: the recipe has no such scale.
    """
    recipe = read_recipe(run.recipe, scale)
    if run.start is not None:
        manifest.verify(manifest.read(run.start))
    torch.manual_seed(recipe.seed)
    cards = read_cards(run.cards)
    run.work.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(run, cards, recipe)
    rows = read_rows(run.data, cards, split="train", seed=recipe.seed)
    log.info("%d rows to fit on", len(rows))
    lesson, texts = lesson_of(rows, cards, tokenizer), normalized(rows.texts, tokenizer)
    learned = learn(texts, rows.targets)
    course = Course(run, cards, tokenizer, lesson, texts, learned, torch.device(device))
    network = _taught(course, recipe)
    save_encoder(network.encoder, tokenizer, run.work / "encoder")
    _write(course, network, recipe)
    return run.model


@dataclass(frozen=True)
class Course:
    """What every network of a run learns from, and on which device; `texts` are the lesson's, normalised."""

    run: Run
    cards: Sequence[Card]
    tokenizer: Any
    lesson: Lesson
    texts: Sequence[str]
    learned: Regressions
    device: torch.device

    def plain(self, recipe: Recipe) -> list[str]:
        """Texts without labels."""
        return read_texts(self.run.data, self.cards, per_set=recipe.pretrain_texts, seed=recipe.seed)


def _taught(course: Course, recipe: Recipe) -> Network:
    """The pretrained network as its own fits, or those of a larger one, and the wordings teach it."""
    work = course.run.work
    texts = course.plain(recipe)
    plain = encode(texts, course.tokenizer)
    network = _pretrained(course, recipe, plain, work, start=course.run.start)
    if recipe.distil_epochs <= 0:
        return mean(_fits(course, network, recipe, work))
    if recipe.teacher:
        larger, place = read_recipe(course.run.recipe, recipe.teacher), work / "teacher"
        read = encode(course.plain(larger), course.tokenizer)
        teachers = _fits(course, _pretrained(course, larger, read, place), larger, place)
    else:
        teachers = _fits(course, network, recipe, work)
    chosen = unlike(plain, course.lesson.ids, longest=recipe.window - 2, most=recipe.distil_texts)
    return distil(
        network,
        teachers,
        course.lesson,
        [plain[row] for row in chosen],
        recipe,
        advised=_advised(course, [texts[row] for row in chosen], recipe),
        device=course.device,
        folder=work,
    )


def _advised(course: Course, plain: Sequence[str], recipe: Recipe) -> Callable[[Floats], Floats]:
    """What moves networks' outputs on the lesson and on `plain` by what the wordings say."""

    def advise(outputs: Floats) -> Floats:
        learned = course.learned
        on_lesson = held_out_votes(learned, course.texts, seed=recipe.seed)
        votes = np.concatenate([on_lesson, learned.votes(normalized(plain, course.tokenizer))])
        return advised(outputs, votes, learned.asked, topics=course.lesson.targets.topics.shape[1])

    return advise


def _pretrained(
    course: Course, recipe: Recipe, plain: Sequence[Ids], folder: Path, start: Path | None = None
) -> Network:
    """A network of the recipe that knows the languages; no label yet, or those that the model at `start` knew."""
    folder.mkdir(exist_ok=True)
    topics = course.lesson.targets.topics.shape[1]
    if start is None:
        network = new_network(recipe, _vectors(course, recipe, folder / "vectors.npy"), topics=topics)
    else:
        blank = np.zeros((course.tokenizer.get_vocab_size(), recipe.size), np.float32)
        network = restore(start / "model.onnx", new_network(recipe, blank, topics=topics))
    if recipe.pretrain_epochs <= 0:
        return network
    faces = faces_of(course.tokenizer)
    return pretrain(network, plain, recipe, faces=faces, device=course.device, folder=folder)


def _fits(course: Course, network: Network, recipe: Recipe, folder: Path) -> list[Network]:
    """The pretrained network fitted to the labels, several times over."""
    return fit_several(network, course.lesson, recipe, device=course.device, folder=folder)


def _write(course: Course, network: Network, recipe: Recipe) -> None:
    """Choose on dev what is to be chosen there, and write the model; its int8 graph must say what the network says."""
    run, topics = course.run, gold_topics(course.run.data)
    choose_on = read_rows(run.data, course.cards, split="dev")
    held, texts = encode(choose_on.texts, course.tokenizer), normalized(choose_on.texts, course.tokenizer)
    outputs = predict_outputs(network, held, window=recipe.window)
    said = weighed(course.learned, outputs, (texts, choose_on.targets))
    heads = calibrate(spoken(said, outputs, texts, topics=len(topics)), choose_on, topics)
    run.model.mkdir(parents=True, exist_ok=True)
    wordings.write(run.model / wordings.FILE, said)
    few = np.random.default_rng(recipe.seed).permutation(len(held))
    ranges, checked = few[:_RANGE_TEXTS], few[-_CHECKED_TEXTS:]
    export_onnx(network, run.model / "model.onnx", [held[row] for row in ranges], window=recipe.window)
    course.tokenizer.save(str(run.model / "tokenizer.json"), pretty=False)
    write_package(run.model, heads, recipe, topics)
    found = agreement(network, run.model, [choose_on.texts[row] for row in checked])
    log.info("int8 as float: %s", ", ".join(f"{head} {share:.2%}" for head, share in found.items()))
    check_agreement(found)


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
        widths=recipe.widths,
        channels=recipe.channels,
        dropout=recipe.dropout,
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


def normalized(texts: Sequence[str], tokenizer: Any) -> list[str]:
    """The texts as the tokenizer reads them, for the wordings."""
    return [tokenizer.normalizer.normalize_str(text) for text in texts]


def _tokenizer(run: Run, cards: Sequence[Card], recipe: Recipe) -> Any:
    from tokenizers import Tokenizer

    path = (run.work if run.start is None else run.start) / "tokenizer.json"
    if not path.exists():
        texts = read_texts(run.data, cards, per_set=recipe.tokenizer_texts, seed=recipe.seed)
        train_tokenizer(texts, vocabulary=recipe.vocabulary).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def _vectors(course: Course, recipe: Recipe, path: Path) -> Floats:
    if not path.exists():
        run = course.run
        texts = read_texts(run.data, course.cards, per_set=recipe.vector_texts, seed=recipe.seed)
        np.save(path, learn_vectors(texts, course.tokenizer, size=recipe.size, epochs=recipe.vector_epochs))
    vectors: Floats = np.load(path, allow_pickle=False)
    return vectors
