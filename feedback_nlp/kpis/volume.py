"""How many comments, and whose share of them."""

from __future__ import annotations

from feedback_nlp.kpis import intervals
from feedback_nlp.kpis.base import Estimate, Kpi, Sum, Sums, Words, plain
from feedback_nlp.kpis.expressions import ONE

COMMENTS = Sum("comments", ONE)


def _voice(sums: Sums) -> Estimate:
    part, n = sums["comments"], sums.pool["comments"]
    low, high = intervals.wilson(part, n, confidence=sums.confidence)
    return Estimate(intervals.ratio(part, n), low, high, n)


VOLUME = Kpi(
    id="volume",
    name=Words("Comments", "评论量"),
    unit="comments",
    meaning=Words(
        "Number of comments that count (none set aside). Split by topic: those that mention the topic.",
        "计入统计的评论数（不含被搁置的）。按主题拆分时：提到该主题的评论数。",
    ),
    sums=(COMMENTS,),
    finish=lambda sums: plain(sums["comments"], sums["comments"]),
)

SHARE_OF_VOICE = Kpi(
    id="share_of_voice",
    name=Words("Share of voice", "声量占比"),
    unit="share",
    meaning=Words(
        "Comments of the group / all comments of the period, over all groups.",
        "该组评论数 / 同一时段全部组的评论数。",
    ),
    sums=(COMMENTS,),
    finish=_voice,
    interval="wilson",
)
