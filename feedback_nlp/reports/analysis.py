"""What a report shows: the tables, the examples and the account of one analysis, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """How the KPIs were measured.

    `every` is day, week, month, quarter or None; `tz` an IANA zone; `confidence` a share;
    `audit_n` the number of audited comments the rates are corrected with, None where uncorrected; `business` the hours
    that waits for a reply are counted in, empty where in all hours, `holidays` the country whose holidays do not count.
    """

    every: str | None = None
    tz: str | None = None
    confidence: float = 0.95
    min_n: int = 30
    audit_n: int | None = None
    business: str = ""
    holidays: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything a report is made of; every part but `overall`, `ledger` and `model` may be absent.

    Frames may be of any kind Narwhals reads. KPI tables are wide, as `kpis.measure` gives them: `period` and the `by`
    columns, `volume`, then for each KPI `<id>`, `<id>_low`, `<id>_high`, `<id>_n`, and `flagged`.

    overall: one row. by_period: one row a period. topics: one row a `topic`. topics_by_period: one row a period and
    topic. groups: name of a `by` column → its table. examples: as `Picker.frame` gives it. queue: the comments to
    answer first, in order. alerts, drivers: mappings or dataclasses (see `sections.signals`). ledger: `Ledger.to_dict()`.
    distributions: column (sentiment, rating) → value → rows. names: column → value → (English, Chinese) name,
    before those the package knows (`names.shipped`). days: the first and the last day of a comment that counts.
    """

    overall: Any
    ledger: Mapping[str, Any]
    model: str
    settings: Settings = field(default_factory=Settings)
    by_period: Any = None
    topics: Any = None
    topics_by_period: Any = None
    groups: Mapping[str, Any] = field(default_factory=dict)
    examples: Any = None
    queue: Any = None
    alerts: Sequence[Any] = ()
    drivers: Sequence[Any] = ()
    distributions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    days: tuple[date, date] | None = None
    title: str = ""
    made_at: datetime | None = None
