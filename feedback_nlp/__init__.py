"""feedback-nlp: customer comments in Chinese and English to KPIs you can defend.

    import feedback_nlp as fb

    frames = fb.read("export.xlsx")                                # iterator of pandas frames, one schema
    labelled = fb.annotate(frames)                                 # sentiment, complaint, severity, topics …
    table = fb.measure(labelled, every="week", by=["brand"])       # a value and an interval per KPI

Importing this loads nothing heavy: each verb loads its own parts when first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedback_nlp.annotate import annotate
    from feedback_nlp.collectors import read
    from feedback_nlp.errors import FeedbackError
    from feedback_nlp.kpis import KPIS, measure
    from feedback_nlp.reports.analyze import analyze
    from feedback_nlp.signals import alerts, compare, drivers
    from feedback_nlp.triage import triage

__version__ = "0.1.0"

_HOMES = {
    "read": "feedback_nlp.collectors",
    "annotate": "feedback_nlp.annotate",
    "measure": "feedback_nlp.kpis",
    "KPIS": "feedback_nlp.kpis",
    "alerts": "feedback_nlp.signals",
    "drivers": "feedback_nlp.signals",
    "compare": "feedback_nlp.signals",
    "triage": "feedback_nlp.triage",
    "analyze": "feedback_nlp.reports.analyze",
    "FeedbackError": "feedback_nlp.errors",
}

__all__ = [  # noqa: RUF022  (in the order of use)
    "read",
    "annotate",
    "measure",
    "KPIS",
    "alerts",
    "drivers",
    "compare",
    "triage",
    "analyze",
    "FeedbackError",
]


class _Package(ModuleType):
    """This package, in which a verb stays a verb.

    `annotate` and `triage` are also names of submodules, and importing a submodule would put it in the verb's place.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(
            f"module 'feedback_nlp' has no attribute {name!r}; it offers: {', '.join(__all__)}"
        )
    value = getattr(import_module(_HOMES[name]), name)
    setattr(sys.modules[__name__], name, value)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
