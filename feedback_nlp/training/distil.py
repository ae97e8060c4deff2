"""Teach one network what several know together: it learns from their probabilities, on labelled and on plain texts.

A mean of networks' votes is surer than each, and costs as many times their work; a student of the mean costs once.
Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.training.batches import Ids
from feedback_nlp.training.fit import Lesson, fit
from feedback_nlp.training.network import Network
from feedback_nlp.training.predict import predict_outputs
from feedback_nlp.training.recipe import Recipe
from feedback_nlp.training.targets import join, nothing_known

log = logging.getLogger(__name__)


def distil(
    student: Network,
    teachers: Sequence[Network],
    lesson: Lesson,
    plain: Sequence[Ids],
    recipe: Recipe,
    *,
    advised: Callable[[Floats], Floats],
    device: torch.device,
    folder: Path,
) -> Network:
    """The student fitted for `recipe.distil_epochs` to the lesson's labels and to the teachers' opinions on it and on `plain`.

    `advised` maps the networks' outputs for both, one after the other, to what they and others say together.
    """
    log.info("%d teachers, %d labelled and %d plain texts", len(teachers), len(lesson.ids), len(plain))
    wider = _with_plain(lesson, plain)
    given = opinions(
        teachers, wider.ids, recipe, advised=advised, device=device, file=folder / "opinions.npy"
    )
    taught = replace(wider, opinions=given)
    own = replace(recipe, epochs=recipe.distil_epochs, rate=recipe.distil_rate)
    place = folder / "distil"
    place.mkdir(exist_ok=True)
    return fit(student, taught, own, device=device, folder=place).cpu()


def opinions(
    teachers: Sequence[Network],
    rows: Sequence[Ids],
    recipe: Recipe,
    *,
    advised: Callable[[Floats], Floats],
    device: torch.device,
    file: Path,
) -> npt.NDArray[np.float16]:
    """Mean logits of the teachers (n, outputs), `advised`, then divided by `recipe.teacher_temperature`; kept in `file`.

    Of a text longer than the window its head is read, and the opinion stands for the whole text, as a label does.
    """
    if file.exists():
        kept: npt.NDArray[np.float16] = np.load(file, allow_pickle=False)
        if len(kept) == len(rows):
            return kept
    total: Floats = np.zeros((len(rows), teachers[0].shape.outputs), np.float32)
    for teacher in teachers:
        total += predict_outputs(teacher.to(device), rows, window=recipe.window, rough=True)
        teacher.cpu()
    total /= len(teachers)
    found = (advised(total) / recipe.teacher_temperature).astype(np.float16)
    np.save(file, found)
    return found


def _with_plain(lesson: Lesson, texts: Sequence[Ids]) -> Lesson:
    """The lesson and the texts after it, of which no label is known."""
    topics = lesson.targets.topics.shape[1]
    return Lesson(
        [*lesson.ids, *texts],
        join([lesson.targets, nothing_known(len(texts), topics)]),
        np.concatenate([lesson.repeat, np.ones(len(texts), np.int64)]),
    )


def unlike(plain: Sequence[Ids], taught: Sequence[Ids], *, longest: int, most: int) -> list[int]:
    """Numbers of the first `most` of `plain` that have tokens, `longest` at most, and are not in `taught`; each text once."""
    seen = {row.tobytes() for row in taught}
    found: list[int] = []
    for number, row in enumerate(plain):
        if len(found) == most:
            break
        mark = row.tobytes()
        if 0 < len(row) <= longest and mark not in seen:
            seen.add(mark)
            found.append(number)
    return found
