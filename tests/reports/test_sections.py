"""What the sections tell: topics, comments, groups, the ledger, alerts and changes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pandas as pd
import pytest

from feedback_nlp.reports.sections import comments, ledger, overview, signals, spread, tables, topics
from feedback_nlp.reports.view import View
from feedback_nlp.signals.alerts import Alert
from feedback_nlp.signals.drivers import Drivers, Effect


@pytest.fixture
def view(samples):
    return View(samples.analysis(6), "en")


def with_part(view, **parts):
    return View(replace(view.analysis, **parts), view.lang)


def clean(text):
    return text.replace("\u00a0", " ")


def test_topics_are_in_order_of_their_share(view):
    table = topics.topic_table(view)
    shares = [float(cells[0].value.split("\u00a0")[0]) for _, _, cells in table.rows]
    assert shares == sorted(shares, reverse=True)
    assert table.rows[0][0] == "product quality"


def test_topics_nobody_names_are_listed_but_have_no_row(view):
    table = view.analysis.topics
    gone = table.assign(**{c: table[c].where(table["topic"] != "app", 0) for c in ("topic_share", "volume")})
    found = topics.topic_table(with_part(view, topics=gone))
    assert len(found.rows) == 12
    assert found.note == "Not named in any comment: app, website, software."


def test_a_period_without_comments_keeps_its_place_in_a_strip(view):
    table = view.analysis.topics_by_period
    gone = table[table["period"] != dt.date(2024, 1, 15)]
    whole = topics.strips(with_part(view, topics_by_period=table)).items[0][1]
    holed = topics.strips(with_part(view, topics_by_period=gone)).items[0][1]
    assert whole.count("<rect") == holed.count("<rect") + 1
    assert re.findall(r' x="([\d.]+)"', holed)[-1] == re.findall(r' x="([\d.]+)"', whole)[-1]


def test_pooled_periods_weigh_each_by_its_comments(view):
    rows = [
        {"period": dt.date(2024, 1, 1) + dt.timedelta(weeks=i), "topic": "price", "topic_share": share,
         "topic_share_n": n, "topic_index": 10.0, "topic_index_n": 40}
        for i, (share, n) in enumerate([(0.1, 100), (0.4, 300)] * 121)
    ]  # fmt: skip
    drawn = topics.strips(with_part(view, topics_by_period=pd.DataFrame(rows)))
    assert "named by 32.5" in drawn.items[0][1]
    assert "3 to a column" in drawn.note


def test_a_group_table_is_cut_to_the_largest_and_says_so(view):
    frame = view.analysis.groups["brand"]
    many = pd.concat([frame.assign(brand=f"b{i}", volume=1000 - i) for i in range(20)])
    (table,) = tables.group_tables(with_part(view, groups={"brand": many}))
    assert len(table.rows) == 15
    assert "15 largest of 60" in table.note


def test_a_comment_can_be_found_by_its_source_and_row(view):
    group = comments.examples(view)[0]
    assert group.comments[0].where == "orders_2024.csv, row 120"
    assert {chip.word for chip in group.comments[0].chips} >= {"negative", "serious", "complaint", "leaving"}


def test_sources_are_told_apart_by_what_follows_the_folders_they_share(view):
    entry = view.analysis.ledger["sources"][0]
    sources = [{**entry, "source": name} for name in ("/data/a/x.csv", "/data/b/x.csv")]
    several = with_part(view, ledger={**view.analysis.ledger, "sources": sources})
    assert [several.source(s["source"]) for s in sources] == ["a/x.csv", "b/x.csv"]
    one = with_part(view, ledger={**view.analysis.ledger, "sources": sources[:1]})
    assert one.source("/data/a/x.csv") == "x.csv"


def test_the_queue_keeps_its_order_and_says_what_it_leaves_out(samples, view):
    long = pd.concat([samples.queue(6)] * 10, ignore_index=True)
    queue = comments.queue(with_part(view, queue=long))
    assert len(queue.comments) == 50
    assert queue.note == "50 of 60 are shown."
    assert comments.queue(with_part(view, queue=None)) is None


def test_the_steps_of_the_ledger_add_up(view):
    account = ledger.account(view)
    counts = [int(step.count.replace(",", "").replace("−", "-")) for step in account.steps]
    assert sum(counts[:-1]) == counts[-1]
    assert account.balanced


def test_stars_between_two_go_to_the_next_whole_star(view):
    (stars,) = spread.spreads(with_part(view, distributions={"rating": {"3.5": 2, "4.0": 1, "1": 1}}))
    assert [part.count for part in stars.parts] == ["1", "0", "0", "3", "0"]
    assert stars.of == "of 4 rated comments"


def test_tiles_leave_out_what_has_no_value(view):
    gone = view.analysis.overall.assign(csat=None)
    names = [tile.name for tile in overview.tiles(with_part(view, overall=gone))]
    assert names[:2] == ["Comments", "Complaint rate"]
    assert "Satisfaction (CSAT)" not in names


def test_the_table_behind_the_charts_has_every_period(view):
    table = overview.numbers(view)
    assert len(table.body) == 6
    assert len(table.head) == len(table.body[0])


EFFECT = Effect("topic", "delivery", 0.1, 0.2, 0.3, 0.4, mix=0.01, rate=0.02)


def test_alerts_as_the_signals_give_them(view):
    given = Alert(
        kpi="complaint_rate", group=(("platform", "jd"),), period=dt.date(2024, 1, 8), observed=0.31, n=400,
        expected=0.23, low=0.19, high=0.27, direction="up", rule="point", p=0.0004, q=0.01,
        baseline=(dt.date(2023, 1, 2), dt.date(2023, 12, 25)), drivers=(EFFECT,),
    )  # fmt: skip
    alarmed = with_part(view, alerts=[given])
    (alert,) = signals.alerts(alarmed)
    assert alert.group == "JD.com"
    assert clean(alert.line) == "31.0 % where 19.0 % to 27.0 % was expected"
    assert alert.surprise == "by chance once in 2,500 such periods"
    assert clean(alert.drivers[0]) == "delivery and punctuality +3.0 points"
    assert signals.alert_marks(alarmed, "complaint_rate") == set()
    overall = with_part(view, alerts=[replace(given, group=())])
    assert signals.alert_marks(overall, "complaint_rate") == {dt.date(2024, 1, 8)}


def test_alerts_as_plain_mappings(view):
    (alert,) = signals.alerts(with_part(view, alerts=[{"kpi": "csat", "observed": 0.4, "drivers": ["app"]}]))
    assert (alert.group, clean(alert.line), alert.drivers) == ("all comments", "40.0 %", ["app"])


SPANS = (dt.date(2024, 1, 1), dt.date(2024, 3, 31)), (dt.date(2024, 4, 1), dt.date(2024, 4, 1))


def test_changes_as_the_signals_give_them(view):
    given = Drivers("complaint_rate", 0.20, 0.23, 400, 500, {"topic": (EFFECT,)}, *SPANS)
    (found,) = signals.drivers(with_part(view, drivers=[given]))
    assert clean(found.title) == (
        "Complaint rate: 20.0 % → 23.0 % (+3.0 points), 1 Jan 2024 – 31 Mar 2024 → 1 Apr 2024"
    )
    assert [clean(cell) for cell in found.parts[0]] == [
        "Topic: delivery and punctuality", "+1.0 points", "+2.0 points", "+3.0 points",
    ]  # fmt: skip
