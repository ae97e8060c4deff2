"""Loyalty as comments state it: who leaves, who returns."""

from __future__ import annotations

from feedback_nlp.kpis import shapes
from feedback_nlp.kpis.base import Kpi, Sum, Words
from feedback_nlp.kpis.expressions import count, is_flag, is_true

LEAVING_KNOWN = Sum("leaving_known", count(is_flag("leaving")), ("leaving",))
RETURNING_KNOWN = Sum("returning_known", count(is_flag("returning")), ("returning",))
BOTH_KNOWN = Sum("loyalty_known", count(is_flag("leaving") & is_flag("returning")), ("leaving", "returning"))
LEAVING = Sum("leaving", count(is_true("leaving")), ("leaving",))
RETURNING = Sum("returning", count(is_true("returning")), ("returning",))
# A comment that says both ("I left, but friends should go") moves the index neither way.
ONLY_LEAVING = Sum(
    "only_leaving",
    count(is_true("leaving") & is_flag("returning") & ~is_true("returning")),
    ("leaving", "returning"),
)
ONLY_RETURNING = Sum(
    "only_returning",
    count(is_true("returning") & is_flag("leaving") & ~is_true("leaving")),
    ("leaving", "returning"),
)

LEAVING_RATE = Kpi(
    id="leaving_rate",
    name=Words("Leaving rate", "流失意向率"),
    unit="share",
    meaning=Words(
        "Comments that say they leave or warn others off / comments judged.",
        "表示离开或劝退他人的评论 / 已判定的评论。",
    ),
    sums=(LEAVING, LEAVING_KNOWN),
    finish=shapes.share("leaving", "leaving_known"),
    interval="wilson",
    left_out=Words("Comments not judged on leaving.", "未判定是否离开的评论。"),
)

RETURNING_RATE = Kpi(
    id="returning_rate",
    name=Words("Returning rate", "回头意向率"),
    unit="share",
    meaning=Words(
        "Comments that say they return or recommend / comments judged.",
        "表示再来、回购或推荐的评论 / 已判定的评论。",
    ),
    sums=(RETURNING, RETURNING_KNOWN),
    finish=shapes.share("returning", "returning_known"),
    interval="wilson",
    left_out=Words("Comments not judged on returning.", "未判定是否再来的评论。"),
)

LOYALTY_INDEX = Kpi(
    id="loyalty_index",
    name=Words("Loyalty index", "忠诚度指数"),
    unit="index",
    meaning=Words(
        "100 × (returning − leaving) / comments judged on both; a comment that says both cancels out.",
        "100 ×（回头 − 流失）/ 两项均已判定的评论；两者都说的互相抵消。",
    ),
    sums=(ONLY_RETURNING, ONLY_LEAVING, BOTH_KNOWN),
    finish=shapes.index("only_returning", "only_leaving", "loyalty_known"),
    interval="multinomial",
    left_out=Words("Comments not judged on both.", "未同时判定两项的评论。"),
)
