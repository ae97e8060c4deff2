"""Attitude: negative rate, sentiment index, polar index, reputation."""

from __future__ import annotations

from feedback_nlp.kpis import shapes
from feedback_nlp.kpis.base import Estimate, Kpi, Sum, Sums, Words
from feedback_nlp.kpis.expressions import count, is_any_label, is_label
from feedback_nlp.records import SENTIMENTS

READ = Sum("sentiment_known", count(is_any_label("sentiment", SENTIMENTS)), ("sentiment",))
POSITIVE = Sum("positive", count(is_label("sentiment", "positive")), ("sentiment",))
NEGATIVE = Sum("negative", count(is_label("sentiment", "negative")), ("sentiment",))


def _with_polar(sums: Sums) -> Sums:
    polar = {"polar": sums["positive"] + sums["negative"]}
    return Sums({**sums.own, **polar}, sums.whole, sums.pool, sums.confidence)


def _reputation(sums: Sums) -> Estimate:
    return shapes.share("positive", "polar")(_with_polar(sums))


def _polar_index(sums: Sums) -> Estimate:
    share = _reputation(sums)
    return Estimate(200 * share.value - 100, 200 * share.low - 100, 200 * share.high - 100, share.n)


UNREAD = Words("Comments without a sentiment of the four there are.", "没有情感标签（四种之一）的评论。")
_NO_SIDE = Words(
    "Neutral and mixed comments, and those without a sentiment.",
    "中性与褒贬不一的评论，以及没有情感标签（四种之一）的评论。",
)

NEGATIVE_RATE = Kpi(
    id="negative_rate",
    name=Words("Negative rate", "差评率"),
    unit="share",
    meaning=Words(
        "Negative comments / comments with a sentiment; neutral and mixed count below the line.",
        "负面评论 / 有情感标签的评论；中性与褒贬不一计入分母。",
    ),
    sums=(NEGATIVE, READ),
    finish=shapes.share("negative", "sentiment_known"),
    interval="wilson",
    left_out=UNREAD,
)

SENTIMENT_INDEX = Kpi(
    id="sentiment_index",
    name=Words("Sentiment index", "情感指数"),
    unit="index",
    meaning=Words(
        "100 × (positive − negative) / comments with a sentiment; neutral and mixed count below the line.",
        "100 ×（正面 − 负面）/ 有情感标签的评论；中性与褒贬不一计入分母。",
    ),
    sums=(POSITIVE, NEGATIVE, READ),
    finish=shapes.index("positive", "negative", "sentiment_known"),
    interval="multinomial",
    left_out=UNREAD,
)

POLAR_INDEX = Kpi(
    id="polar_index",
    name=Words("Polar index", "极性指数"),
    unit="index",
    meaning=Words(
        "100 × (positive − negative) / (positive + negative); neutral and mixed are left out.",
        "100 ×（正面 − 负面）/（正面 + 负面）；不含中性与褒贬不一。",
    ),
    sums=(POSITIVE, NEGATIVE),
    finish=_polar_index,
    interval="wilson_rescaled",
    left_out=_NO_SIDE,
)

REPUTATION = Kpi(
    id="reputation",
    name=Words("Reputation", "美誉度"),
    unit="share",
    meaning=Words(
        "Positive / (positive + negative); neutral and mixed are left out.",
        "正面 /（正面 + 负面）；不含中性与褒贬不一。",
    ),
    sums=(POSITIVE, NEGATIVE),
    finish=_reputation,
    interval="wilson",
    left_out=_NO_SIDE,
)
