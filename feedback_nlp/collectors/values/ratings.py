"""Ratings as dumps write them, to stars 1–5, and 0–10 recommendation scores.

The scale of plain numbers is decided once over a column (`scale_of`): a 4 is four of five stars in one dump and four
of ten points in the next. A cell may also name its scale (8/10, ★★★★☆, allstar40) or be a word (好评).
Points become stars by proportion, 8/10 → 4 and 80/100 → 4, and never fall below the one star that cannot be withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from feedback_nlp.collectors.values.time_forms import tidy
from feedback_nlp.collectors.values.times import MISSING

UNREADABLE = "unreadable"
OUTSIDE = "outside_scale"
UNRATED = "unrated"
_LONGEST = 200  # no rating is longer, and patterns that look for one are slow on a long text
_TOO_LONG = "too long"
_SCALES = (5.0, 10.0, 50.0, 100.0)

_WORDS = {
    **dict.fromkeys(
        ("好评", "力荐", "五星", "5星好评", "非常满意", "很满意", "强烈推荐", "excellent", "five stars"), 5.0
    ),
    **dict.fromkeys(
        ("超棒", "很好", "非常好", "极好", "完美", "very satisfied", "好評", "非常滿意", "很棒"), 5.0
    ),
    **dict.fromkeys(
        ("推荐", "四星", "满意", "好", "较好", "不错", "good", "great", "very good", "satisfied"), 4.0
    ),
    **dict.fromkeys(("五星好评", "满分", "超赞", "good, i'm satisfied", "strongly agree"), 5.0),
    **dict.fromkeys(("four stars", "滿意", "推薦", "比较满意", "较满意", "recommended"), 4.0),
    **dict.fromkeys(("基本满意", "一般般"), 3.0),
    **dict.fromkeys(("较不满意", "比较不满意", "不太满意", "不推荐", "not recommended"), 2.0),
    **dict.fromkeys(("bad, i'm unsatisfied", "extremely dissatisfied"), 1.0),
    **dict.fromkeys(
        ("中评", "还行", "三星", "一般", "中等", "average", "okay", "ok", "fair", "three stars"), 3.0
    ),
    **dict.fromkeys(("neutral", "中評", "還行", "普通", "尚可", "neither satisfied nor dissatisfied"), 3.0),
    **dict.fromkeys(
        ("较差", "二星", "两星", "不满意", "差", "poor", "two stars", "dissatisfied", "較差", "不滿意"), 2.0
    ),
    **dict.fromkeys(
        ("差评", "很差", "一星", "非常不满意", "很不满意", "极差", "terrible", "bad", "one star"), 1.0
    ),
    **dict.fromkeys(("very dissatisfied", "差評", "awful", "非常差", "很不滿意"), 1.0),
}
_UNRATED = frozenset(
    (
        "offered",
        "unoffered",
        "not offered",
        "not rated",
        "no rating",
        "unrated",
        "未评分",
        "未评价",
        "无评分",
        "暂无评分",
    )
)
_GLYPHS = re.compile(r"^([★⭐🌟✭✮✩\ufe0f]+)([☆✰\ufe0f]*)$")
_CLASSES = re.compile(
    r"(?:allstar|sml-str|irr-star|mid-str|rank-?stars?|s?-?star[_-]?|stars-?|bubble_|rating_)(\d{1,2})\b",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:/|out of|of|分?[,，]?满分)\s*(?P<scale>5|10|100)(?:\.0)?(?:\s*(?:stars?|分))?\b",
    re.IGNORECASE,
)
_STARS = re.compile(
    r"^(?:评分|打分|rated|rating)?[::]?\s*(\d(?:\.\d+)?)\s*(?:颗|个)?(?:星级?|stars?)(?:好评|rating)?$",
    re.IGNORECASE,
)
# A word with its number beside it: 5 - Very satisfied, 非常满意（5分）, 好评 5星
_LABELLED = re.compile(r"^(?:\d{1,2}(?:\.0)?\s*[-–=:.、]\s*)?(?P<word>\D+?)\s*(?:\(.{1,8}\)|\d\s*[星分])?$")
_LEAD = re.compile(r"^(?:评分|打分|得分|星级|rating|score)\s*[:：]\s*")
_PLAIN = re.compile(r"^[+]?(\d+(?:[.,]\d+)?)\s*(分|%|points?)?$")


@dataclass(frozen=True, slots=True)
class Rating:
    """A cell read as stars 1–5 (null where it cannot be) and what to say about it, if anything."""

    stars: float | None
    remark: str = ""


_NOTHING = Rating(None)


def parse(text: str, scale: float = 5.0) -> Rating:
    """One cell as stars; `scale` is the most a plain number can be (5, 10, 50 or 100). An empty cell has no remark."""
    cell = _cell(text)
    if cell in MISSING and cell != "0":
        return _NOTHING
    if (named := _named(cell)) is not None:
        return named
    if (number := _number(cell)) is None:
        return Rating(None, UNREADABLE)
    return _stars(number, scale)


def scale_of(cells: Iterable[str], *, declared: float | None = None) -> tuple[float, str]:
    """The scale of a column's plain numbers, from its first cells and what the platform declares, and a note if they differ.

    A declared scale holds while the numbers fit it. Else it is the smallest of 5, 10, 50, 100 that they fit; 50 only
    where all are whole tens and fives, as review sites write half stars (45).
    """
    plain = [n for cell in map(_cell, cells) if _named(cell) is None and (n := _number(cell)) is not None]
    if not plain:
        return declared or 5.0, ""
    top = _near_top(plain)
    if declared and top <= declared:
        return declared, ""
    halves = all(n % 5 == 0 for n in plain)
    fitting = [s for s in _SCALES if top <= s and (s != 50.0 or halves)]
    scale = fitting[0] if fitting else 100.0
    note = f"ratings run to {top:g}, not {declared:g}; read as 0–{scale:g}" if declared else ""
    return scale, note


def recommend_score(text: str) -> Rating:
    """One cell as a 0–10 likelihood to recommend; what is not a number from 0 to 10 is null."""
    cell = _cell(text)
    if cell in MISSING and cell != "0":
        return _NOTHING
    if match := re.match(r"^(\d+(?:\.\d+)?)(?:\s*(?:分|/\s*10|[-–:(].*))?$", cell):
        number = float(match[1])
        return Rating(number) if number <= 10 else Rating(None, OUTSIDE)
    return Rating(None, UNREADABLE)


def reads_like_rating(text: str) -> bool:
    """Whether a cell can only be a rating, or is a small number that could be one."""
    cell = _cell(text)
    if _named(cell) is not None:
        return True
    number = _number(cell)
    return number is not None and 0 <= number <= 5


def names_scale(text: str) -> bool:
    """Whether a cell can only be a rating: stars, a word such as 好评, 4/5."""
    return _named(_cell(text)) is not None


def _cell(text: str) -> str:
    """The cell as the patterns read it; one that is too long for a rating as something none of them reads."""
    return tidy(text).casefold() if len(text) <= _LONGEST else _TOO_LONG


def _near_top(numbers: list[float]) -> float:
    """The largest number but for the top fiftieth, so that one stray 99 does not turn five stars into a hundred points."""
    ordered = sorted(numbers)
    return ordered[-1 - len(ordered) // 50]


def _named(cell: str) -> Rating | None:
    """The rating of a cell that names its own scale."""
    if cell in _UNRATED:
        return Rating(None, UNRATED)
    labelled = _LABELLED.match(cell.rstrip("!.。"))
    if labelled and (stars := _WORDS.get(labelled["word"])) is not None:
        return Rating(stars)
    if match := _GLYPHS.match(cell):
        return _stars(float(len(match[1].replace("\ufe0f", ""))), 5.0)
    for pattern in (_CLASSES, _OF, _STARS):
        if match := pattern.search(cell):
            number, scale = float(match[1]), match.groupdict().get("scale")
            return _stars(number, float(scale) if scale else 5.0 if number <= 5 else 50.0)
    return None


def _number(cell: str) -> float | None:
    match = _PLAIN.match(_LEAD.sub("", cell))
    return float(match[1].replace(",", ".")) if match else None


def _stars(number: float, scale: float) -> Rating:
    if number > scale:
        return Rating(None, OUTSIDE)
    if number == 0 and scale in (5.0, 50.0):  # sites write 0 for "wrote without rating"
        return Rating(None, UNRATED)
    return Rating(max(1.0, number * 5 / scale))
