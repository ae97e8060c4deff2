"""Write an analysis as one HTML file that needs nothing else: no network, no other file, no trust in the comments."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from feedback_nlp.reports import numbers
from feedback_nlp.reports.analysis import Analysis
from feedback_nlp.reports.plain import plain
from feedback_nlp.reports.sections import (
    comments,
    headline,
    ledger,
    overview,
    reading,
    signals,
    spread,
    tables,
    topics,
)
from feedback_nlp.reports.view import View
from feedback_nlp.reports.words import say

if TYPE_CHECKING:
    from jinja2 import Template

_ORDER = (
    ("in_short", "headline"),
    ("alerts", "alerts"),
    ("over_time", "numbers"),
    ("topics", "topics"),
    ("answer_first", "queue"),
    ("examples", "examples"),
    ("groups", "groups"),
    ("drivers", "drivers"),
    ("ledger", "ledger"),
    ("reading", "notes"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What frames the sections."""

    lang: str
    title: str
    kicker: str
    byline: list[str]
    contents: list[tuple[str, str]]
    time_lead: str
    legend_band: str
    legend_few: str
    topics_time: str
    strips_lead: str
    version: str


def write(analysis: Analysis, path: str | Path, *, lang: str = "en") -> Path:
    """Write the report to `path` in `lang` (en or zh), UTF-8, and give the path back.

    Raises:
        UnknownName: there is no such language.
    """
    target = Path(path)
    target.write_text(render(analysis, lang=lang), encoding="utf-8", newline="\n")
    return target


def render(analysis: Analysis, *, lang: str = "en") -> str:
    """The report as HTML text."""
    say("report", lang)
    view = View(analysis, lang)
    parts = _parts(view)
    style, script = _asset("style.css"), _asset("report.js")
    return _template().render(
        **parts,
        page=_page(view, parts),
        say=view.say,
        style=Markup(style),
        script=Markup(script),
        csp=_policy(style=style, script=script),
    )


def _parts(view: View) -> dict[str, Any]:
    return {
        "headline": headline.headline(view),
        "tiles": overview.tiles(view),
        "charts": overview.charts(view),
        "numbers": overview.numbers(view),
        "alerts": signals.alerts(view),
        "drivers": signals.drivers(view),
        "topics": topics.topic_table(view),
        "strips": topics.strips(view),
        "queue": comments.queue(view),
        "examples": comments.examples(view),
        "groups": tables.group_tables(view),
        "spreads": spread.spreads(view),
        "ledger": ledger.account(view),
        "notes": reading.notes(view),
        "definitions": reading.definitions(view),
    }


def _page(view: View, parts: dict[str, Any]) -> Page:
    from feedback_nlp import __version__

    analysis = view.analysis
    made = analysis.made_at
    when = view.say("made_at", when=made.strftime("%Y-%m-%d %H:%M")) if made else ""
    byline = [view.span(), view.say("by_model", model=analysis.model), when]
    strips = parts["strips"]
    return Page(
        lang=view.lang,
        title=analysis.title or view.say("report"),
        kicker=view.say("report") if analysis.title else "feedback-nlp",
        byline=[part for part in byline if part],
        contents=[(anchor, view.say(anchor)) for anchor, part in _ORDER if parts[part]],
        time_lead=view.say("time_lead", per=view.per(), confidence=view.confidence),
        legend_band=view.say("legend_band", confidence=view.confidence),
        legend_few=view.say("legend_few", min_n=numbers.count(analysis.settings.min_n, lang=view.lang)),
        topics_time=view.say("topics_time", per=view.per()),
        strips_lead=view.say("topics_time_lead", highest=strips.highest) if strips else "",
        version=__version__,
    )


def _policy(*, style: str, script: str) -> str:
    """Nothing may load; only this very style and this very script may act."""
    return (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return files("feedback_nlp.reports").joinpath("templates", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("feedback_nlp.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_neutral,
    )
    return environment.get_template("report.html.j2")


def _neutral(value: Any) -> Any:
    """Every text the template prints, without active characters; markup made by the charts is already so."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
