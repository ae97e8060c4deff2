"""Headers: which row names the columns, what stands above it, and names made whole and unique."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from feedback_nlp.collectors.formats import subheaders

Row = Sequence[str | None]

LOOK_AT = 10
MAX_NAME = 60
MAX_QUESTION = 400

_NUMBER = re.compile(r"^[-+]?[\d.,%]+(E[-+]?\d+)?$", re.IGNORECASE)
_DATE = re.compile(r"^\D{0,4}\d{2,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([ T].*)?$")
_QUESTION = re.compile(
    r"[?？]|^(?:Q?\d{1,3}|[一二三四五六七八九十]+)[.、:：)）]|please|请|[:：]$", re.IGNORECASE
)
_URL = re.compile(r"^(https?:)?//", re.IGNORECASE)
_IDENTIFIER = re.compile(r"^[A-Za-z_][\w.\-/#%() ?:\[\]]*$")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

# Words that stand in the headers of real exports. English ones match a whole word of a name, Chinese ones a part of it.
_ENGLISH_WORDS = (
    "id text content comment comments review reviews body message feedback title subject summary rating ratings score "
    "stars star overall date time datetime created published timestamp user username author name nickname reviewer "
    "url link likes like votes helpful count category label sentiment product brand version source country location "
    "region city status tags lang language reply replies response verified asin sku verbatim answer complaint "
    "narrative tweet platform type price description address channel ticket topic issue company state index"
)
_CHINESE = re.compile(
    "评论|評論|评价|評價|内容|內容|正文|文本|时间|時間|日期|用户|用戶|作者|昵称|暱稱|姓名|评分|評分|评级|星级|得分|分数|标题|標題"
    "|主题|链接|編號|编号|点赞|回复|转发|数量|次数|名称|名稱|城市|地址|地区|省份|归属|类型|类别|分类|品牌|型号|版本|来源|状态"
    "|商品|产品|价格|页码|序号|留言|答复|意见|反馈|问题|标签|情感|等级|级别|性别|平台|店铺|渠道|ID|id"
)
_WORDS_ALONE = (
    "评论 評論 评价 評價 内容 內容 正文 文本 评论内容 評論內容 评价内容 留言 留言内容 留言详情 反馈 反馈内容 意见 微博正文 微博内容 "
    "用户评论 弹幕 text texts content comment comments review reviews body message feedback verbatim tweet "
    "review_text reviewtext comment_text"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ALONE = frozenset(_WORDS_ALONE.split())


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends among the rows looked at (None: there is none) and the names of the columns."""

    index: int | None
    names: tuple[str, ...]
    notes: tuple[str, ...]


def find(rows: Sequence[Row]) -> Header:
    """The header among the first rows of a table; rows above it are a preamble, and said so in the notes."""
    width = _width(rows)
    for index in _candidates(rows):
        # Rows above the first candidate would be lost, so further down the evidence must be a header's words.
        if _is_header(rows[index], rows[index + 1 :], need_words=index > 0):
            header, more = subheaders.merge(rows[index], rows[index + 1 :])
            names, notes = unique(_aligned(header, rows[index + more + 1 :], width), width)
            if index:
                notes = (f"{index} line{'s' if index > 1 else ''} above the header left out", *notes)
            if more:
                notes = (
                    f"{more} more line{'s' if more > 1 else ''} of names read as part of the header",
                    *notes,
                )
            return Header(index + more, names, notes)
    names, _ = unique([None] * width, width)
    return Header(None, names, ("no header found: columns are numbered",))


def unique(cells: Row, width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`width` different names from header cells (`column_3` where empty, `name_2` where repeated), and notes on it."""
    names: list[str] = []
    notes: list[str] = []
    taken: set[str] = set()
    for place in range(width):
        given = " ".join((cells[place] or "").split()) if place < len(cells) else ""
        given = given.replace("\ufeff", "").strip()
        name = given or f"column_{place + 1}"
        if name in taken:
            name = next(f"{name}_{n}" for n in count(2) if f"{name}_{n}" not in taken)
            notes.append(f"column {place + 1} is named {given!r} like another: read as {name!r}")
        elif not given:
            notes.append(f"column {place + 1} has no name: read as {name!r}")
        taken.add(name)
        names.append(name)
    if len(notes) > 5:
        notes = [*notes[:4], f"{len(notes) - 4} more columns without a name of their own"]
    return tuple(names), tuple(notes)


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number, with or without %, signs and thousands marks."""
    return bool(_NUMBER.match(cell))


def is_value(cell: str) -> bool:
    """Whether a cell is a number, a date or a link rather than words."""
    return is_number(cell) or bool(_DATE.match(cell)) or bool(_URL.match(cell))


def _filled(row: Row) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]


def _used(row: Row) -> int:
    return max((place + 1 for place, cell in enumerate(row) if cell and cell.strip()), default=0)


def _width(rows: Sequence[Row]) -> int:
    widths = sorted(_used(row) for row in rows)
    full = [len(row) for row in rows]
    # One stray long row must not widen the table; it is folded instead.
    common = max(set(full), key=full.count) if full else 0
    return max(
        widths[int(0.9 * (len(widths) - 1))] if widths else 0, min(common, widths[-1] if widths else 0), 1
    )


def _aligned(row: Row, below: Sequence[Row], width: int) -> Row:
    """The header; moved by one where it lacks the name of a first column that counts the rows, as pandas' index."""
    firsts = [line[0] or "" for line in below if len(line) == width]
    counted = len(firsts) > 1 and len(set(firsts)) == len(firsts) and all(map(str.isdigit, firsts))
    return [None, *row] if len(row) == width - 1 and counted else row


def _candidates(rows: Sequence[Row]) -> list[int]:
    filled = [len(_filled(row)) for row in rows]
    found = []
    for index in range(min(LOOK_AT, len(rows))):
        around = sorted(filled[index : index + 20])
        most = around[int(0.8 * (len(around) - 1))]
        if filled[index] >= max(1, 0.6 * most):
            found.append(index)
    return found[:4]


def _is_header(row: Row, below: Sequence[Row], *, need_words: bool) -> bool:
    cells = _filled(row)
    if any(len(cell) > MAX_NAME for cell in cells) or sum(map(is_value, cells)) > 0.2 * len(cells):
        return _asks_questions(cells) and _differs(row, below) >= 2
    words = sum(map(_has_word, cells))
    if len(cells) == 1:
        return cells[0].lower() in _ALONE or _is_named_column(cells[0], below)
    if words >= max(2, 0.4 * len(cells)):
        return True
    if need_words or len(set(cells)) < len(cells):
        return False
    if words and not below:
        return True
    return _differs(row, below) >= (1 if words else 2) or (
        bool(below) and all(_IDENTIFIER.match(cell) and len(cell) <= 25 for cell in cells) and words > 0
    )


def _asks_questions(cells: Sequence[str]) -> bool:
    """Whether the long cells are the questions of a survey, beside names such as Timestamp or 序号."""
    questions = [cell for cell in cells if len(cell) > MAX_NAME]
    asked = bool(questions) and all(
        len(cell) <= MAX_QUESTION and _QUESTION.search(cell) for cell in questions
    )
    return (
        asked
        and any(map(_has_word, cells))
        and not any(map(is_value, cells))
        and len(set(cells)) == len(cells)
    )


def _is_named_column(cell: str, below: Sequence[Row]) -> bool:
    """One name alone: a short identifier with an underscore or a header's word, over cells that are longer."""
    lengths = sorted(len(text) for row in below for text in _filled(row))
    longer = bool(lengths) and lengths[len(lengths) // 2] > 2 * len(cell)
    return (
        longer and len(cell) <= 30 and " " not in cell and bool(_IDENTIFIER.match(cell)) and _has_word(cell)
    )


def _has_word(cell: str) -> bool:
    if len(cell) <= 14 and _CHINESE.search(cell):
        return True
    words = [word.lower() for word in _WORD.findall(cell)]
    return 0 < len(words) <= 6 and any(word in _ENGLISH for word in words)


def _differs(row: Row, below: Sequence[Row]) -> int:
    """Number of columns whose cells below are of another kind: values, or texts much longer than the name."""
    contrasts = 0
    for place, cell in enumerate(row):
        name = (cell or "").strip()
        texts = [
            line[place].strip()  # type: ignore[union-attr]
            for line in below
            if place < len(line) and line[place] and line[place].strip()  # type: ignore[union-attr]
        ]
        if not name or len(texts) < 2:
            continue
        values = sum(map(is_value, texts)) >= 0.7 * len(texts) and not is_value(name)
        longer = len(name) <= 20 and sorted(map(len, texts))[len(texts) // 2] > 3 * len(name)
        contrasts += values or longer
    return contrasts
