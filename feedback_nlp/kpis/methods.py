"""The ways intervals are worked out, each with its source; `intervals.py` holds the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_nlp.kpis.base import Words


@dataclass(frozen=True, slots=True)
class Method:
    """How an interval is worked out, and where that is written down."""

    name: Words
    how: Words
    source: str


METHODS: dict[str, Method] = {
    "none": Method(Words("none", "无"), Words("a count of what is there, no sample", "实际计数，非抽样"), ""),
    "wilson": Method(
        Words("Wilson", "Wilson 区间"),
        Words("score interval of a share", "占比的得分区间"),
        "Wilson (1927), JASA 22; Brown, Cai and DasGupta (2001), Statistical Science 16",
    ),
    "wilson_rescaled": Method(
        Words("Wilson, rescaled", "换算的 Wilson 区间"),
        Words("Wilson's limits of the share, times 200 less 100", "占比的 Wilson 上下限 × 200 − 100"),
        "as Wilson",
    ),
    "multinomial": Method(
        Words("multinomial", "多项区间"),
        Words("adjusted Wald: one imagined comment on each side", "调整的 Wald 区间：两侧各加一条"),
        "Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37",
    ),
    "multinomial_nps": Method(
        Words("multinomial, NPS", "净推荐值的多项区间"),
        Words(
            "adjusted Wald: ¾ promoters, ¾ detractors, 3 scores in all",
            "调整的 Wald 区间：推荐者与贬损者各加 ¾，共加 3",
        ),
        "Rocks (2016), The American Statistician 70",
    ),
    "multinomial_kish": Method(
        Words("multinomial, effective n", "有效样本量的多项区间"),
        Words("as multinomial, n being (Σw)² / Σw²", "同多项区间，n 取 (Σw)² / Σw²"),
        "Kish (1965), Survey Sampling, §11.7",
    ),
    "student": Method(
        Words("Student's t", "t 区间"),
        Words("of a mean, from Σx and Σx², cut at the ends of the scale", "均值的 t 区间，限于量表两端"),
        "Student (1908), Biometrika 6",
    ),
    "order": Method(
        Words("order statistics", "次序统计量"),
        Words("the histogram read at Wilson's limits of the share", "按占比的 Wilson 上下限读直方图"),
        "Conover (1999), Practical Nonparametric Statistics, §3.2",
    ),
    "bootstrap": Method(
        Words("bootstrap", "自助法"),
        Words("percentiles of 1,000 seeded resamples", "1,000 次固定种子重抽样的百分位"),
        "Efron and Tibshirani (1993), An Introduction to the Bootstrap, §13.3",
    ),
}
