"""Counts as dumps write them: 12, 1,234, 1.2万, 3k, 10万+, "12 people found this helpful"."""

from __future__ import annotations

import re

from feedback_nlp.collectors.values.time_forms import tidy
from feedback_nlp.collectors.values.times import MISSING

UNREADABLE = "unreadable"
_UNITS = {
    "": 1,
    "千": 1e3,
    "k": 1e3,
    "w": 1e4,
    "万": 1e4,
    "萬": 1e4,
    "m": 1e6,
    "亿": 1e8,
    "億": 1e8,
    "b": 1e9,
}
_COUNT = re.compile(
    r"^\D{0,12}?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:e\+?\d+)?)\s*([千kw万萬m亿億b]?)(?![a-z])\D*$"
)
_ONE = re.compile(r"^one(?: (?:person|user|customer)\b|$)")
# 赞 and its kin stand in for the number where it is zero
_ZERO = frozenset({"赞", "点赞", "评论", "回复", "转发", "like", "reply", "share", "抢首评"})
_LARGEST = 10**12


def parse(text: str) -> tuple[int | None, str]:
    """One cell as a count, and a remark where it is not empty yet cannot be read."""
    cell = tidy(text).casefold()
    if cell in MISSING and cell != "0":
        return None, ""
    if cell in _ZERO:
        return 0, ""
    if _ONE.match(cell):
        return 1, ""
    match = _COUNT.match(cell)
    if match is None or cell.startswith("-"):
        return None, UNREADABLE
    count = float(match[1].replace(",", "")) * _UNITS[match[2]]
    return (round(count), "") if count <= _LARGEST else (None, UNREADABLE)
