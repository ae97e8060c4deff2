"""The whole job in one call: dumps in; labelled comments, KPIs and a report out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from feedback_nlp.annotate import DEFAULT_MODEL, Annotator
from feedback_nlp.collectors import read
from feedback_nlp.engines import files
from feedback_nlp.engines.dump import write_rejects
from feedback_nlp.engines.label import Progress, label, silent
from feedback_nlp.engines.measuring import measured
from feedback_nlp.engines.parquet import read_parquet, write_parquet
from feedback_nlp.kpis import HEADLINE, timed
from feedback_nlp.kpis import audit as audits
from feedback_nlp.kpis.plan import plan_for
from feedback_nlp.ledger import Ledger
from feedback_nlp.reports import html
from feedback_nlp.reports.analysis import Analysis, Settings
from feedback_nlp.reports.examples import pick
from feedback_nlp.reports.signalled import alerts_of, drivers_of
from feedback_nlp.reports.survey import Survey, survey
from feedback_nlp.triage import triage

Table = Callable[..., pd.DataFrame]
QUEUE_LENGTH = 25
_SERVICE_COLUMNS = ("created_at", "replied_at")
ROWS_AT_ONCE = 65_536
TOPIC_KPIS = (*HEADLINE, "topic_index")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an analysis: its tables, the account of every row, and the folder that holds the files."""

    analysis: Analysis
    ledger: Ledger
    folder: Path


def analyze(
    dumps: Sequence[Any],
    *,
    out: str | Path,
    every: str | None = None,
    by: Sequence[str] | None = None,
    lang: str = "en",
    confidence: float = 0.95,
    min_n: int = 30,
    audit: Path | None = None,
    service: Mapping[str, Any] | None = None,
    reading: Mapping[str, Any] | None = None,
    model: str = DEFAULT_MODEL,
    device: str = "cpu",
    progress: Progress = silent,
) -> Done:
    """Label every comment of `dumps`, measure the KPIs and write a report, in bounded memory.

    every: length of a period; None: one that suits the span of the dump. by: columns to compare groups of; None: those
    of platform, channel, brand, product and region that split the comments. audit: a filled-in audit sample to correct
    the rates with. service: options of `kpis.timed`, which add the KPIs of replies; business hours need the `tz` of
    `reading`. reading: options of `read`.
    Writes to `out`: labelled.parquet, kpis.csv (a row per period and group), topics.csv, report.html, ledger.json,
    rejects.jsonl. A run that was broken off continues where it stopped.

    Raises:
        InputError: a dump cannot be read at all.
        ModelError: the model cannot be loaded.
        UnknownName: a period or column that does not exist.
    """
    folder = Path(out)
    annotator = Annotator(model=model, device=device)
    # a wrong model, audit or calendar must be told before the long work, not after
    _ = annotator.columns
    audit_n = None if audit is None else len(audits.read(audit))
    kpis = timed(**(service or {}))
    tz = (reading or {}).get("tz")
    plan_for(_SERVICE_COLUMNS, kpis=kpis, every=None, by=(), tz=tz)
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger()
    rows = _labelled(
        dumps, folder, annotator=annotator, ledger=ledger, reading=reading or {}, progress=progress
    )
    seen = survey(read_parquet(rows))
    settings = Settings(
        every=every or seen.every,
        tz=tz,
        confidence=confidence,
        min_n=min_n,
        audit_n=audit_n,
        business=(service or {}).get("business_hours") or "",
        holidays=(service or {}).get("holidays") or "",
    )
    measuring = partial(_table, rows, settings, audit, kpis=kpis)
    analysis = _measured(
        rows, seen, settings, measuring, by=seen.by if by is None else by, ledger=ledger, lang=lang
    )
    by_group = measuring(*(by or ()), every=settings.every)
    _write(analysis, ledger, folder, kpis=by_group, lang=lang)
    return Done(analysis, ledger, folder)


def _labelled(
    dumps: Sequence[Any],
    folder: Path,
    *,
    annotator: Annotator,
    ledger: Ledger,
    reading: Mapping[str, Any],
    progress: Progress,
) -> Path:
    """Write labelled.parquet and what could not be read; give the path of the former."""
    path, work = folder / "labelled.parquet", folder / ".work"
    frames = read(dumps, ledger=ledger, **reading)
    write_parquet(label(frames, annotator=annotator, ledger=ledger, work=work, progress=progress), path)
    write_rejects(ledger, folder / "rejects.jsonl", always=True)
    shutil.rmtree(work)
    return path


def _measured(
    rows: Path,
    seen: Survey,
    settings: Settings,
    table: Table,
    *,
    by: Sequence[str],
    ledger: Ledger,
    lang: str,
) -> Analysis:
    """Every table of the report, each by one pass over the labelled rows."""
    topics = partial(table, "topic", kpis=TOPIC_KPIS)
    return Analysis(
        overall=table(),
        by_period=table(every=settings.every) if settings.every else None,
        topics=topics() if seen.topics else None,
        topics_by_period=topics(every=settings.every) if seen.topics and settings.every else None,
        groups={name: table(name) for name in by if name != "topic"},
        examples=pick(read_parquet(rows)),
        queue=triage(read_parquet(rows), top=QUEUE_LENGTH, lang=lang),
        **_signals(rows, seen, settings, by=by),
        ledger=ledger.to_dict(),
        model=", ".join(sorted(seen.models)),
        settings=settings,
        distributions=seen.distributions,
        days=None if seen.first is None or seen.last is None else (seen.first, seen.last),
        made_at=datetime.now(timezone.utc),
    )


def _signals(rows: Path, seen: Survey, settings: Settings, *, by: Sequence[str]) -> dict[str, Any]:
    """Alerts and drivers, where the comments have days; a dump with none of either gets neither section."""
    if settings.every is None or seen.first is None or seen.last is None:
        return {}
    frames = partial(read_parquet, rows)
    columns = [*(["topic"] if seen.topics else []), *(name for name in by if name != "topic")]
    return {
        "alerts": alerts_of(frames, every=settings.every, by=columns),
        "drivers": drivers_of(frames, first=seen.first, last=seen.last, by=columns),
    }


def _table(
    rows: Path, settings: Settings, audit: Path | None, *by: str, every: str | None = None, **options: Any
) -> pd.DataFrame:
    names = [name for name in pq.read_schema(rows).names if name not in {"text", "url", "id"}]
    frames = read_parquet(rows, columns=names, rows=ROWS_AT_ONCE)
    return measured(
        frames,
        audit=audit,
        by=by,
        every=every,
        confidence=settings.confidence,
        min_n=settings.min_n,
        tz=settings.tz,
        **options,
    )


def _write(analysis: Analysis, ledger: Ledger, folder: Path, *, kpis: pd.DataFrame, lang: str) -> None:
    files.write([kpis], folder / "kpis.csv")
    topics = analysis.topics_by_period if analysis.topics_by_period is not None else analysis.topics
    if topics is not None:
        files.write([topics], folder / "topics.csv")
    html.write(analysis, folder / "report.html", lang=lang)
    account = json.dumps(ledger.to_dict(), ensure_ascii=False, indent=2)
    (folder / "ledger.json").write_text(account + "\n", encoding="utf-8")
