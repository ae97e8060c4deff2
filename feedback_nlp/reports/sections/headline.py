"""The paragraph at the top: the main facts with their intervals, never more than they bear."""

from __future__ import annotations

from feedback_nlp.kpis.periods import CALENDAR
from feedback_nlp.reports import periods
from feedback_nlp.reports.changes import Change, change
from feedback_nlp.reports.numbers import count, difference, number
from feedback_nlp.reports.rows import Row, Value, kpi_ids, rows
from feedback_nlp.reports.view import View

_FACTS = ("complaint_rate", "sentiment_index", "csat")
_CHANGES = ("complaint_rate", "sentiment_index")
_MOST_TIED = 3


def headline(view: View) -> list[str]:
    """The sentences, in order."""
    overall = view.overall()
    if not overall.get("volume"):
        return [view.say("head_none")]
    told = [_counted(view), _facts(view, overall)]
    told += [_most(view, "topic_share", "top"), _most(view, "topic_complaint_rate", "pain")]
    told += _changes(view)
    told.append(view.say("head_brackets", confidence=view.confidence, audit=audit_words(view)))
    return [sentence for sentence in told if sentence]


def audit_words(view: View) -> str:
    """Which values are corrected for the model's errors: only what the table itself says is."""
    audited, overall = view.analysis.settings.audit_n, view.overall()
    by_basis = {kpi: view.cell(overall, kpi).basis for kpi in kpi_ids(overall)}
    names = {
        basis: view.say("list").join(
            view.measure(kpi).name for kpi, found in by_basis.items() if found in kinds
        )
        for basis, kinds in (("corrected", ("corrected", "pooled")), ("the_rest", ("uncorrected",)))
    }
    if not audited or not names["corrected"]:
        return view.say("uncorrected")
    told = view.say("corrected", n=count(audited, lang=view.lang), names=names["corrected"])
    return f"{told} {view.say('the_rest', names=names['the_rest'])}" if names["the_rest"] else told


def _counted(view: View) -> str:
    ledger = view.analysis.ledger
    counted = count(ledger.get("counted", 0), lang=view.lang)
    sentence = view.say("head_counted", counted=counted, read=count(ledger.get("rows", 0), lang=view.lang))
    span = view.span()
    if span:
        return view.say("head_span", sentence=sentence, span=span)
    return view.say("head_no_span", sentence=sentence)


def _facts(view: View, overall: Row) -> str:
    told = []
    for kpi in _FACTS:
        cell = view.cell(overall, kpi)
        if cell.value is None or not cell.n:
            continue
        measure = view.measure(kpi)
        key = "head_share" if kpi == "complaint_rate" else "head_other"
        value = view.written(cell, measure.unit)
        name = _lower(measure.name, view.lang)
        fact = view.say(key, name=name, value=value, n=count(cell.n, lang=view.lang))
        told.append(view.say("head_few", fact=fact) if cell.flagged else fact)
    if not told:
        return ""
    told[0] = told[0][0].upper() + told[0][1:]
    return view.say("semicolon").join(told) + view.say("stop")


def _most(view: View, kpi: str, key: str) -> str:
    table = [(row["topic"], view.cell(row, kpi)) for row in rows(view.analysis.topics) if row.get("topic")]
    ranked = sorted(
        ((topic, cell) for topic, cell in table if cell.value),
        key=lambda pair: (-(pair[1].value or 0), pair[0]),
    )
    if not ranked:
        return ""
    first = ranked[0]
    tied = [pair for pair in ranked if _reaches(pair[1], first[1])]
    if len(tied) == 1:
        value = view.written(first[1], view.measure(kpi).unit)
        return view.say(f"head_{key}_one", topic=_topic(view, first[0]), value=value)
    return view.say(f"head_{key}_tied", topics=_listed(view, tied[:_MOST_TIED], kpi))


def _reaches(cell: Value, first: Value) -> bool:
    if cell.high is None or first.low is None:
        return cell.value == first.value
    return cell.high >= first.low


def _listed(view: View, pairs: list[tuple[str, Value]], kpi: str) -> str:
    unit = view.measure(kpi).unit
    named = [f"{_topic(view, topic)} ({view.number(cell.value, unit)})" for topic, cell in pairs]
    return view.say("list").join(named[:-1]) + view.say("and") + named[-1]


def _topic(view: View, topic: str) -> str:
    name = view.name("topic", topic)
    return f"“{name}”" if view.lang == "zh" else name


def _changes(view: View) -> list[str]:
    """What happened from one period to the next, the last that holds enough comments for every KPI named."""
    table = view.by_period()
    kpis = [kpi for kpi in _CHANGES if table and f"{kpi}_n" in table[-1]]
    if len(table) < 2 or not kpis or view.every not in CALENDAR:  # rolling windows share comments
        return []
    firm = [row for row in table if all(_firm(view.cell(row, kpi)) for kpi in kpis)]
    if len(firm) < 2 or periods.after(firm[-2]["period"], view.every) != firm[-1]["period"]:
        return [view.say("head_few_periods")]
    before, after = firm[-2:]
    moves = [_move(view, kpi, view.cell(before, kpi), view.cell(after, kpi)) for kpi in kpis]
    told = view.say("semicolon").join(move for move in moves if move)
    if not told:
        return []
    names = {"before": view.period(before["period"]), "after": view.period(after["period"])}
    return [view.say("head_change", moves=told, **names)]


def _firm(cell: Value) -> bool:
    return cell.value is not None and not cell.flagged


def _move(view: View, kpi: str, old: Value, new: Value) -> str:
    moved = change(old, new)
    if moved is None:
        return ""
    measure = view.measure(kpi)
    verdict = "same" if not moved.certain else "rose" if moved.difference > 0 else "fell"
    if verdict == "fell":
        moved = Change(-moved.difference, -moved.high, -moved.low)
    size = difference(moved.difference, measure.unit, lang=view.lang)
    return view.say(
        f"head_{verdict}",
        name=_lower(measure.name, view.lang),
        change=size if verdict == "same" else size.lstrip("+"),
        low=number(moved.low, measure.unit).lstrip("+"),
        high=number(moved.high, measure.unit).lstrip("+"),
    )


def _lower(name: str, lang: str) -> str:
    return name if lang == "zh" or name[:2].isupper() else name[0].lower() + name[1:]
