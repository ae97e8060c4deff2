"""KPIs: what to sum over the rows, and how to finish from the sums, with an interval for every value."""

from feedback_nlp.kpis.base import Derived, Estimate, Kpi, Sum, Sums, Words
from feedback_nlp.kpis.business import Business, business
from feedback_nlp.kpis.catalogue import HEADLINE, KPIS
from feedback_nlp.kpis.corrected import corrected
from feedback_nlp.kpis.measure import finish, measure
from feedback_nlp.kpis.service import first_response_hours, first_response_hours_p90, sla_rate
from feedback_nlp.kpis.sums import merge, partial
from feedback_nlp.kpis.timed import timed

__all__ = [
    "HEADLINE",
    "KPIS",
    "Business",
    "Derived",
    "Estimate",
    "Kpi",
    "Sum",
    "Sums",
    "Words",
    "business",
    "corrected",
    "finish",
    "first_response_hours",
    "first_response_hours_p90",
    "measure",
    "merge",
    "partial",
    "sla_rate",
    "timed",
]
