"""The manifest of a model directory: what its files are, what its outputs mean, how its scores become labels."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.errors import ModelError
from feedback_nlp.records import FLAGS, SENTIMENTS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "manifest.toml"
NETWORK, TOKENIZER = "model.onnx", "tokenizer.json"
POLARITIES = ("absent", "negative", "neutral", "positive")
MOST_WINDOWS = 64


@dataclass(frozen=True, slots=True)
class Head:
    """One output: its labels, and per language the temperature, threshold and argmax bias of its scores.

    `threshold` is keyed by language, except for topics, where it is keyed by topic.
    """

    labels: tuple[str, ...] = ()
    temperature: Mapping[str, float] = field(default_factory=dict)
    threshold: Mapping[str, float] = field(default_factory=dict)
    bias: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Canary:
    """A text whose labels are known: `expected` maps sentiment, flags and severity to their value, topics to polarities."""

    text: str
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model directory, read and checked; `folder` is where its files lie, `window` is in tokens."""

    folder: Path
    name: str
    version: str
    languages: tuple[str, ...]
    window: int
    overlap: int
    most_windows: int
    files: Mapping[str, str]
    heads: Mapping[str, Head]
    canary: tuple[Canary, ...]
    shipped_topics: tuple[str, ...]  # those the network scores; a tuned model may know others, too

    @property
    def topics(self) -> tuple[str, ...]:
        """Ids of the topics, in output order."""
        head = self.heads.get("topics")
        return head.labels if head else ()


def read(folder: Path) -> Manifest:
    """Read `folder`'s manifest without opening the (larger) files it names.

    Raises:
        ModelError: there is none, or it is not one this version understands; the message says what is wrong.
    """
    path = folder / FILE
    if not path.is_file():
        raise ModelError(
            f"{folder} is not a model: it has no {FILE}. Name a directory made by train or tune."
        )
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} cannot be read: {error}. Copy the model directory again.") from None
    return _manifest(folder, data)


def verify(manifest: Manifest) -> None:
    """Check every file the manifest names against its SHA-256.

    Raises:
        ModelError: a file is missing or is not the one the manifest was written for.
    """
    for name, expected in manifest.files.items():
        path = manifest.folder / name
        if not path.is_file():
            raise ModelError(f"model {manifest.name!r} lacks {path}. Copy the model directory again.")
        found = digest(path)
        if found != expected:
            raise ModelError(
                f"{path} is damaged or was changed: SHA-256 {found[:12]}…, the manifest says {expected[:12]}…. "
                "Copy the model directory again."
            )


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        state = hashlib.sha256()
        while chunk := stream.read(1 << 20):  # hashlib.file_digest is not in Python 3.10
            state.update(chunk)
        return state.hexdigest()


def version_of(text: str) -> str:
    """The version of a model by what its manifest says, the digests of its files among it: one model, one version.

    So labels that were kept of one model are never taken for those of another.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def per_language(values: Mapping[str, Any], languages: Sequence[str], *, default: Any) -> Floats:
    """One value (or row) a text, by its language; a language not listed takes the mean of those that are."""
    if not values:
        return np.broadcast_to(np.float32(default), (len(languages), *np.shape(default)))
    mean = np.mean([np.asarray(value, dtype=np.float32) for value in values.values()], axis=0)
    table = {name: np.asarray(value, dtype=np.float32) for name, value in values.items()}
    return np.array([table.get(name, mean) for name in languages], dtype=np.float32).reshape(
        len(languages), *np.shape(mean)
    )


def _manifest(folder: Path, data: Mapping[str, Any]) -> Manifest:
    where = folder / FILE
    try:
        window = data["window"]
        manifest = Manifest(
            folder=folder,
            name=str(data["name"]),
            version=str(data["version"]),
            languages=tuple(data["languages"]),
            window=int(window["tokens"]),
            overlap=int(window["overlap"]),
            most_windows=int(window.get("most", MOST_WINDOWS)),
            files=dict(data["files"]),
            heads={name: _head(values) for name, values in data["heads"].items()},
            canary=tuple(_canary(entry) for entry in data.get("canary", ())),
            shipped_topics=_shipped_topics(data),
        )
    except KeyError as error:
        raise ModelError(
            f"{where} lacks {error.args[0]!r}. The model was written by another version."
        ) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{where} is not a manifest this version understands: {error}.") from None
    _check(manifest, where)
    return manifest


def _head(values: Mapping[str, Any]) -> Head:
    return Head(
        labels=tuple(str(label) for label in values.get("labels", ())),
        temperature={name: float(value) for name, value in values.get("temperature", {}).items()},
        threshold={name: float(value) for name, value in values.get("threshold", {}).items()},
        bias={name: tuple(float(v) for v in row) for name, row in values.get("bias", {}).items()},
    )


def _shipped_topics(data: Mapping[str, Any]) -> tuple[str, ...]:
    named = data.get("tuned", {}).get("shipped_topics")
    return tuple(data["heads"].get("topics", {}).get("labels", ()) if named is None else named)


def _canary(entry: Mapping[str, Any]) -> Canary:
    return Canary(text=entry["text"], expected={name: v for name, v in entry.items() if name != "text"})


def _check(manifest: Manifest, where: Path) -> None:
    known = {"sentiment", "severity", "topics", *FLAGS}
    for name, head in manifest.heads.items():
        if name not in known:
            raise ModelError(f"{where} has an unknown head {name!r}. Known: {', '.join(sorted(known))}.")
        if any(not value > 0 for value in head.temperature.values()):
            raise ModelError(f"{where}: the temperature of {name} is not above 0: {dict(head.temperature)}.")
    if "sentiment" in manifest.heads and manifest.heads["sentiment"].labels != SENTIMENTS:
        found = manifest.heads["sentiment"].labels
        raise ModelError(f"{where}: the sentiment labels are {found}; this version reads {SENTIMENTS}.")
    if not 0 <= manifest.overlap < manifest.window:
        raise ModelError(
            f"{where}: overlap {manifest.overlap} is not below the window of {manifest.window} tokens."
        )
    for name in (NETWORK, TOKENIZER):
        if name not in manifest.files:
            raise ModelError(f"{where} names no SHA-256 for {name!r} under [files].")
    if any(Path(name).name != name for name in manifest.files):
        raise ModelError(f"{where}: files must lie in the model's own folder: {', '.join(manifest.files)}.")
