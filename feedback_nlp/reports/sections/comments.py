"""Comments in their own words: examples of each topic, and the queue of those to answer first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_nlp.reports.periods import day_name
from feedback_nlp.reports.plain import cut
from feedback_nlp.reports.rows import by_key, day_of, rows
from feedback_nlp.reports.view import View

_LONGEST = 420
_MOST_QUEUED = 50
_FLAGS = ("complaint", "leaving", "returning", "question", "suggestion")
_TONES = {-1: "neg", 0: "neu", 1: "pos"}
_SPOKEN = {"zh": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A label on a comment; `kind` is the class that colours it."""

    word: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as shown: masked text, labels and where to find it. `lang` is empty where it is not one language."""

    text: str
    lang: str
    shortened: bool
    tone: str
    chips: list[Chip]
    where: str
    about: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The examples of one topic."""

    name: str
    count: str
    comments: list[Comment]


@dataclass(frozen=True, slots=True)
class Queue:
    """The comments to answer first; `note` says how many more there are."""

    comments: list[Comment]
    note: str


def examples(view: View) -> list[Group]:
    """Examples by topic, topics in the order of the frame."""
    return [
        Group(
            view.name("topic", topic),
            view.say("examples_count", count=len(found)),
            [_comment(view, r) for r in found],
        )
        for topic, found in by_key(rows(view.analysis.examples), "topic").items()
    ]


def queue(view: View) -> Queue | None:
    """The queue in its order; None where none was made."""
    found = rows(view.analysis.queue)
    if not found:
        return None
    shown = found[:_MOST_QUEUED]
    note = view.say("queue_more", shown=len(shown), count=len(found)) if len(shown) < len(found) else ""
    return Queue([_comment(view, row) for row in shown], note)


def _comment(view: View, row: Mapping[str, Any]) -> Comment:
    text, shortened = cut(str(row.get("text") or ""), width=_LONGEST)
    day = day_of(row.get("day"))
    named = [view.name(c, row[c]) for c in ("platform", "brand", "product") if row.get(c) is not None]
    about = [*named, day_name(day, lang=view.lang) if day else ""]
    return Comment(
        text=text,
        lang=_SPOKEN.get(str(row.get("lang")), ""),
        shortened=shortened,
        tone=_tone(row),
        chips=_chips(view, row),
        where=view.say("row", source=view.source(row.get("source") or "?"), row=row.get("row") or "?"),
        about=" · ".join(part for part in about if part),
        why=_why(view, row),
    )


def _tone(row: Mapping[str, Any]) -> str:
    polarity = row.get("polarity")
    if polarity is not None:
        return _TONES.get(int(polarity), "neu")
    return {"negative": "neg", "positive": "pos", "mixed": "mix"}.get(str(row.get("sentiment")), "neu")


def _chips(view: View, row: Mapping[str, Any]) -> list[Chip]:
    chips = []
    if row.get("polarity") is not None:
        chips.append(Chip(view.say(f"polarity_{int(row['polarity'])}"), _tone(row)))
    elif row.get("sentiment") is not None:
        chips.append(Chip(view.name("sentiment", row["sentiment"]), _tone(row)))
    severity = row.get("severity")
    if severity:
        chips.append(Chip(view.say(f"severity_{int(severity)}"), f"sev{int(severity)}"))
    chips += [Chip(view.say(flag)) for flag in _FLAGS if row.get(flag)]
    if row.get("rating") is not None:
        chips.append(Chip(view.say("stars", rating=f"{row['rating']:g}")))
    if (row.get("group_size") or 0) > 1:
        chips.append(Chip(view.say("alike", count=int(row["group_size"]))))
    return chips


def _why(view: View, row: Mapping[str, Any]) -> str:
    reasons = row.get("why")
    if reasons is None:
        return ""
    if isinstance(reasons, str):
        return reasons
    return view.say("list").join(str(reason) for reason in reasons)
