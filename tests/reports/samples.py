"""A made-up analysis for the tests of the report: every number and comment is invented here."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from feedback_nlp.reports.analysis import Analysis, Settings

TOPICS = {
    "quality": ("product quality", "产品质量"),
    "function": ("function and experience", "功能体验"),
    "price": ("price and value", "价格价值"),
    "delivery": ("delivery and punctuality", "物流时效"),
    "packaging": ("packaging", "包装"),
    "service": ("staff and service", "服务态度"),
    "after_sales": ("after-sales", "售后"),
    "ordering": ("ordering, payment, account", "下单支付账户"),
    "app": ("app, website, software", "应用网站"),
    "place": ("place and facilities", "环境设施"),
    "trust": ("honesty, authenticity, safety, privacy", "诚信安全"),
    "brand": ("brand and membership", "品牌会员"),
    "other": ("other", "其他"),
}
NAMES = {"topic": TOPICS, "platform": {"jd": ("JD.com", "京东"), "twitter": ("Twitter / X", "推特")}}
LEVELS = {
    "complaint_rate": 0.23, "negative_rate": 0.27, "sentiment_index": 31.0, "reputation": 0.68,
    "loyalty_index": 6.0, "mean_rating": 3.9, "csat": 0.71,
}  # fmt: skip
_UNITS = {"sentiment_index": 100.0, "loyalty_index": 100.0, "mean_rating": 1.3, "topic_index": 90.0}
_TEXTS = (
    ("送餐慢了一个小时，打电话客服也不理，再也不点了。汤全洒了，退款还要等七天。", "zh", -1),
    ("The zip broke on day two and nobody answers my mails. I want my money back.", "en", -1),
    ("质量很好，价格也便宜，已经第三次购买了，家里老人也喜欢，推荐。", "zh", 1),
    ("Arrived a day early, well packed, and it simply works. Would buy again.", "en", 1),
)


def kpi_cells(level: float, kpi: str, n: int, rng: random.Random) -> dict[str, Any]:
    """A KPI's four columns around `level`, the interval as wide as n comments would give."""
    unit = _UNITS.get(kpi, 0.45)
    spread = unit / math.sqrt(max(n, 1))
    value = level + rng.gauss(0, 0.6 * spread)
    low, high = value - 1.96 * spread, value + 1.96 * spread
    if kpi not in _UNITS:
        value, low, high = (min(max(v, 0.0), 1.0) for v in (value, low, high))
    return {kpi: value, f"{kpi}_low": low, f"{kpi}_high": high, f"{kpi}_n": n}


def kpi_row(volume: int, rng: random.Random, shift: float = 0.0) -> dict[str, Any]:
    row: dict[str, Any] = {"volume": volume}
    for kpi, level in LEVELS.items():
        n = volume // 2 if kpi in {"mean_rating", "csat"} else volume
        moved = level + shift * (40 if kpi.endswith("index") else -0.3 if kpi.endswith("rate") else 0.2)
        row |= kpi_cells(moved, kpi, n, rng)
    return {**row, "flagged": volume < 30}


def weeks(count: int, start: date = date(2024, 1, 1)) -> list[date]:
    return [start + timedelta(weeks=i) for i in range(count)]


def topic_row(topic: str, volume: int, rng: random.Random, drift: float = 0.0) -> dict[str, Any]:
    place = list(TOPICS).index(topic)
    share = 0.34 / (1 + 0.45 * place)
    mentions = max(int(share * volume), 1)
    index = 55 - 9 * place + drift
    return {
        "topic": topic,
        "volume": mentions,
        **kpi_cells(share, "topic_share", volume, rng),
        **kpi_cells(share * 0.22, "topic_complaint_rate", volume, rng),
        **kpi_cells(index, "topic_index", mentions, rng),
        "flagged": mentions < 30,
    }


def examples() -> pd.DataFrame:
    rows = []
    for topic in TOPICS:
        for i, (text, lang, polarity) in enumerate(_TEXTS):
            rows.append(
                {
                    "topic": topic, "polarity": polarity, "text": text, "lang": lang,
                    "source": "exports/orders_2024.csv", "row": 120 + i, "platform": "jd",
                    "day": date(2024, 3, 4 + i), "rating": 1.0 if polarity < 0 else 5.0,
                    "complaint": polarity < 0, "severity": 2 if polarity < 0 else 0,
                    "leaving": polarity < 0, "returning": polarity > 0, "sentiment": "negative",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def queue(length: int = 6) -> pd.DataFrame:
    rows = [
        {
            **row,
            "why": "severity 3, 1,204 likes",
            "group_size": 3,
            "priority": 91.5,
            "severity": 3 - i % 3,
            "polarity": None,
        }
        for i, row in enumerate(examples().to_dict("records")[:length])
    ]
    return pd.DataFrame(rows)


def ledger() -> dict[str, Any]:
    entry = {
        "source": "exports/orders_2024.csv", "format": "csv, gzip", "encoding": "gb18030", "platform": "jd",
        "mapping": {"text": "评论内容", "created_at": "评论时间", "rating": "星级"},
        "rows": 14_310, "counted": 12_408, "set_aside": {"exact_duplicate": 1_204, "system_default": 391, "empty": 208},
        "rejected": {"ragged": 99}, "repairs": {"replaced_bytes": 12}, "notes": ["header on row 3"], "balanced": True,
    }  # fmt: skip
    return {
        "rows": 14_310, "counted": 12_408, "set_aside": entry["set_aside"], "rejected": entry["rejected"],
        "balanced": True, "sources": [entry],
    }  # fmt: skip


def analysis(periods: int = 26, *, seed: int = 7) -> Analysis:
    """A full analysis of `periods` weeks; the fourth has few comments and the tenth is missing."""
    rng = random.Random(seed)
    starts = [day for i, day in enumerate(weeks(periods)) if i != 9]
    volumes = [18 if i == 3 else int(480 + 160 * math.sin(i / 5)) for i in range(len(starts))]
    by_period = [
        {"period": day, **kpi_row(n, rng, shift=0.25 * math.sin(i / 4))}
        for i, (day, n) in enumerate(zip(starts, volumes, strict=True))
    ]
    by_topic = [
        {"period": day, **topic_row(topic, n, rng, drift=25 * math.sin(i / 6 + t))}
        for i, (day, n) in enumerate(zip(starts, volumes, strict=True))
        for t, topic in enumerate(TOPICS)
    ]
    groups = {
        "platform": [{"platform": p, **kpi_row(n, rng)} for p, n in (("jd", 8_000), ("twitter", 4_390), ("app", 18))],
        "brand": [{"brand": f"Brand {c}", **kpi_row(n, rng)} for c, n in (("A", 5_000), ("B", 4_000), ("C", 210))],
    }  # fmt: skip
    return Analysis(
        overall=pd.DataFrame([kpi_row(12_408, rng)]),
        ledger=ledger(),
        model="feedback-zh-en@1.0.0",
        settings=Settings(every="week", tz="Asia/Shanghai"),
        by_period=pd.DataFrame(by_period),
        topics=pd.DataFrame([topic_row(topic, 12_408, rng) for topic in TOPICS]),
        topics_by_period=pd.DataFrame(by_topic),
        groups={name: pd.DataFrame(rows) for name, rows in groups.items()},
        examples=examples(),
        queue=queue(),
        alerts=[
            {
                "kpi": "complaint_rate",
                "group": None,
                "period": starts[-2],
                "observed": 0.31,
                "low": 0.19,
                "high": 0.27,
                "p": 0.00042,
                "rule": "drift",
                "drivers": [{"by": "topic", "group": "delivery", "total": 0.021}, "app +0.8 points"],
                "phrases": [{"phrase": "送餐 慢", "count_before": 3, "count_after": 41}],
            },
        ],
        drivers=[
            {
                "kpi": "complaint_rate",
                "before": 0.221,
                "after": 0.263,
                "effects": {
                    "topic": [
                        {"group": "delivery", "mix": 0.004, "rate": 0.021},
                        {"group": "app", "mix": 0.001, "rate": 0.011},
                        {"group": "quality", "mix": -0.002, "rate": 0.007},
                    ],
                    "region": [
                        {"group": "East", "mix": 0.030, "rate": 0.005},
                        {"group": None, "mix": 0.0, "rate": 0.007},
                    ],
                },
            }
        ],
        distributions={
            "sentiment": {"negative": 3_350, "neutral": 1_800, "positive": 6_508, "mixed": 750},
            "rating": {"1.0": 700, "2.0": 420, "3.0": 690, "4.0": 1_390, "5.0": 3_004},
        },
        names=NAMES,
        title="Spring orders 2024",
        made_at=datetime(2024, 7, 1, 9, 30),
    )


def with_text(text: str) -> Analysis:
    """The same with `text` wherever a dump's own words can appear."""
    base = analysis(4)

    def hostile(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(text=text, source=text, brand=text)

    entry = {
        **base.ledger["sources"][0],
        "source": text,
        "encoding": text,
        "mapping": {"text": text},
        "notes": [text],
    }
    return replace(
        base,
        title=text,
        model=text,
        examples=hostile(base.examples),
        queue=hostile(base.queue).assign(why=text),
        groups={
            "brand": base.groups["brand"].assign(brand=text),
            text: base.groups["brand"].rename(columns={"brand": text}),
        },
        ledger={**base.ledger, "sources": [entry], "rejected": {text: 1}},
        alerts=[{"kpi": text, "group": {"brand": text}, "period": None, "observed": 1.0, "drivers": [text]}],
        names={},
    )
