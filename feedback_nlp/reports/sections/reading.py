"""How to read the numbers: what the brackets mean, what n is, and what each KPI is defined as."""

from __future__ import annotations

from feedback_nlp.reports.measures import Measure
from feedback_nlp.reports.rows import kpi_ids, rows
from feedback_nlp.reports.view import View


def notes(view: View) -> list[str]:
    """The explanations, one a paragraph."""
    settings = view.analysis.settings
    told = [
        view.say("read_interval", confidence=view.confidence),
        view.say("read_corrected" if settings.audit_n else "read_uncorrected"),
        view.say("read_denominator"),
        view.say("read_few", min_n=settings.min_n),
        view.say("read_change"),
    ]
    if settings.tz:
        told.append(view.say("read_periods", tz=settings.tz))
    if settings.business:
        told.append(view.say("read_business", hours=settings.business, tz=settings.tz))
        if settings.holidays:
            told.append(view.say("read_holidays", country=settings.holidays))
    return [*told, view.say("read_model", model=view.analysis.model)]


def definitions(view: View) -> list[Measure]:
    """Every KPI the report shows, as the catalogue defines it."""
    shown = [*kpi_ids(view.overall())]
    for frame in (view.analysis.topics, *view.analysis.groups.values()):
        table = rows(frame)
        shown += kpi_ids(table[0]) if table else []
    return [view.measure(kpi) for kpi in ("volume", *dict.fromkeys(shown))]
