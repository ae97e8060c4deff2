"""Why an entry is in the queue, in words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from feedback_nlp.errors import UnknownName

WORDS: dict[str, dict[str, str]] = {
    "severity_3": {"en": "danger, fraud or legal threat", "zh": "涉及安全、欺诈或法律风险"},
    "severity_2": {"en": "serious harm", "zh": "损失严重"},
    "severity_1": {"en": "minor problem", "zh": "轻微问题"},
    "complaint": {"en": "complaint ({percent} %)", "zh": "投诉（{percent}%）"},
    "negative": {"en": "negative", "zh": "不满"},
    "leaving": {"en": "says they leave", "zh": "表示要离开"},
    "question": {"en": "asks a question", "zh": "有提问"},
    "unanswered": {"en": "not answered", "zh": "未回复"},
    "replied": {"en": "replied, not resolved", "zh": "已回复未解决"},
    "group": {"en": "{count} say the same", "zh": "{count}条说法相同"},
    "engagement": {"en": "{count} likes, replies and shares", "zh": "{count}次互动"},
    "today": {"en": "within a day", "zh": "一天之内"},
    "age": {"en": "{count} days old", "zh": "{count}天前"},
}
BETWEEN = {"en": "; ", "zh": "；"}
LANGUAGES = tuple(BETWEEN)
TOLD = (
    "severity",
    "p_complaint",
    "p_negative",
    "leaving",
    "question",
    "replied_at",
)  # columns that `why` reads


def why(
    row: Mapping[str, Any], *, group_size: int, engagement: int, age_days: float | None, lang: str
) -> str:
    """The reasons for an entry, the weightiest first.

    Raises:
        UnknownName: `lang` is neither en nor zh.
    """
    if lang not in LANGUAGES:
        raise UnknownName("language of words", lang, LANGUAGES)
    reasons = [*_harm(row, lang), _said("unanswered" if _absent(row, "replied_at") else "replied", lang)]
    if group_size > 1:
        reasons.append(_said("group", lang, count=group_size))
    if engagement:
        reasons.append(_said("engagement", lang, count=engagement))
    if age_days is not None:
        reasons.append(_said("today", lang) if age_days < 1 else _said("age", lang, count=int(age_days)))
    return BETWEEN[lang].join(reasons)


def _harm(row: Mapping[str, Any], lang: str) -> list[str]:
    found = []
    if not _absent(row, "severity") and int(row["severity"]) > 0:
        found.append(_said(f"severity_{min(int(row['severity']), 3)}", lang))
    if not _absent(row, "p_complaint") and float(row["p_complaint"]) >= 0.5:
        found.append(_said("complaint", lang, percent=round(100 * float(row["p_complaint"]))))
    if not found and not _absent(row, "p_negative") and float(row["p_negative"]) >= 0.5:
        found.append(_said("negative", lang))
    found += [
        _said(flag, lang) for flag in ("leaving", "question") if not _absent(row, flag) and bool(row[flag])
    ]
    return found


def _absent(row: Mapping[str, Any], name: str) -> bool:
    return name not in row or bool(pd.isna(row[name]))


def _said(key: str, lang: str, **values: int) -> str:
    return WORDS[key][lang].format(**values)
