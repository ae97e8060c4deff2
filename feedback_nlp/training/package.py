"""Write the manifest that makes an exported graph and its tokenizer a model the program can load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from feedback_nlp.classifiers import wordings
from feedback_nlp.classifiers.manifest import FILE, NETWORK, TOKENIZER, digest, version_of
from feedback_nlp.records import FLAGS, SENTIMENTS
from feedback_nlp.training.calibrate import Calibration
from feedback_nlp.training.network import SEVERITIES
from feedback_nlp.training.recipe import Recipe

NAME = "feedback-zh-en"
FILES = (NETWORK, TOKENIZER, wordings.FILE)

# Texts we wrote, plain enough that a sound model cannot miss them.
CANARY: tuple[dict[str, Any], ...] = (
    {
        "text": "质量很好，价格也便宜，下次还会再来买",
        "sentiment": "positive",
        "returning": True,
        "complaint": False,
    },
    {
        "text": "送餐慢了一个多小时，打客服电话也没人理，再也不点了",
        "sentiment": "negative",
        "complaint": True,
    },
    {"text": "太差了，一点都不好用", "sentiment": "negative"},
    {
        "text": "Great quality and fast delivery, I will definitely buy again!",
        "sentiment": "positive",
        "complaint": False,
    },
    {
        "text": "The package arrived broken and customer service never answered. Terrible.",
        "sentiment": "negative",
        "complaint": True,
    },
)


def write_package(
    folder: Path,
    heads: Mapping[str, Calibration],
    recipe: Recipe,
    topics: Sequence[str],
) -> None:
    """Write `folder`/manifest.toml for the files that lie there."""
    lines = [
        'languages = ["zh", "en"]',
        'taxonomy = "default"',
        "",
        "[window]",
        f"tokens = {recipe.window}",
        f"overlap = {recipe.overlap}",
        "",
        "[files]",
        *(f'"{name}" = "{digest(folder / name)}"' for name in FILES if (folder / name).exists()),
    ]
    labels: dict[str, list[Any]] = {
        "sentiment": list(SENTIMENTS),
        "severity": list(range(SEVERITIES)),
        "topics": list(topics),
    }
    for head in ("sentiment", "severity", *FLAGS, "topics"):
        lines += ["", f"[heads.{head}]", *_head(heads[head], labels.get(head))]
    for entry in CANARY:
        lines += ["", "[[canary]]", *(f"{key} = {_toml(value)}" for key, value in entry.items())]
    text = "\n".join(lines) + "\n"
    named = f'name = "{NAME}"\nversion = "{version_of(text)}"\n{text}'
    (folder / FILE).write_text(named, encoding="utf-8")


def _head(head: Calibration, labels: list[Any] | None) -> list[str]:
    lines = [] if labels is None else [f"labels = {_toml(labels)}"]
    lines.append(f"temperature = {_toml({k: round(v, 4) for k, v in head.temperature.items()})}")
    if head.threshold:
        lines.append(f"threshold = {_toml(head.threshold)}")
    if head.bias:
        lines.append(f"bias = {_toml(head.bias)}")
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in value.items())} }}"
    return str(value)
