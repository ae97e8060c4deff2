"""Scores that customers gave: stars, satisfaction, net promoter score."""

from __future__ import annotations

from feedback_nlp.kpis import intervals, shapes
from feedback_nlp.kpis.base import Estimate, Kpi, Sum, Sums, Words
from feedback_nlp.kpis.expressions import count, is_within, number, number_within

_RATED = is_within("rating", 1, 5)
_STARS = number_within("rating", 1, 5)
_SCORED = is_within("recommend_score", 0, 10)

RATED = Sum("rated", count(_RATED), ("rating",))
STARS = Sum("stars", _STARS, ("rating",))
STARS_SQUARES = Sum("stars_squares", _STARS * _STARS, ("rating",))
SATISFIED = Sum("satisfied", count(_STARS >= 4), ("rating",))

SCORED = Sum("scored", count(_SCORED), ("recommend_score",))
PROMOTERS = Sum("promoters", count(_SCORED & (number("recommend_score") >= 9)), ("recommend_score",))
DETRACTORS = Sum(
    "detractors",
    count(_SCORED & (number("recommend_score") <= 6)),
    ("recommend_score",),
)

_IMAGINED = (0.75, 1.5)
"""¾ promoters, ¾ detractors, 3/2 passives. Source: Rocks (2016), The American Statistician 70, 365–372; so do Lewis and Sauro."""


def _nps(sums: Sums) -> Estimate:
    up, down, n = sums["promoters"], sums["detractors"], sums["scored"]
    low, high = intervals.difference(up, down, n, confidence=sums.confidence, imagined=_IMAGINED)
    return Estimate(100 * intervals.ratio(up - down, n), 100 * low, 100 * high, n)


_UNRATED = Words("Comments without a rating of 1 to 5.", "没有 1–5 评分的评论。")

MEAN_RATING = Kpi(
    id="mean_rating",
    name=Words("Mean rating", "平均评分"),
    unit="stars",
    meaning=Words("Sum of stars / comments with a rating.", "星级之和 / 有评分的评论。"),
    sums=(STARS, STARS_SQUARES, RATED),
    finish=shapes.mean("stars", "stars_squares", "rated", limits=(1, 5)),
    interval="student",
    left_out=_UNRATED,
)

CSAT = Kpi(
    id="csat",
    name=Words("Satisfaction (CSAT)", "满意度"),
    unit="share",
    meaning=Words(
        "Ratings of 4 or 5 / comments with a rating (top-2 box).", "4 星与 5 星 / 有评分的评论（前两档）。"
    ),
    sums=(SATISFIED, RATED),
    finish=shapes.share("satisfied", "rated"),
    interval="wilson",
    left_out=_UNRATED,
)

NPS = Kpi(
    id="nps",
    name=Words("Net promoter score", "净推荐值"),
    unit="index",
    meaning=Words(
        "100 × (scores 9–10 − scores 0–6) / comments with a 0–10 score.",
        "100 ×（9–10 分 − 0–6 分）/ 有 0–10 分推荐评分的评论。",
    ),
    sums=(PROMOTERS, DETRACTORS, SCORED),
    finish=_nps,
    interval="multinomial_nps",
    left_out=Words("Comments without a 0–10 score.", "没有 0–10 分推荐评分的评论。"),
)
