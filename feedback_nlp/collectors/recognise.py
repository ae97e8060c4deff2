"""Which platform wrote a dump: by how its header overlaps with known exports, by what cells hold, by the file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

import pandas as pd

from feedback_nlp.collectors import platforms
from feedback_nlp.collectors.formats import ROW
from feedback_nlp.collectors.headers import fold_header, is_unnamed, last_part
from feedback_nlp.collectors.platforms import Export, Platform

_ENOUGH = 0.4
_EVIDENCE_ROWS = 300
_EVIDENCE_SHARE = 0.2
_FOREIGN_WEIGHT = 0.25
_HALF_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Recognised:
    """The platform taken, the kind of export where its header is known, how sure (0–1), and why in words."""

    platform: Platform
    export: Export | None
    confidence: float
    why: str


def recognise(headers: Sequence[str], sample: pd.DataFrame, *, name: str) -> Recognised:
    """The platform of a dump from its header, its first rows and the name of its file; `generic` where nothing tells."""
    rows = _lines(sample)
    found = [_score(platform, headers, rows, name) for platform in platforms.shipped().values()]
    best = max(found, key=lambda candidate: candidate.confidence)
    if best.confidence < _ENOUGH:
        generic = platforms.shipped()[platforms.GENERIC]
        return Recognised(generic, None, 1 - best.confidence, "no known export has this header")
    return best


def export_of(platform: Platform, headers: Sequence[str]) -> tuple[Export | None, float]:
    """The platform's kind of export that the header fits best, and how well (0–1); null where none fits."""
    scored = [(_overlap(export, headers), export) for export in platform.exports]
    score, export = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return (export, score) if score > 0 else (None, 0.0)


def _lines(sample: pd.DataFrame) -> list[str]:
    """The first rows, a cell a line."""
    cells = sample.drop(columns=ROW, errors="ignore").head(_EVIDENCE_ROWS).astype("object")
    return ["\n".join(cell for cell in row if isinstance(cell, str)) for row in cells.itertuples(index=False)]


def _score(platform: Platform, headers: Sequence[str], rows: list[str], name: str) -> Recognised:
    if platform.id == platforms.GENERIC:
        return Recognised(platform, None, 0.0, "")
    export, overlap = export_of(platform, headers)
    evidence, hint = _evidence(platform, rows), _hint(platform, name)
    reasons = [
        f"header as its {export.name} export ({overlap:.0%})" if export else "",
        "cells as it writes them" if evidence else "",
        f"{hint!r} in the file's name" if hint else "",
    ]
    confidence = min(1.0, overlap + 0.5 * evidence + (0.4 if hint else 0.0))
    return Recognised(platform, export, confidence, ", ".join(reason for reason in reasons if reason))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    """Folded header → 1 / number of platforms whose exports have it: `content` tells little, `allstar` much."""
    users: Counter[str] = Counter()
    for platform in platforms.shipped().values():
        users.update({fold_header(header) for export in platform.exports for header in export.headers})
    return {header: 1 / count for header, count in users.items()}


def _overlap(export: Export, headers: Sequence[str]) -> float:
    """Agreement of two headers, 0–1: the harmonic mean of both shares matched, less where only common names match."""
    own = {fold_header(header) for header in export.headers}
    names = {_numberless(h): {fold_header(h), last_part(h)} for h in reversed(headers) if not is_unnamed(h)}
    present = set().union(*names.values()) if names else set()
    if not {fold_header(header) for header in export.required} <= present:
        return 0.0
    weights = {header: _weights().get(header, 1.0) for header in own}
    matched = sum(weight for header, weight in weights.items() if header in present)
    foreign = _FOREIGN_WEIGHT * sum(not (folded & own) for folded in names.values())
    if not matched:
        return 0.0
    recall, precision = matched / sum(weights.values()), matched / (matched + foreign)
    return 2 * recall * precision / (recall + precision) * matched / (matched + _HALF_WEIGHT)


def _numberless(header: str) -> str:
    """One name for 评论1内容, 评论2内容 … so that a long row of them counts once."""
    return re.sub(r"\d+", "#", header)


def _evidence(platform: Platform, rows: list[str]) -> float:
    """How far cells show the platform's own patterns, 0–1; 1 from a fifth of the rows on."""
    if platform.evidence is None or not rows:
        return 0.0
    hits = sum(platform.evidence.search(row) is not None for row in rows)
    return min(1.0, hits / len(rows) / _EVIDENCE_SHARE)


def _hint(platform: Platform, name: str) -> str:
    base = PurePath(name).name.casefold()
    for hint in platform.hints:
        pattern = rf"(?<![a-z]){re.escape(hint)}(?![a-z])" if hint.isascii() else re.escape(hint)
        if re.search(pattern, base):
            return hint
    return ""
