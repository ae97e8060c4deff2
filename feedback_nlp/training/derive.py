"""A new model directory from a shipped one and the heads tuned on top of it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from feedback_nlp.classifiers import manifest, tuned
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.tuned import Linear
from feedback_nlp.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def derive(
    base: EmbeddedClassifier,
    folder: Path,
    *,
    name: str,
    heads: Mapping[str, Linear],
    thresholds: Mapping[str, float],
    topics: Sequence[str],
    notes: Mapping[str, Any],
) -> Path:
    """Write a model directory that answers like `base` with `heads` added; it needs nothing of `base` afterwards.

    `thresholds` maps a flag or `named.<topic>` to the probability from which it says yes; `notes` go into the manifest.

    Raises:
        UsageError: `folder` holds something already.
    """
    require_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    data = tomllib.loads((base.folder / manifest.FILE).read_text(encoding="utf-8"))
    for file in base.manifest.files:
        shutil.copyfile(base.folder / file, folder / file)
    tuned.write(folder / tuned.FILE, heads)
    data |= {"name": name, "canary": []}
    data["files"] = {file: manifest.digest(folder / file) for file in (*base.manifest.files, tuned.FILE)}
    data["tuned"] = {"base": base.name, "shipped_topics": list(base.manifest.shipped_topics), **notes}
    data["heads"] = _heads(data["heads"], heads, thresholds, topics)
    data["version"] = manifest.version_of(json.dumps(data, sort_keys=True))
    _write(folder / manifest.FILE, data)
    return folder


def require_empty(folder: Path) -> None:
    """Check that a model may be written into `folder`.

    Raises:
        UsageError: it holds something already, or is a file.
    """
    if folder.is_file() or (folder.exists() and any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty. Name a new directory for the tuned model.")


def _heads(
    heads: dict[str, Any], added: Mapping[str, Linear], thresholds: Mapping[str, float], topics: Sequence[str]
) -> dict[str, Any]:
    """The manifest's heads: a tuned one decides by its new threshold, and without the old bias."""
    changed = {name: dict(values) for name, values in heads.items()}
    for name in added:
        if name in changed:
            changed[name].pop("bias", None)
            if name in thresholds:
                changed[name]["threshold"] = {"all": thresholds[name]}
    if topics:
        old = changed.get("topics", {})
        limits = {topic: old.get("threshold", {}).get(topic, 0.5) for topic in topics}
        limits |= {topic: thresholds[f"named.{topic}"] for topic in topics if f"named.{topic}" in thresholds}
        changed["topics"] = {**old, "labels": list(topics), "threshold": limits}
    return changed


def _write(path: Path, data: Mapping[str, Any]) -> None:
    import tomli_w

    path.write_text(tomli_w.dumps(data), encoding="utf-8")
