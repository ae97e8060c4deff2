"""A user's own labels onto a shipped model: linear heads over its features, in seconds to minutes, without torch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.classifiers import DEFAULT, batches, load, tuned, windows
from feedback_nlp.classifiers.base import Floats
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.tuned import Linear
from feedback_nlp.errors import TrainingError
from feedback_nlp.text.clean import clean
from feedback_nlp.training import bootstrap, labels, linear
from feedback_nlp.training.derive import derive, require_empty
from feedback_nlp.training.linear import Labels
from feedback_nlp.training.tasks import Task, tasks

CONFIDENCE = (
    0.9  # of the paired interval that must lie above 0: one chance in twenty that a head kept is no better
)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What came of it.

    `table` has one row a head: head, metric, n, before, after (on rows the heads never saw, by nested cross-validation),
    difference, low, high (90 % paired bootstrap interval), kept. A head is kept only where low is above 0. `saved` is the new
    model's directory, None where no head was kept, for then nothing is written. `skipped` maps a head to why it was not tried,
    `empty` counts rows without text.
    """

    base: str
    rows: int
    empty: int
    table: pd.DataFrame
    skipped: dict[str, str]
    saved: Path | None


@dataclass(frozen=True, slots=True)
class _Trial:
    task: Task
    before: float
    gain: bootstrap.Estimate

    @property
    def kept(self) -> bool:
        return self.gain.low > 0


def tune(
    labelled: str | Path | pd.DataFrame,
    folder: str | Path,
    *,
    base: str = DEFAULT,
    name: str | None = None,
    keep_topics: bool = True,
    seed: int = 0,
) -> Tuning:
    """Fit heads to labelled comments (`training.labels` says which columns) and save the model where it is better.

    A few hundred rows are enough. A column `topic_<id>` the shipped model does not know makes a topic of your own; with
    `keep_topics` false the new model knows only topics among the labels. `name` is the new model's, by default the folder's.

    Raises:
        TrainingError: there is no head with enough labels, or `base` cannot be tuned.
        InputError: the file cannot be read.
        UsageError: `folder` is not empty.
    """
    model = _tunable(base)
    require_empty(Path(folder))
    given = labels.read(labelled)
    texts = [clean(text) for text in given.texts]
    seen = model.read(texts)
    x, basis = linear.compress(windows.mean(tuned.inputs(seen.scores), seen.rows.over))
    _, groups = batches.distinct(texts)
    every = list(tasks(given, seen, model.predict(texts), topics=model.topics))
    skipped = {task.name: task.lacking for task in every if task.lacking}
    ready = [task for task in every if task.name not in skipped]
    if not ready:
        reasons = "; ".join(f"{head}: {why}" for head, why in skipped.items())
        raise TrainingError(
            f"too few labels to tune anything ({reasons or 'no head of the model is labelled'})."
        )
    trials = [_try(task, x, groups, seed=seed) for task in ready]
    kept = [trial.task for trial in trials if trial.kept]
    kept = [task for task in kept if _has_topic(task, kept, model.topics)]
    saved = None
    if kept:
        topics = _topics(kept, given.topics, model.topics, keep=keep_topics)
        heads, thresholds = _fitted(kept, x, groups, seed=seed)
        saved = derive(
            model,
            Path(folder),
            name=name or Path(folder).name,
            heads={head: basis.expand(found) for head, found in heads.items()},
            thresholds=thresholds,
            topics=topics,
            notes={"rows": len(texts), "heads": sorted(heads)},
        )
    return Tuning(model.name, len(texts), given.empty, _table(trials, kept), skipped, saved)


def _tunable(base: str) -> EmbeddedClassifier:
    model = load(base)
    if not isinstance(model, EmbeddedClassifier):
        raise TrainingError(
            f"{base!r} cannot be tuned: it is a Hugging Face checkpoint. Tune a shipped model."
        )
    if tuned.FILE in model.manifest.files:
        raise TrainingError(f"{base!r} is tuned already. Tune the shipped model on all your labels together.")
    if tuned.FEATURES not in model.outputs:
        raise TrainingError(f"{base!r} cannot be tuned: its network has no output {tuned.FEATURES!r}.")
    return model


def _try(task: Task, x: Floats, groups: Labels, *, seed: int) -> _Trial:
    after = linear.cross_fit(x[task.rows], task.start, task.target, groups[task.rows], seed=seed)
    drawn = bootstrap.draws(len(task.rows), seed=seed)
    before, now = task.measure(task.before), task.measure(after)
    gain = bootstrap.difference(now, before, len(task.rows), drawn, confidence=CONFIDENCE)
    return _Trial(task, before(np.ones(len(task.rows))), gain)


def _has_topic(task: Task, kept: Sequence[Task], shipped: Sequence[str]) -> bool:
    """A polarity is of use only for a topic that the new model can find."""
    kind, _, topic = task.name.partition(".")
    return kind != "polarity" or topic in shipped or any(other.name == f"named.{topic}" for other in kept)


def _topics(
    kept: Sequence[Task], labelled: Collection[str], shipped: Sequence[str], *, keep: bool
) -> list[str]:
    """Topics of the new model: the shipped ones that stay, then the user's own that were learned."""
    stay = [topic for topic in shipped if keep or topic in labelled]
    own = [task.name.removeprefix("named.") for task in kept if task.name.startswith("named.")]
    return [*stay, *(topic for topic in own if topic not in stay)]


def _fitted(
    kept: Sequence[Task], x: Floats, groups: Labels, *, seed: int
) -> tuple[dict[str, Linear], dict[str, float]]:
    """The heads fitted on every row, and the thresholds of those that say yes or no."""
    heads, thresholds = {}, {}
    for task in kept:
        rows = x[task.rows]
        choice = linear.choose(rows, task.start, task.target, groups[task.rows], seed=seed)
        heads[task.name] = linear.fit(rows, task.start, task.target, strength=choice.strength)
        if task.start.shape[1] == 1:
            thresholds[task.name] = choice.threshold
    return heads, thresholds


def _table(trials: Sequence[_Trial], kept: Sequence[Task]) -> pd.DataFrame:
    names = {task.name for task in kept}
    return pd.DataFrame(
        [
            {
                "head": trial.task.name,
                "metric": trial.task.metric,
                "n": len(trial.task.rows),
                "before": trial.before,
                "after": trial.before + trial.gain.value,
                "difference": trial.gain.value,
                "low": trial.gain.low,
                "high": trial.gain.high,
                "kept": trial.task.name in names,
            }
            for trial in trials
        ]
    )
