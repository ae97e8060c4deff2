"""Complaints: how many, how severe."""

from __future__ import annotations

from feedback_nlp.kpis import shapes
from feedback_nlp.kpis.base import Kpi, Sum, Words
from feedback_nlp.kpis.expressions import count, is_flag, is_true, is_within, number, number_within

_GRADED = is_true("complaint") & is_within("severity", 0, 3)

JUDGED = Sum("complaint_known", count(is_flag("complaint")), ("complaint",))
COMPLAINTS = Sum("complaints", count(is_true("complaint")), ("complaint",))
GRADED = Sum("complaints_graded", count(_GRADED), ("complaint", "severity"))
SEVERITY = Sum("severity_total", count(_GRADED) * number("severity"), ("complaint", "severity"))
SEVERITY_SQUARES = Sum(
    "severity_squares", count(_GRADED) * number("severity") * number("severity"), ("complaint", "severity")
)
SEVERITY_KNOWN = Sum("severity_known", count(is_within("severity", 0, 3)), ("severity",))
CRITICAL = Sum("critical", count(number_within("severity", 0, 3) >= 3), ("severity",))

UNJUDGED = Words("Comments without a complaint label.", "没有投诉标签的评论。")

COMPLAINT_RATE = Kpi(
    id="complaint_rate",
    name=Words("Complaint rate", "投诉率"),
    unit="share",
    meaning=Words(
        "Complaints / comments judged. A complaint reports a concrete problem; negative sentiment alone is none.",
        "投诉 / 已判定的评论。投诉须指出具体问题；仅有负面情绪不算。",
    ),
    sums=(COMPLAINTS, JUDGED),
    finish=shapes.share("complaints", "complaint_known"),
    interval="wilson",
    left_out=UNJUDGED,
)

SEVERITY_INDEX = Kpi(
    id="severity_index",
    name=Words("Severity of complaints", "投诉严重度"),
    unit="severity",
    meaning=Words(
        "Mean severity of complaints: sum of severity (0–3) / complaints with a severity.",
        "投诉的平均严重度：严重度（0–3）之和 / 有严重度的投诉。",
    ),
    sums=(SEVERITY, SEVERITY_SQUARES, GRADED),
    finish=shapes.mean("severity_total", "severity_squares", "complaints_graded", limits=(0, 3)),
    interval="student",
    left_out=Words(
        "Comments that are no complaint; complaints without a severity.", "不是投诉的评论；没有严重度的投诉。"
    ),
)

CRITICAL_RATE = Kpi(
    id="critical_rate",
    name=Words("Critical rate", "危急率"),
    unit="share",
    meaning=Words(
        "Comments of severity 3 / comments with a severity.", "严重度为 3 的评论 / 有严重度的评论。"
    ),
    sums=(CRITICAL, SEVERITY_KNOWN),
    finish=shapes.share("critical", "severity_known"),
    interval="wilson",
    left_out=Words("Comments without a severity.", "没有严重度的评论。"),
)
