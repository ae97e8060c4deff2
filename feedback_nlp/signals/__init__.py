"""Signals over KPIs: which moved more than chance explains, why, and whether a difference is real."""

from feedback_nlp.signals.alert import Alert
from feedback_nlp.signals.alerts import alerts
from feedback_nlp.signals.compare import Difference, compare, compare_periods
from feedback_nlp.signals.drivers import Drivers, drivers
from feedback_nlp.signals.effects import Effect
from feedback_nlp.signals.phrases import Phrase, rising

__all__ = [
    "Alert",
    "Difference",
    "Drivers",
    "Effect",
    "Phrase",
    "alerts",
    "compare",
    "compare_periods",
    "drivers",
    "rising",
]
