"""The KPIs of orders: what `orders.measure` gives, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_nlp.kpis.base import Words


@dataclass(frozen=True, slots=True)
class OrderKpi:
    """A measure of customers' orders. `unit` is a key of `UNITS`, `interval` of `METHODS`, as for a `Kpi`."""

    id: str
    name: Words
    unit: str
    meaning: Words
    interval: str
    left_out: Words


_UNFINISHED = Words(
    "The last period, for its customers may still come; customers of a period that has no next.",
    "最后一个时段（其客户可能还会下单）；没有下一时段的客户。",
)
_NONE = Words("", "")

ORDER_KPIS: dict[str, OrderKpi] = {
    kpi.id: kpi
    for kpi in (
        OrderKpi(
            "repeat_purchase_rate",
            Words("Repeat purchase rate", "复购率"),
            "share",
            Words("Customers with 2 orders or more / customers.", "下单 2 次及以上的客户 / 全部客户。"),
            "wilson",
            _NONE,
        ),
        OrderKpi(
            "purchase_frequency",
            Words("Purchase frequency", "购买频次"),
            "orders",
            Words("Orders / customers.", "订单数 / 客户数。"),
            "bootstrap",
            _NONE,
        ),
        OrderKpi(
            "average_order_value",
            Words("Average order value", "客单价"),
            "currency",
            Words("Revenue / orders.", "销售额 / 订单数。"),
            "bootstrap",
            _NONE,
        ),
        OrderKpi(
            "retention_rate",
            Words("Retention rate", "留存率"),
            "share",
            Words(
                "Customers of a period who order in the next too / customers of all periods that have a next.",
                "在下一时段也下单的客户 / 有下一时段的各时段客户之和。",
            ),
            "bootstrap",
            _UNFINISHED,
        ),
        OrderKpi(
            "churn_rate",
            Words("Churn rate", "流失率"),
            "share",
            Words("1 − retention rate.", "1 − 留存率。"),
            "bootstrap",
            _UNFINISHED,
        ),
        OrderKpi(
            "clv",
            Words("Customer lifetime value", "客户终身价值"),
            "currency",
            Words(
                "Σ m × r^t / (1 + d)^t over a horizon of periods t = 0, 1, …; m: margin × revenue per customer and active "
                "period, r: retention rate, d: discount per period.",
                "在给定期数 t = 0、1、… 上求和 Σ m × r^t / (1 + d)^t；m：毛利率 × 每位客户每个活跃时段的销售额，r：留存率，d：每期折现率。",
            ),
            "bootstrap",
            _UNFINISHED,
        ),
    )
}
