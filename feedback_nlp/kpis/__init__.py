"""KPIs: what to sum over the rows, and how to finish from the sums, with an interval for every value."""

from feedback_nlp.kpis.base import Derived, Estimate, Kpi, Sum, Sums, Words
from feedback_nlp.kpis.catalogue import HEADLINE, KPIS
from feedback_nlp.kpis.corrected import corrected
from feedback_nlp.kpis.measure import finish, measure
from feedback_nlp.kpis.service import sla_rate
from feedback_nlp.kpis.sums import merge, partial

__all__ = [
    "HEADLINE",
    "KPIS",
    "Derived",
    "Estimate",
    "Kpi",
    "Sum",
    "Sums",
    "Words",
    "corrected",
    "finish",
    "measure",
    "merge",
    "partial",
    "sla_rate",
]
