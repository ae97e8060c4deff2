"""How opinions are spread: the parts of a whole, each with its share and number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from feedback_nlp.records import LANGUAGES
from feedback_nlp.reports.charts.bars import parts
from feedback_nlp.reports.numbers import count
from feedback_nlp.reports.view import View

_ORDERS: dict[str, tuple[str, ...]] = {
    "sentiment": ("negative", "mixed", "neutral", "positive"),
    "rating": ("1", "2", "3", "4", "5"),
    "severity": ("0", "1", "2", "3"),
    "lang": LANGUAGES,
}
_KINDS: dict[str, tuple[str, ...]] = {
    "sentiment": ("neg", "mix", "neu", "pos"),
    "rating": ("g0", "g1", "g3", "g5", "g6"),
    "severity": ("neu", "g2", "g1", "g0"),
    "lang": ("h0", "h1", "h2", "h3"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole in words; `kind` is the class of its colour."""

    name: str
    kind: str
    share: str
    count: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A whole and its parts."""

    title: str
    of: str
    picture: Markup
    parts: list[Part]


def spreads(view: View) -> list[Spread]:
    """One for each distribution that is known and not empty."""
    given = {column: _counts(column, counts) for column, counts in view.analysis.distributions.items()}
    return [_spread(view, column, given[column]) for column in _ORDERS if sum(given.get(column, {}).values())]


def _counts(column: str, counts: Mapping[str, int]) -> dict[str, int]:
    """The counts under the names of `_ORDERS`; stars such as 3.5 go to the next whole star up."""
    if column != "rating":
        return dict(counts)
    stars: dict[str, int] = {}
    for value, rows in counts.items():
        star = str(int(float(value) + 0.5))
        stars[star] = stars.get(star, 0) + rows
    return stars


def _spread(view: View, column: str, counts: Mapping[str, int]) -> Spread:
    whole = sum(counts.values())
    found = []
    for value, kind in zip(_ORDERS[column], _KINDS[column], strict=True):
        rows = counts.get(value, 0)
        found.append((_name(view, column, value), kind, rows / whole, rows))
    of = "of_rated" if column == "rating" else "of_n"
    title = view.say(f"spread_{column}")
    shown = [
        Part(name, kind, view.number(share, "share"), count(rows, lang=view.lang))
        for name, kind, share, rows in found
    ]
    tips = [
        (kind, share, view.say("spread_tip", name=part.name, share=part.share, count=part.count))
        for part, (_, kind, share, _) in zip(shown, found, strict=True)
    ]
    return Spread(title, view.say(of, n=count(whole, lang=view.lang)), parts(tips, label=title), shown)


def _name(view: View, column: str, value: str) -> str:
    return view.say("n_stars", count=value) if column == "rating" else view.name(column, value)
