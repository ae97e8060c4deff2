"""Audits: a few comments drawn for a person to label, so that KPIs can be corrected for the classifier's errors."""

from feedback_nlp.kpis.audit.draw import draw
from feedback_nlp.kpis.audit.sheet import read, write

__all__ = ["draw", "read", "write"]
