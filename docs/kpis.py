"""Write docs/kpis.md from the catalogue: python docs/kpis.py"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from feedback_nlp.kpis import (
    KPIS,
    Kpi,
    complaints,
    engagement,
    loyalty,
    ratings,
    sentiment,
    service,
    topics,
    volume,
)
from feedback_nlp.kpis.base import UNITS
from feedback_nlp.kpis.expressions import POLARITY
from feedback_nlp.kpis.methods import METHODS
from feedback_nlp.kpis.orders import SEGMENTS
from feedback_nlp.kpis.orders.catalogue import ORDER_KPIS, OrderKpi

PAGE = Path(__file__).with_suffix(".md")
FAMILIES = (volume, complaints, sentiment, ratings, loyalty, topics, engagement, service)

HEAD = """\
# KPIs

<!-- Written by `python docs/kpis.py` from feedback_nlp/kpis; change it there. -->

Every value comes as four columns: `<id>`, `<id>_low` and `<id>_high` (its interval, 95 % unless you say otherwise), and
`<id>_n` (its denominator). What holds for all of them:

- **What counts.** Rows with `set_aside` (duplicates, system default texts, empty, spam, other languages, not feedback) and
  rows with `feedback` false never count. `volume` is the number of comments that do.
- **Missing is not zero.** A comment whose label, rating or score is missing leaves that KPI's denominator, and no other.
  What is off its scale (0 stars, a score of 11, a sentiment that is none of the four) is missing too.
- **n = 0 gives null**, not 0. Rows with a KPI that rests on fewer than 30 comments (`min_n`) are `flagged`, not hidden.
- **Periods** are days, ISO weeks, months, quarters or rolling windows (`7d`, `28d`) of the local date `day`.
- **By topic** a comment counts under each topic it mentions, so topics add up to more than all comments.
- **"Uncorrected"**: KPIs that read labels carry the classifier's errors. With an audit sample, `corrected` and
  `--audit` give rates that hold whatever those errors are.

```python
from feedback_nlp.kpis import KPIS, measure

table = measure(labelled, kpis=["complaint_rate", "nps"], every="week", by=["brand"])
KPIS["nps"].meaning.en, KPIS["nps"].meaning.zh
```

## At a glance

| KPI | 名称 | unit | interval |
|---|---|---|---|
"""

BUSINESS_HOURS = """
## Business hours and targets

`--target-hours`, `--business-hours` and `--holidays` of `kpis` and `analyze` set the target of `sla_rate`, and count waits
for a reply in business hours only. What is measured so has a name of its own: `sla_rate_8h_business`,
`first_response_hours_business`, `first_response_hours_p90_business`.

```
feedback-nlp kpis labelled.parquet --target-hours 8 --business-hours "mon-fri 09:00-18:00" --holidays CN --tz Asia/Shanghai
```

```python
from feedback_nlp.kpis import business, measure, sla_rate, timed

ours = business("mon-fri 09:00-12:00 13:30-18:00, sat 10:00-16:00", holidays="CN")
table = measure(labelled, kpis=[sla_rate(hours=8, business=ours)], tz="Asia/Shanghai")
ask = timed("all", target_hours=8, business_hours="mon-fri 09:00-18:00")
table = measure(labelled, kpis=ask, tz="Asia/Shanghai")
```

- From Friday 17:00 to Monday 10:00 are 2 hours. Hours are those of the wall clock in `tz`, which must be given; a time
  without a zone is taken as local. In DuckDB and Spark `tz` must be the zone of the session.
- Days are mon … sun or 周一 … 周日. A shift such as `22:00-06:00` ends on the next day and belongs to the day on which
  it starts, so a holiday takes all of it.
- `--holidays` takes a country, or country and subdivision, of the [holidays](https://holidays.readthedocs.io) library
  (`CN`, `HK`, `US-CA`): `pip install "feedback-nlp[calendar]"`. Weekends and hours alone need no extra.
- China's make-up working days (调休) are worked, with the hours of the first working day of the week. The library knows
  those and the days off in exchange once they are announced, so keep it up to date.
- Half holidays are whole working days. Holidays are known from 2000 to next year; `business(years=…)` takes others.
"""

ORDERS_HEAD = """
## From orders: who buys again, and what they are worth

`feedback-nlp loyalty` and `feedback_nlp.kpis.orders.measure` give these, a row each, from an orders export.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(
        f"{line}\n" for line in [*_overview(), *_families(), *_business(), *_orders(), *_methods()]
    )


def _overview() -> Iterator[str]:
    for kpi in (*(kpi for family in FAMILIES for kpi in _of(family)), *ORDER_KPIS.values()):
        yield f"| [`{kpi.id}`](#{kpi.id}) | {kpi.name.zh} | {UNITS[kpi.unit].en} | {METHODS[kpi.interval].name.en} |"


def _families() -> Iterator[str]:
    for family in FAMILIES:
        title, *rest = (family.__doc__ or "").strip().split("\n\n", 1)
        yield f"\n## {title.rstrip('.')}"
        yield from (f"\n{paragraph.replace(chr(10), ' ')}" for paragraph in rest)
        for kpi in _of(family):
            yield from _entry(kpi)
            yield f"- reads {', '.join(f'`{name}`' for name in _columns(kpi)) or 'no column: it counts rows'}"


def _of(family: object) -> list[Kpi]:
    """The KPIs that a module of the catalogue defines, in the catalogue's order."""
    own = list(vars(family).values())
    return [kpi for kpi in KPIS.values() if any(kpi is each for each in own)]


def _columns(kpi: Kpi) -> list[str]:
    topic = ["topic_<id>"] if kpi.per_topic else []
    return [*topic, *(name for name in kpi.needs if name != POLARITY)]


def _entry(kpi: Kpi | OrderKpi) -> Iterator[str]:
    yield f"\n### {kpi.id}\n"
    yield f"**{kpi.name.en} · {kpi.name.zh}.** {kpi.meaning.en}  "
    yield f"{kpi.meaning.zh}\n"
    yield f"- {UNITS[kpi.unit].en}; interval: {METHODS[kpi.interval].name.en}"
    if kpi.left_out.en:
        yield f"- left out: {kpi.left_out.en[0].lower()}{kpi.left_out.en[1:-1]}"


def _business() -> Iterator[str]:
    yield BUSINESS_HOURS.rstrip()


def _orders() -> Iterator[str]:
    yield ORDERS_HEAD.rstrip()
    for kpi in ORDER_KPIS.values():
        yield from _entry(kpi)
    yield "\n### RFM segments\n"
    yield "Recency, frequency and money of each customer in quintiles; equal values score as the lowest of them.\n"
    yield from ("| segment | 客户群 |", "|---|---|")
    yield from (f"| {words.en} | {words.zh} |" for words in SEGMENTS.values())


def _methods() -> Iterator[str]:
    yield "\n## Intervals and their sources\n"
    yield from ("| interval | how | source |", "|---|---|---|")
    for method in METHODS.values():
        yield f"| {method.name.en} · {method.name.zh} | {method.how.en} | {method.source or '–'} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
