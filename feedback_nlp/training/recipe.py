"""The recipe: every number that shapes a training run, read from one TOML file, a table a scale."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from pathlib import Path

from feedback_nlp.errors import TrainingError, UnknownName

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyper-parameters of one scale. Tokens are the tokenizer's; an epoch shows each row `repeat` times."""

    vocabulary: int
    size: int
    layers: int
    attention_heads: int
    inner: int
    widths: tuple[int, ...]
    channels: int
    window: int
    overlap: int
    tokenizer_texts: int
    vector_texts: int
    vector_epochs: int
    pretrain_texts: int
    pretrain_epochs: float
    epochs: float
    fits: int
    teacher_temperature: float
    distil_epochs: float
    distil_texts: int
    distil_rate: float
    batch_tokens: int
    rate: float
    decay: float
    warm_share: float
    dropout: float
    token_dropout: float
    average: float
    part_loss: float
    sentiment_weight: float
    severity_weight: float
    flags_weight: float
    topics_weight: float
    teacher: str = ""  # the scale of larger networks to learn from; without one, from its own fits
    seed: int = 1


def read_recipe(path: Path, scale: str) -> Recipe:
    """The recipe of one scale.

    Raises:
        UnknownName: the file has no such scale.
        TrainingError: a number is missing or not known.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if scale not in tables:
        raise UnknownName("scale", scale, tables)
    numbers = tables[scale]
    names = {f.name for f in fields(Recipe)}
    if unknown := sorted(set(numbers) - names):
        raise TrainingError(
            f"{path.name} [{scale}]: {unknown[0]!r} is not in a recipe. Known: {', '.join(sorted(names))}."
        )
    if missing := sorted(names - set(numbers) - {"seed", "teacher"}):
        raise TrainingError(
            f"{path.name} [{scale}] lacks {missing[0]!r}; every number of a recipe must be given."
        )
    return Recipe(**{**numbers, "widths": tuple(numbers["widths"])})
