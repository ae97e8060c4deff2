"""The paragraph at the top: the main facts with their intervals, never more than they bear."""

from __future__ import annotations

from feedback_nlp.reports.changes import change
from feedback_nlp.reports.numbers import count, difference, number
from feedback_nlp.reports.rows import Row, Value, rows
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
    """Whether the rates are corrected for the model's errors, in one sentence."""
    audited = view.analysis.settings.audit_n
    return view.say("corrected", n=count(audited, lang=view.lang)) if audited else view.say("uncorrected")


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
        fact = view.say(key, name=measure.name, value=value, n=count(cell.n, lang=view.lang))
        told.append(view.say("head_few", fact=fact) if cell.flagged else fact)
    if not told:
        return ""
    told[0] = told[0][0].upper() + told[0][1:]
    return view.say("semicolon").join(told) + view.say("stop")


def _most(view: View, kpi: str, key: str) -> str:
    table = [(row["topic"], view.cell(row, kpi)) for row in rows(view.analysis.topics) if row.get("topic")]
    ranked = sorted(
        ((topic, cell) for topic, cell in table if cell.value), key=lambda pair: (-(pair[1].value or 0), pair[0])
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
    told = []
    for kpi in _CHANGES:
        table = [(row["period"], view.cell(row, kpi)) for row in view.by_period() if f"{kpi}_n" in row]
        if len(table) < 2:
            continue
        firm = [(period, cell) for period, cell in table if cell.value is not None and not cell.flagged]
        if len(firm) < 2:
            return [view.say("head_few_periods")]
        (before, old), (after, new) = firm[-2:]
        moved = change(old, new)
        if moved is None:
            continue
        unit = view.measure(kpi).unit
        verdict = "same" if not moved.certain else "rose" if moved.difference > 0 else "fell"
        size = moved.difference if verdict == "same" else abs(moved.difference)
        ends = (moved.low, moved.high) if verdict != "fell" else (-moved.high, -moved.low)
        told.append(
            view.say(
                f"head_{verdict}",
                before=view.period(before),
                after=view.period(after),
                name=_lower(view.measure(kpi).name, view.lang),
                change=difference(size, unit, lang=view.lang) if verdict == "same" else _size(size, unit, view),
                low=number(ends[0], unit).lstrip("+"),
                high=number(ends[1], unit).lstrip("+"),
            )
        )
    return told


def _size(value: float, unit: str, view: View) -> str:
    return difference(value, unit, lang=view.lang).lstrip("+")


def _lower(name: str, lang: str) -> str:
    return name if lang == "zh" or name.isupper() else name[0].lower() + name[1:]
