"""What the cells of a column look like: comments, times, ratings. Used where names say nothing, and to doubt names."""

from __future__ import annotations

import json
import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedback_nlp.collectors.values import ratings, times

_CELLS = 300
_CELL_START = 1000  # what a cell is shows in its beginning; some cells are whole books
_CJK = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LINK = re.compile(
    r"[^\s@]{1,64}@[^\s@]{1,99}\.\w+|https?://\S+|\bwww\.\S+|\S{1,200}\.(?:jpe?g|png|gif|webp|mp4)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]")
_TEXT_ENOUGH = 1.0
_CANDIDATE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """How far a column reads like comments (0 upwards, about 1 for short ones, 4 for long), times and ratings (0–1)."""

    filled: int
    text: float
    time: float
    rating: float

    @property
    def reads_like_text(self) -> bool:
        """Whether the column could be the comments."""
        return self.text >= _TEXT_ENOUGH


def look(cells: Sequence[str]) -> Look:
    """What the first non-null cells of a column look like."""
    some = [cell[:_CELL_START] for cell in cells if cell.strip()][:_CELLS]
    if not some:
        return Look(0, 0.0, 0.0, 0.0)
    time = sum(map(times.reads_like_time, some)) / len(some)
    rating = sum(map(ratings.reads_like_rating, some)) / len(some)
    text = 0.0 if time > 0.5 or rating > 0.9 else _text(some)
    return Look(len(some), text, time, rating)


def _text(cells: Sequence[str]) -> float:
    """Sentences are long, of letters, and differ; links, JSON, codes, names and categories are not sentences."""
    sentences = [cell for cell in cells if _is_sentence(cell)]
    if not sentences:
        return 0.0
    share = len(sentences) / len(cells)
    distinct = len(set(cells)) / len(cells)
    length = statistics.fmean(min(400.0, _length(cell)) for cell in sentences)
    return math.log2(1 + length / 4) * share * min(1.0, 0.15 + distinct * (1 if len(cells) > 5 else 2))


def _length(cell: str) -> float:
    """Length in Chinese characters; an English word is two."""
    return len(_CJK.findall(cell)) + 2 * len(_LATIN_WORD.findall(cell))


def _is_sentence(cell: str) -> bool:
    bare = _LINK.sub("", cell).strip()
    letters = len(_LETTERS.findall(bare))
    if letters < 2 or letters < 0.4 * len(bare.replace(" ", "")) or _is_json(bare):
        return False
    return (
        len(_CJK.findall(bare)) >= 2
        or len(_LATIN_WORD.findall(bare)) >= 2
        or bool(re.search(r"[!?.]$", bare))
    )


def _is_json(cell: str) -> bool:
    if cell[:1] not in "[{" or cell[-1:] not in "]}":
        return False
    try:
        json.loads(cell.replace("'", '"'))
    except ValueError:
        return cell[0] == "{"
    return True


def candidates(looks: dict[str, Look]) -> list[str]:
    """Headers that read like comments at least half as well as the best, best first.

    A column filled in a tenth of the rows reads a third as well as a full one; one named as a reply, a title or an
    address a third as well as another.
    """
    scores = {
        header: found.text
        * math.sqrt(min(1.0, found.filled / _CELLS))
        * (0.3 if _NOT_COMMENTS.search(header) else 1)
        for header, found in looks.items()
        if found.reads_like_text
    }
    best = max(scores.values(), default=0.0)
    return sorted((h for h, s in scores.items() if s >= _CANDIDATE_SHARE * best), key=lambda h: -scores[h])


_OTHER_TIME = re.compile(
    "scrape|crawl|update|edit|visit|repl|check|stay|join|regist|birth|采集|爬取|抓取|更新|入住|出发|离店|回复|答复|注册|追评|下载",
    re.IGNORECASE,
)
_NOT_COMMENTS = re.compile(
    "repl|response|answer|titl|address|summary|signature|url|回复|答复|回应|商家|店家|官方|标题|主题|地址|签名|简介|商品|产品|标签|分词|关键词",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    "id$|page|level|label|sent|count|num|index|rank|age|year|页|级|标签|情感|数|号|排名|年|月|天|类|len|cluster|class",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[+-]?[\d.,]+%?$")


def share_numbers(cells: Sequence[str]) -> float:
    """Share of the first cells that are nothing but a number."""
    return _share(cells, lambda cell: bool(_NUMBER.match(cell.strip())))


def share_times(cells: Sequence[str]) -> float:
    """Share of the first cells that can be read as a time in some way, dates without a year among them."""
    return _share(cells, times.readable)


def share_ratings(cells: Sequence[str]) -> float:
    """Share of the first cells that can be read as a rating on some scale."""
    return _share(cells, lambda cell: ratings.parse(cell, 100.0).remark != ratings.UNREADABLE)


def share_scores(cells: Sequence[str]) -> float:
    """Share of the first cells that can be read as a 0–10 likelihood to recommend."""
    return _share(cells, lambda cell: ratings.recommend_score(cell).remark == "")


def has_chinese(cell: str) -> bool:
    """Whether a cell has a Chinese character."""
    return _CJK.search(cell) is not None


def is_binary(cells: Sequence[str]) -> bool:
    """Whether a column holds nothing but 0 and 1 (or −1), both of them: a label, not stars."""
    values = {cell.strip().removesuffix(".0") for cell in cells[:_CELLS]}
    return len(values) > 1 and values <= {"-1", "0", "1"}


def names_other_time(header: str) -> bool:
    """Whether a header names a time that is not when the comment was written (visit, scrape, reply)."""
    return bool(_OTHER_TIME.search(header))


def reads_like_stars(header: str, cells: Sequence[str]) -> bool:
    """Whether a column of an unknown name can only be stars: 1–5 in at least three values, or star signs and words."""
    some = list(cells)[:_CELLS]
    if not some or _OTHER_NUMBER.search(header):
        return False
    plain = share_numbers(some)
    if plain < 0.1:
        return _share(some, ratings.names_scale) > 0.9
    stars = {ratings.parse(cell).stars for cell in some}
    return plain > 0.9 and None not in stars and len(stars) >= 3 and max(s for s in stars if s) >= 4


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    some = list(cells)[:_CELLS]
    return sum(map(holds, some)) / len(some) if some else 0.0
