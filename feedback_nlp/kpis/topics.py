"""Per topic: how often it comes up, with what attitude, and what it does to the sentiment index.

These exist where groups are split by topic; a comment that names three topics counts under each of the three.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from feedback_nlp.kpis import intervals, shapes
from feedback_nlp.kpis.base import Estimate, Floats, Kpi, Sum, Sums, Words
from feedback_nlp.kpis.complaints import COMPLAINTS, JUDGED, UNJUDGED
from feedback_nlp.kpis.expressions import POLARITY, count, number
from feedback_nlp.kpis.sentiment import NEGATIVE, POSITIVE, READ, UNREAD
from feedback_nlp.kpis.volume import COMMENTS

PLUS = Sum("topic_plus", count(number(POLARITY) > 0), (POLARITY,))
MINUS = Sum("topic_minus", count(number(POLARITY) < 0), (POLARITY,))

RESAMPLES = 1000


def _cells(sums: Sums) -> Floats:
    """(G, 6) counts of positive, negative, other comments: first those on the topic, then the rest."""
    on, whole = _kinds(sums.own), _kinds(sums.whole)
    return np.hstack([on, whole - on])


def _kinds(sums: Mapping[str, Floats]) -> Floats:
    positive, negative = sums["positive"], sums["negative"]
    return np.column_stack([positive, negative, sums["sentiment_known"] - positive - negative])


def _impact_of(cells: Floats) -> Floats:
    """Index without the topic's comments minus index with them, from cells (…, 6); NaN where none are left."""
    rest, whole = cells[..., 3:], cells[..., :3] + cells[..., 3:]
    without = intervals.ratio(rest[..., 0] - rest[..., 1], rest.sum(-1))
    return 100 * (without - intervals.ratio(whole[..., 0] - whole[..., 1], whole.sum(-1)))


def _impact(sums: Sums) -> Estimate:
    cells = _cells(sums)
    tails = [50 * (1 - sums.confidence), 50 * (1 + sums.confidence)]
    bounds = np.array([_resampled(row, tails) for row in cells]).reshape(-1, 2)
    return Estimate(_impact_of(cells), bounds[:, 0], bounds[:, 1], cells.sum(axis=1))


def _resampled(row: Floats, tails: list[float]) -> tuple[float, float]:
    """Percentile bootstrap of one group. The seed is the group's own counts, so that no other group moves its interval."""
    n = int(row.sum())
    if n == 0 or row[3:].sum() == 0:
        return np.nan, np.nan
    rng = np.random.default_rng([int(cell) for cell in row])
    draws = _impact_of(rng.multinomial(n, row / n, size=RESAMPLES).astype(float))
    low, high = np.nanpercentile(draws, tails)
    return float(low), float(high)


TOPIC_SHARE = Kpi(
    id="topic_share",
    name=Words("Topic share", "主题占比"),
    unit="share",
    meaning=Words("Comments that mention the topic / all comments.", "提到该主题的评论 / 全部评论。"),
    sums=(COMMENTS,),
    finish=shapes.share_of_whole("comments", "comments"),
    per_topic=True,
    interval="wilson",
)

TOPIC_COMPLAINT_RATE = Kpi(
    id="topic_complaint_rate",
    name=Words("Topic complaint rate", "主题投诉率"),
    unit="share",
    meaning=Words(
        "Complaints that name the topic / all comments judged.", "提到该主题的投诉 / 全部已判定的评论。"
    ),
    sums=(COMPLAINTS, JUDGED),
    finish=shapes.share_of_whole("complaints", "complaint_known"),
    per_topic=True,
    interval="wilson",
    left_out=UNJUDGED,
)

TOPIC_INDEX = Kpi(
    id="topic_index",
    name=Words("Topic index", "主题指数"),
    unit="index",
    meaning=Words(
        "100 × (mentions in praise − mentions in criticism) / mentions of the topic.",
        "100 ×（好评提及 − 差评提及）/ 该主题的提及数。",
    ),
    sums=(PLUS, MINUS, COMMENTS),
    finish=shapes.index("topic_plus", "topic_minus", "comments"),
    per_topic=True,
    interval="multinomial",
    left_out=Words("Comments that do not mention the topic.", "未提到该主题的评论。"),
)

TOPIC_IMPACT = Kpi(
    id="topic_impact",
    name=Words("Topic impact", "主题影响"),
    unit="points",
    meaning=Words(
        "Sentiment index without the comments on the topic − sentiment index of all comments; above 0: the topic pulls it down.",
        "去掉该主题评论后的情感指数 − 全部评论的情感指数；大于 0 表示该主题拉低指数。",
    ),
    sums=(POSITIVE, NEGATIVE, READ),
    finish=_impact,
    per_topic=True,
    interval="bootstrap",
    left_out=UNREAD,
)
