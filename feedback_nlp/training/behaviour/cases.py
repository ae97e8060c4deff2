"""The behaviour suite as data: templates in `cases/*.toml`, their blanks filled in every way `slots.toml` allows.

A template has `lang`, `text` and, by `kind`:
minimum (the default): `expect`, the labels the text must get (one value, or a list of those allowed);
invariance: `then`, or `change` (a name of `changes.CHANGES`), whose text must get the same labels as `text`;
direction: `then`, and in `expect` which probabilities must go up or down from `text` to it.
`slots` adds or replaces blanks; `most` bounds how many of the combinations are taken, evenly spread.
"""

from __future__ import annotations

import itertools
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from feedback_nlp.errors import TrainingError
from feedback_nlp.training.behaviour.changes import CHANGES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MINIMUM, INVARIANCE, DIRECTION = KINDS = ("minimum", "invariance", "direction")
MOST = 24
_SLOTS = "slots.toml"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to try: `text`, for invariance and direction the `other` text beside it, and what is expected."""

    group: str
    lang: str
    kind: str
    template: str
    text: str
    other: str | None
    expect: Mapping[str, Any]


def cases() -> list[Case]:
    """Every distinct case of the suite, in the order of the files."""
    folder = files(__package__) / "cases"
    shared = tomllib.loads((folder / _SLOTS).read_text(encoding="utf-8"))
    names = sorted(
        entry.name for entry in folder.iterdir() if entry.name.endswith(".toml") and entry.name != _SLOTS
    )
    found: dict[tuple[str, str | None, str], Case] = {}
    for name in names:
        data = tomllib.loads((folder / name).read_text(encoding="utf-8"))
        for template in data["template"]:
            for case in expand(template, group=data["group"], slots=shared[template["lang"]]):
                found.setdefault((case.text, case.other, case.kind), case)
    return list(found.values())


def expand(template: Mapping[str, Any], *, group: str, slots: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    """The cases of one template.

    Raises:
        TrainingError: the template names an unknown kind, change or blank.
    """
    kind = template.get("kind", MINIMUM)
    if kind not in KINDS:
        raise TrainingError(f"unknown kind {kind!r} in {template['text']!r}. Allowed: {', '.join(KINDS)}.")
    filled = {**slots, **template.get("slots", {})}
    for blanks in _combinations(template, filled):
        text = template["text"].format_map(blanks)
        other = _other(template, text, blanks)
        if other != text:
            yield Case(
                group, template["lang"], kind, template["text"], text, other, template.get("expect", {})
            )


def _combinations(template: Mapping[str, Any], slots: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    names = sorted(
        {
            name
            for part in ("text", "then")
            for _, name, _, _ in string.Formatter().parse(template.get(part, ""))
            if name
        }
    )
    unknown = [name for name in names if name not in slots]
    if unknown:
        raise TrainingError(
            f"no words for the blank {unknown[0]!r} of {template['text']!r}. Add it to {_SLOTS}."
        )
    every = [
        dict(zip(names, words, strict=True)) for words in itertools.product(*(slots[name] for name in names))
    ]
    most = template.get("most", MOST)
    step = max(1.0, len(every) / most)
    return [every[int(i * step)] for i in range(min(most, len(every)))]


def _other(template: Mapping[str, Any], text: str, blanks: Mapping[str, str]) -> str | None:
    if "then" in template:
        return str(template["then"].format_map(blanks))
    if "change" not in template:
        return None
    if template["change"] not in CHANGES:
        raise TrainingError(f"unknown change {template['change']!r}. Allowed: {', '.join(CHANGES)}.")
    return CHANGES[template["change"]](text)
