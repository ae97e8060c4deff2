"""What `doctor` looks at: each check gives (name, what was found, whether that is fine)."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib import metadata

Check = tuple[str, str, bool]

_CORE = ("pandas", "pyarrow", "numpy", "narwhals", "onnxruntime", "tokenizers", "duckdb", "jieba")
_OPTIONAL = {"torch": "hub", "transformers": "hub", "spacy": "spacy", "pyspark": "spark", "polars": "polars"}


def installation() -> Iterator[Check]:
    """Python and the libraries, with their versions; an absent optional one is fine and names its extra."""
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", True
    for name in _CORE:
        version = _version(name)
        yield name, version or "missing: reinstall feedback-nlp", version is not None
    for name, extra in _OPTIONAL.items():
        yield name, _version(name) or f'not installed (optional: pip install "feedback-nlp[{extra}]")', True


def model_health(model: str) -> Iterator[Check]:
    """Whether the model's files are whole, and its canary texts get the labels they must."""
    from feedback_nlp.classifiers import load
    from feedback_nlp.classifiers.canary import check
    from feedback_nlp.classifiers.embedded import EmbeddedClassifier
    from feedback_nlp.errors import ModelError

    try:
        classifier = load(model)
        yield "model", f"{classifier.name}, {len(classifier.topics)} topics", True
        if isinstance(classifier, EmbeddedClassifier):
            yield (
                "canary texts",
                f"{check(classifier)} of {len(classifier.manifest.canary)} as expected",
                True,
            )
    except ModelError as error:
        yield "model", str(error), False


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
