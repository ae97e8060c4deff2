"""The ledger as steps from the rows that were read to the rows that count, and the account of each source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from feedback_nlp.reports.charts.bars import step
from feedback_nlp.reports.numbers import count
from feedback_nlp.reports.view import View
from feedback_nlp.reports.words import known

_MOST_SOURCES = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, its number of rows, their share of all that was read, and its bar."""

    name: str
    count: str
    share: str
    total: bool
    bar: Markup


@dataclass(frozen=True, slots=True)
class Source:
    """The account of one source in words: pairs of a heading and what was found."""

    name: str
    counts: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Account:
    """The whole ledger."""

    steps: list[Step]
    verdict: str
    balanced: bool
    sources: list[Source]
    note: str


def account(view: View) -> Account:
    """The ledger of the analysis."""
    ledger = view.analysis.ledger
    sources = list(ledger.get("sources", ()))
    cut = len(sources) > _MOST_SOURCES
    balanced = bool(ledger.get("balanced", False))
    return Account(
        steps=_steps(view, ledger),
        verdict=view.say("balanced" if balanced else "unbalanced"),
        balanced=balanced,
        sources=[_source(view, entry) for entry in sources[:_MOST_SOURCES]],
        note=view.say("sources_cut", shown=_MOST_SOURCES, count=len(sources)) if cut else "",
    )


def _steps(view: View, ledger: Mapping[str, Any]) -> list[Step]:
    read, counted = int(ledger.get("rows", 0)), int(ledger.get("counted", 0))
    lost = [(_reason(view, why), rows) for why, rows in _largest(ledger.get("set_aside", {}))]
    lost += [
        (view.say("rows_rejected", reason=_reason(view, why)), rows)
        for why, rows in _largest(ledger.get("rejected", {}))
    ]
    steps = [_step(view, view.say("rows_read"), read, 0, read, kind="all")]
    left = read
    for name, rows in lost:
        left -= rows
        steps.append(_step(view, name, rows, left, read, kind="lost"))
    return [*steps, _step(view, view.say("rows_counted"), counted, 0, read, kind="kept")]


def _step(view: View, name: str, rows: int, start: int, read: int, *, kind: str) -> Step:
    whole = max(read, 1)
    share = view.number(rows / whole, "share")
    sign = "−" if kind == "lost" else ""
    written = sign + count(rows, lang=view.lang)
    tip = f"{name}: {written} ({share})"
    bar = step(max(start, 0) / whole, rows / whole, kind=kind, tip=tip)
    return Step(name, written, share, kind != "lost", bar)


def _largest(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(((why, int(rows)) for why, rows in reasons.items()), key=lambda pair: (-pair[1], pair[0]))


def _reason(view: View, reason: str) -> str:
    return view.say(reason) if known(reason) else reason.replace("_", " ")


def _source(view: View, entry: Mapping[str, Any]) -> Source:
    read = count(entry.get("rows", 0), lang=view.lang)
    kept = count(entry.get("counted", 0), lang=view.lang)
    platform = entry.get("platform")
    facts = [
        (view.say("format"), str(entry.get("format") or "")),
        (view.say("encoding"), str(entry.get("encoding") or "")),
        (view.say("platform"), view.name("platform", platform) if platform else ""),
        (
            view.say("mapping"),
            view.say("list").join(f"{k} ← {v}" for k, v in entry.get("mapping", {}).items()),
        ),
        (view.say("set_aside"), _counts(view, entry.get("set_aside", {}))),
        (view.say("rejected"), _counts(view, entry.get("rejected", {}))),
        (view.say("repairs"), _counts(view, entry.get("repairs", {}))),
        (view.say("notes"), view.say("semicolon").join(map(str, entry.get("notes", ())))),
    ]
    return Source(str(entry.get("source", "")), f"{read} → {kept}", [fact for fact in facts if fact[1]])


def _counts(view: View, counts: Mapping[str, int]) -> str:
    told = (f"{_reason(view, why)} {count(rows, lang=view.lang)}" for why, rows in _largest(counts))
    return view.say("list").join(told)
