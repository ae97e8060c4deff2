"""Reach: likes, replies and shares, and the sentiment index weighted by them."""

from __future__ import annotations

import narwhals as nw

from feedback_nlp.kpis import intervals
from feedback_nlp.kpis.base import Derived, Estimate, Kpi, Sum, Sums, Words, plain
from feedback_nlp.kpis.expressions import count, is_any_label, is_label, is_number, number
from feedback_nlp.kpis.sentiment import READ
from feedback_nlp.records import SENTIMENTS

_COUNTS = ("likes", "replies", "shares")
_KNOWN = is_number("likes") | is_number("replies") | is_number("shares")
_TOTAL = number("likes") + number("replies") + number("shares")
_WEIGHT_COLUMN = "__reach_weight__"

# Below 0 a count is a fault of the export; its logarithm must not be a fault of ours.
_REACH = nw.when(_TOTAL > 0).then(_TOTAL).otherwise(nw.lit(0.0))
WEIGHT = Derived(
    _WEIGHT_COLUMN,
    (1.0 + (1.0 + _REACH).log(2)) * count(is_any_label("sentiment", SENTIMENTS)),
    (*_COUNTS, "sentiment"),
)
_W = nw.col(_WEIGHT_COLUMN)

ENGAGED = Sum("engagement_known", count(_KNOWN), _COUNTS)
ENGAGEMENT = Sum("engagement", _TOTAL, _COUNTS)
ENGAGEMENT_SQUARES = Sum("engagement_squares", _TOTAL * _TOTAL, _COUNTS)
REACH = Sum("reach", _W, derived=(WEIGHT,))
REACH_SQUARES = Sum("reach_squares", _W * _W, derived=(WEIGHT,))
REACH_POSITIVE = Sum(
    "reach_positive", _W * count(is_label("sentiment", "positive")), ("sentiment",), derived=(WEIGHT,)
)
REACH_NEGATIVE = Sum(
    "reach_negative", _W * count(is_label("sentiment", "negative")), ("sentiment",), derived=(WEIGHT,)
)


def _total(sums: Sums) -> Estimate:
    n = sums["engagement_known"]
    return plain(intervals.ratio(sums["engagement"] * n, n), n)


def _per_comment(sums: Sums) -> Estimate:
    total, squares, n = sums["engagement"], sums["engagement_squares"], sums["engagement_known"]
    low, high = intervals.student(total, squares, n, confidence=sums.confidence)
    return Estimate(intervals.ratio(total, n), low.clip(min=0), high, n)


def _weighted_index(sums: Sums) -> Estimate:
    weight = sums["reach"]
    size = intervals.effective_n(weight, sums["reach_squares"])
    up, down = (intervals.ratio(sums[name], weight) for name in ("reach_positive", "reach_negative"))
    low, high = intervals.difference(up * size, down * size, size, confidence=sums.confidence)
    return Estimate(100 * (up - down), 100 * low, 100 * high, sums["sentiment_known"])


_UNKNOWN = Words(
    "Comments where neither likes, replies nor shares are known.", "点赞、回复、转发均未知的评论。"
)

ENGAGEMENT_TOTAL = Kpi(
    id="engagement",
    name=Words("Engagement", "互动量"),
    unit="count",
    meaning=Words(
        "Likes + replies + shares, total; n is the comments where any of them is known.",
        "点赞 + 回复 + 转发的总数；n 为至少一项已知的评论数。",
    ),
    sums=(ENGAGEMENT, ENGAGED),
    finish=_total,
    left_out=_UNKNOWN,
)

ENGAGEMENT_PER_COMMENT = Kpi(
    id="engagement_per_comment",
    name=Words("Engagement per comment", "条均互动量"),
    unit="count",
    meaning=Words(
        "Likes + replies + shares / comments where any of them is known.",
        "（点赞 + 回复 + 转发）/ 至少一项已知的评论。",
    ),
    sums=(ENGAGEMENT, ENGAGEMENT_SQUARES, ENGAGED),
    finish=_per_comment,
    interval="student",
    left_out=_UNKNOWN,
)

REACH_WEIGHTED_INDEX = Kpi(
    id="reach_weighted_index",
    name=Words("Reach-weighted index", "传播加权情感指数"),
    unit="index",
    meaning=Words(
        "100 × (positive − negative) / all, each comment weighing 1 + log2(1 + likes + replies + shares); interval by Kish's effective n.",
        "100 ×（正面 − 负面）/ 全部，每条评论权重为 1 + log2(1 + 点赞 + 回复 + 转发)；区间按 Kish 有效样本量。",
    ),
    sums=(REACH, REACH_SQUARES, REACH_POSITIVE, REACH_NEGATIVE, READ),
    finish=_weighted_index,
    interval="multinomial_kish",
    left_out=Words(
        "Comments without a sentiment. An unknown count weighs as 0.",
        "没有情感标签的评论。未知的计数按 0 计。",
    ),
)
