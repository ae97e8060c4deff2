"""The service KPIs with a target and business hours of one's own, among the others that are asked for."""

from __future__ import annotations

import re

from feedback_nlp.errors import UsageError
from feedback_nlp.kpis.base import Kpi
from feedback_nlp.kpis.business import Business, business
from feedback_nlp.kpis.catalogue import HEADLINE, KPIS
from feedback_nlp.kpis.plan import Allowed, Chosen, spelt_out
from feedback_nlp.kpis.service import first_response_hours, first_response_hours_p90, sla_rate

_VARIANT = re.compile(
    r"(first_response_hours|first_response_hours_p90|sla_rate)(?:_([\d.e+-]+)h)?(_business)?"
)


def timed(
    kpis: Chosen = None,
    *,
    target_hours: float | None = None,
    business_hours: str | None = None,
    holidays: str | None = None,
) -> Chosen:
    """What to give `measure(kpis=…)` for `kpis` with these hours: service KPIs that wait replaced by their variants.

    target_hours: of `sla_rate`; None: 4. business_hours, holidays: as `business` takes them; `measure` then needs `tz`.
    None as `kpis` stands for the headline ones and the service KPIs that wait. With none of the options, `kpis` comes back.

    Raises:
        UsageError: hours that cannot be read, or holidays without business hours.
        MissingExtra: holidays need an optional library.
    """
    if holidays and not business_hours:
        raise UsageError(
            f'holidays={holidays!r} needs business hours to leave out. Give them too: --business-hours "mon-fri 09:00-18:00".'
        )
    if target_hours is None and business_hours is None:
        return kpis
    own = None if business_hours is None else business(business_hours, holidays=holidays)
    variants = _variants(4 if target_hours is None else target_hours, own)
    if kpis is None:
        return Allowed((*(KPIS[name] for name in HEADLINE), *variants.values()))
    asked = spelt_out(kpis)
    if isinstance(asked, Allowed):
        return Allowed(tuple(variants.get(kpi.id, kpi) for kpi in asked.kpis))
    return [variants.get(each, each) if isinstance(each, str) else each for each in asked]


def _variants(target_hours: float, own: Business | None) -> dict[str, Kpi]:
    """Id in the catalogue → the KPI that takes its place."""
    return {
        "first_response_hours": first_response_hours(business=own),
        "first_response_hours_p90": first_response_hours_p90(business=own),
        "sla_rate": sla_rate(hours=target_hours, business=own),
    }


def variant(id_: str) -> Kpi | None:
    """A KPI that says in words what one of these ids measures; None for another id."""
    found = _VARIANT.fullmatch(id_)
    if not found:
        return None
    own = business("mon-fri 09:00-18:00") if found[3] else None  # whichever hours: the words are the same
    return _variants(float(found[2] or 4), own)[found[1]]
