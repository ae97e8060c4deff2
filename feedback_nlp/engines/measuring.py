"""KPIs of a stream of frames, plain or corrected by an audit, as one call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.kpis import audit as audits
from feedback_nlp.kpis import measure
from feedback_nlp.kpis.corrected import corrected


def measured(frames: Iterable[pd.DataFrame], *, audit: Path | None = None, **options: Any) -> pd.DataFrame:
    """The table of `kpis.measure`; with the path of a filled-in audit, that of `kpis.corrected`.

    Raises:
        InputError: the audit cannot be read, or nothing is filled in; otherwise as `kpis.measure`.
    """
    table: pd.DataFrame = (
        measure(frames, **options) if audit is None else corrected(frames, audits.read(audit), **options)
    )
    return table
