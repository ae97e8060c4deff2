"""Classifiers: texts in, labels and calibrated probabilities out; `load` finds one by name."""

from __future__ import annotations

from pathlib import Path

from feedback_nlp.classifiers.base import Classifier
from feedback_nlp.classifiers.manifest import FILE
from feedback_nlp.errors import ModelError, UnknownName

DEFAULT = "feedback-zh-en"
HUB = "hf:"

_PACKAGE = Path(__file__).resolve().parent.parent
HOMES = (_PACKAGE / "_models", _PACKAGE.parent / "models")  # installed package, source checkout


def load(spec: str = DEFAULT, *, device: str = "cpu", threads: int | None = None) -> Classifier:
    """The classifier that `spec` names: a shipped model, a directory, or `hf:org/name` (the only one that may download).

    Cheap: weights are read at the first `predict`, once per process. `device` is cpu or cuda; `threads` None is all cores.

    Raises:
        UnknownName: no such model.
        ModelError: the directory is not a model this version reads.
        MissingExtra: a Hugging Face model was named and transformers is not installed.
    """
    if spec.startswith(HUB):
        return _hub(spec.removeprefix(HUB), device=device, threads=threads, offline=False)
    folder = find(spec)
    if (folder / FILE).is_file():
        from feedback_nlp.classifiers.embedded import EmbeddedClassifier

        return EmbeddedClassifier(folder, device=device, threads=threads)
    if (folder / "config.json").is_file():
        return _hub(str(folder), device=device, threads=threads, offline=True)
    raise ModelError(f"{folder} is no model: it has neither {FILE} nor config.json. Name a model directory.")


def find(spec: str) -> Path:
    """The directory of a shipped model, or the directory `spec` itself names.

    Raises:
        UnknownName: there is neither; the message lists the shipped models.
    """
    for home in HOMES:
        if (home / spec / FILE).is_file():
            return home / spec
    if Path(spec).is_dir():
        return Path(spec).resolve()
    hint = "A directory, or hf:org/name for a Hugging Face model, is fine too."
    raise UnknownName("model", spec, shipped(), hint=hint)


def shipped() -> tuple[str, ...]:
    """Names of the models that came with the package."""
    return tuple(sorted({path.parent.name for home in HOMES for path in home.glob(f"*/{FILE}")}))


def _hub(source: str, *, device: str, threads: int | None, offline: bool) -> Classifier:
    from feedback_nlp.classifiers.hub import HubClassifier

    return HubClassifier(source, device=device, threads=threads, offline=offline)
