"""The service loop: replies, their speed, and what became of complaints."""

from __future__ import annotations

import math

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis import shapes, waiting
from feedback_nlp.kpis.base import Estimate, Kpi, Sum, Sums, Words, plain
from feedback_nlp.kpis.business import Business
from feedback_nlp.kpis.complaints import COMPLAINTS
from feedback_nlp.kpis.expressions import count, is_known, is_true
from feedback_nlp.kpis.volume import COMMENTS

REPLIED = Sum("replied", count(is_known("replied_at")), ("replied_at",))
RESOLVED = Sum(
    "resolved", count(is_true("complaint") & is_known("resolved_at")), ("complaint", "resolved_at")
)
OPEN = Sum("open", count(is_true("complaint") & ~is_known("resolved_at")), ("complaint", "resolved_at"))
OPENED = Sum("opened_so_far", count(is_true("complaint")), ("complaint",), running=True)
CLOSED = Sum(
    "closed_so_far",
    count(is_true("complaint") & is_known("resolved_at")),
    ("complaint", "resolved_at"),
    dated="resolved_at",
    running=True,
)


def _backlog(sums: Sums) -> Estimate:
    return plain(sums["opened_so_far"] - sums["closed_so_far"], sums["opened_so_far"])


_NO_REPLY = Words(
    "Comments without a reply, or with a reply dated before the comment.",
    "没有回复，或回复时间早于评论时间的评论。",
)
_NO_COMPLAINT = Words("Comments that are no complaint.", "不是投诉的评论。")

RESPONSE_RATE = Kpi(
    id="response_rate",
    name=Words("Response rate", "回复率"),
    unit="share",
    meaning=Words("Comments with a reply / comments.", "有回复的评论 / 评论。"),
    sums=(REPLIED, COMMENTS),
    finish=shapes.share("replied", "comments"),
    interval="wilson",
)

_BUSINESS_NAME = Words(", business hours", "（营业时间）")
_BUSINESS_MEANING = Words(
    " Only business hours count: of the working days, without weekends and holidays.",
    "仅计营业时间：工作日内，不含周末与节假日。",
)
_ALL_HOURS = Words("", "")


def _counted(business: Business | None) -> tuple[waiting.Wait, Words, Words]:
    """How the wait is counted, and what that adds to a KPI's name and to its meaning."""
    if business is None:
        return waiting.CLOCK, _ALL_HOURS, _ALL_HOURS
    return waiting.business_wait(business), _BUSINESS_NAME, _BUSINESS_MEANING


def _first_response(id_: str, name: Words, of: Words, share: float, business: Business | None) -> Kpi:
    wait, named, told = _counted(business)
    return Kpi(
        id=f"{id_}_business" if business else id_,
        name=Words(name.en + named.en, name.zh + named.zh),
        unit="hours",
        meaning=Words(
            f"{of.en} of reply time − comment time over comments with both; read from fixed bins 19 % wide.{told.en}",
            f"回复时间 − 评论时间的{of.zh}，仅含两者已知的评论；由固定分箱（箱宽 19 %）读出。{told.zh}",
        ),
        sums=wait.histogram,
        finish=waiting.quantile(share, wait.histogram),
        interval="order",
        left_out=_NO_REPLY,
    )


def first_response_hours(*, business: Business | None = None) -> Kpi:
    """The median wait for a reply; with `business`, of its hours only, as `first_response_hours_business`."""
    name = Words("First response, median", "首次回复时长（中位数）")
    return _first_response("first_response_hours", name, Words("Median", "中位数"), 0.5, business)


def first_response_hours_p90(*, business: Business | None = None) -> Kpi:
    """The 90th percentile of the wait for a reply; with `business`, of its hours only, under an id of its own."""
    name = Words("First response, 90th percentile", "首次回复时长（90 分位）")
    of = Words("90th percentile", " 90 分位")
    return _first_response("first_response_hours_p90", name, of, 0.9, business)


FIRST_RESPONSE_HOURS = first_response_hours()
FIRST_RESPONSE_HOURS_P90 = first_response_hours_p90()


def sla_rate(*, hours: float, business: Business | None = None) -> Kpi:
    """The share of comments replied to within `hours`, of `business` hours where given.

    Its id is `sla_rate` for 4 hours, else `sla_rate_<hours>h`, and ends in `_business` for business hours.
    Pass it to `measure(kpis=[sla_rate(hours=24), …])`.

    Raises:
        UsageError: the hours are not above 0.
    """
    if not 0 < hours < math.inf:
        raise UsageError(f"a target of {hours} hours is not allowed. Give hours above 0, such as 4 or 24.")
    label = f"{hours:g}"
    wait, named, told = _counted(business)
    within = Sum(
        f"{'business_' if business else ''}replied_within_{label}h",
        count((wait.hours >= 0) & (wait.hours <= hours)),
        derived=wait.derived,
    )
    return Kpi(
        id=("sla_rate" if hours == 4 else f"sla_rate_{label}h") + ("_business" if business else ""),
        name=Words(f"Replied within {label} h{named.en}", f"{label} 小时内回复率{named.zh}"),
        unit="share",
        meaning=Words(
            f"Comments replied to within {label} hours / comments; no reply is a miss.{told.en}",
            f"{label} 小时内得到回复的评论 / 评论；未回复计为未达标。{told.zh}",
        ),
        sums=(within, COMMENTS),
        finish=shapes.share(within.name, "comments"),
        interval="wilson",
    )


SLA_RATE = sla_rate(hours=4)

RESOLUTION_RATE = Kpi(
    id="resolution_rate",
    name=Words("Resolution rate", "解决率"),
    unit="share",
    meaning=Words("Complaints resolved / complaints.", "已解决的投诉 / 投诉。"),
    sums=(RESOLVED, COMPLAINTS),
    finish=shapes.share("resolved", "complaints"),
    interval="wilson",
    left_out=_NO_COMPLAINT,
)

UNRESOLVED_RATE = Kpi(
    id="unresolved_rate",
    name=Words("Unresolved rate", "未解决率"),
    unit="share",
    meaning=Words("Complaints still open / complaints.", "未解决的投诉 / 投诉。"),
    sums=(OPEN, COMPLAINTS),
    finish=shapes.share("open", "complaints"),
    interval="wilson",
    left_out=_NO_COMPLAINT,
)

BACKLOG = Kpi(
    id="backlog",
    name=Words("Backlog", "积压量"),
    unit="comments",
    meaning=Words(
        "Complaints open at the end of the period: received so far − resolved so far; n is those received so far.",
        "期末未解决的投诉：累计收到 − 累计解决；n 为累计收到数。",
    ),
    sums=(OPENED, CLOSED),
    finish=_backlog,
    left_out=Words(
        "Comments that are no complaint, and complaints from before the data begin.",
        "不是投诉的评论，以及数据起点之前的投诉。",
    ),
)
