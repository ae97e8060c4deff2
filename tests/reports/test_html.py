"""The report as a file: one piece, well formed, safe, quick, in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import UnknownName
from feedback_nlp.reports import html
from feedback_nlp.reports.analysis import Analysis, Settings

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "style"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "{{7*7}} {% raw %} {{ config }}",
    "--><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;script&gt; &amp; &#x3c;",
    "pay \u202e0001\u202c \u2066now\u2069 \u200f\u061c",
    "nul\x00bell\x07esc\x1b[31m",
    "line\u2028separator\r\n\ttab",
    "zalgo" + "\u0301" * 40,
    "\ud800 half a surrogate",
    "{n} {0} {value.__class__} %s %(n)s",
    "![CDATA[ ]]> <!-- <plaintext>",
    "一" * 400,
]


@pytest.fixture(scope="module")
def plain_page(samples, read):
    """The page whose every word from the dump is an x: what a hostile one must look like but for its words."""
    return read(html.render(samples.with_text("x")))


@LANGS
def test_is_one_well_formed_file_in_its_language(samples, read, tmp_path, lang):
    path = html.write(samples.analysis(), tmp_path / "report.html", lang=lang)
    page = read(path.read_text(encoding="utf-8"))
    assert page.faults == []
    assert page.of("html") == [{"lang": "zh-CN" if lang == "zh" else "en"}]
    assert ("投诉率" in path.read_text(encoding="utf-8")) == (lang == "zh")
    anchors = {tag["id"] for _, tag in page.tags if "id" in tag}
    assert all(link["href"].removeprefix("#") in anchors for link in page.of("a"))


@LANGS
def test_nothing_is_loaded_from_anywhere(samples, read, lang):
    text = html.render(samples.analysis(), lang=lang)
    page = read(text)
    for tag, attributes in page.tags:
        assert not LOADS & set(attributes), f"<{tag}> could load something or needs an inline style"
        assert attributes.get("href", "#").startswith("#")
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "image", "use"} & {
        t for t, _ in page.tags
    }
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_only_its_own_style_and_script_may_act(samples, read):
    page = read(html.render(samples.analysis()))
    (policy,) = (m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (text,) = page.within(tag)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_dump_changes_nothing_but_words(samples, read, plain_page, text):
    written = html.render(samples.with_text(text))
    page, clean = read(written), plain_page
    assert page.faults == []
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in clean.tags]
    names = [sorted(attributes) for _, attributes in page.tags]
    assert names == [sorted(attributes) for _, attributes in clean.tags]
    assert page.within("script") == clean.within("script")
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u202a-\u202e\u2066-\u2069]", written
    )
    assert "49" not in "".join(page.within("blockquote"))


@settings(deadline=None, max_examples=10)
@given(text=st.text(min_size=1, max_size=40))
def test_any_text_at_all_changes_nothing_but_words(samples, read, plain_page, text):
    page = read(html.render(samples.with_text(text)))
    assert page.faults == []
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain_page.tags]


def test_words_of_a_comment_are_all_there(samples, read):
    text = "5 < 6 & \"quotes\" 'single' 😀 👨‍👩‍👧 [doge]"
    assert text in read(html.render(samples.with_text(text))).within("blockquote")


def test_a_very_long_comment_is_shortened_and_says_so(samples, read):
    page = read(html.render(samples.with_text("一" * 5000)))
    assert max(map(len, page.within("blockquote"))) < 500
    assert "(shortened here)" in "".join(page.within("blockquote"))


@LANGS
def test_the_least_there_can_be(read, lang):
    nothing = {"rows": 0, "counted": 0, "set_aside": {}, "rejected": {}, "balanced": True, "sources": []}
    page = read(html.render(Analysis(overall=pd.DataFrame(), ledger=nothing, model="m@1"), lang=lang))
    assert page.faults == []
    assert len(page.of("section")) == 3  # in short, what was counted, how to read


@LANGS
@pytest.mark.parametrize(
    "part",
    [
        "by_period",
        "topics",
        "topics_by_period",
        "examples",
        "queue",
        "alerts",
        "drivers",
        "groups",
        "distributions",
    ],
)
def test_any_part_may_be_absent(samples, read, part, lang):
    absent = {"alerts": (), "drivers": (), "groups": {}, "distributions": {}}.get(part)
    assert read(html.render(replace(samples.analysis(5), **{part: absent}), lang=lang)).faults == []


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "7d"])
def test_every_length_of_period(samples, read, every):
    base = samples.analysis(8)
    starts = pd.to_datetime(base.by_period["period"])
    periods = (
        starts if every in {"day", "week", "7d"} else starts.dt.to_period(every[0].upper()).dt.start_time
    )
    table = base.by_period.assign(period=periods).drop_duplicates("period")
    asked = replace(base, by_period=table, topics_by_period=None, settings=Settings(every=every, tz="UTC"))
    assert read(html.render(asked)).faults == []


def test_tables_of_any_kind_of_frame_give_the_same_page(samples):
    base = samples.analysis(6)
    tables = ("overall", "by_period", "topics", "topics_by_period", "examples", "queue")
    arrow = {name: pa.Table.from_pandas(getattr(base, name), preserve_index=False) for name in tables}
    assert html.render(replace(base, **arrow)) == html.render(base)


def test_values_that_are_missing_are_told_as_missing(samples, read):
    base = samples.analysis(6)
    gone = base.by_period.copy()
    gone.loc[2, ["complaint_rate", "complaint_rate_low", "complaint_rate_high"]] = float("nan")
    gone["csat"] = float("nan")
    page = read(html.render(replace(base, by_period=gone)))
    assert any("no value" in text for text in page.within("title"))
    assert not any("nan" in text.lower().split() for text in page.within("body"))


def test_a_ledger_that_does_not_balance_says_so(samples):
    base = samples.analysis(4)
    assert "does NOT balance" in html.render(replace(base, ledger={**base.ledger, "balanced": False}))
    assert "does NOT balance" not in html.render(base)


def test_only_what_the_table_says_is_corrected_is_called_so(samples):
    base = samples.analysis(4)
    asked = replace(base.settings, audit_n=300)
    plain = "Rates are uncorrected for the model&#39;s errors."
    assert plain in html.render(base)
    assert plain in html.render(replace(base, settings=asked))
    overall = base.overall.assign(complaint_rate_basis="corrected", loyalty_index_basis="uncorrected")
    corrected = html.render(replace(base, settings=asked, overall=overall))
    assert plain not in corrected
    assert "with 300 comments labelled by a person: Complaint rate. Uncorrected: Loyalty index." in corrected


def test_an_unknown_language_is_an_error(samples, tmp_path):
    with pytest.raises(UnknownName, match="'fr'"):
        html.write(samples.analysis(4), tmp_path / "report.html", lang="fr")
    assert not (tmp_path / "report.html").exists()


def test_three_years_of_weeks_are_quick_and_small(samples, tmp_path):
    analysis = samples.analysis(156)
    html.render(samples.analysis(2))  # the template is compiled once a process
    start = time.process_time()
    path = html.write(analysis, tmp_path / "report.html")
    assert time.process_time() - start < 1.0
    assert path.stat().st_size < 2_000_000


def test_three_years_of_days_stay_a_size_a_browser_bears(samples, tmp_path):
    analysis = samples.analysis(1100)
    days = pd.date_range("2024-01-01", periods=1099).date
    table = analysis.by_period.assign(period=days)
    topics = analysis.topics_by_period.assign(period=[day for day in days for _ in samples.TOPICS])
    daily = replace(analysis, by_period=table, topics_by_period=topics, settings=Settings(every="day"))
    assert html.write(daily, tmp_path / "report.html").stat().st_size < 4_000_000
