"""Bars, parts, steps and strips."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from feedback_nlp.reports.charts.bars import interval_bar, parts, shared_domain, step
from feedback_nlp.reports.charts.strips import GRADES, Cell, grade, strip
from feedback_nlp.reports.rows import Value


def test_an_interval_bar_is_on_the_scale_it_shares():
    cells = [Value(0.2, 0.1, 0.3), Value(0.4, 0.4, 0.4)]
    within = shared_domain(cells, unit="share")
    assert within == pytest.approx((0, 0.4))
    drawn = [str(interval_bar(cell, within=within, tip="t")) for cell in cells]
    places = [float(re.search(r'cx="([\d.]+)"', text)[1]) for text in drawn]
    assert places == pytest.approx([80, 155], abs=0.1)


def test_a_value_that_is_missing_has_no_bar():
    assert str(interval_bar(Value(None), within=(0, 1), tip="")) == ""
    assert shared_domain([Value(None)], unit="share")[0] == 0


def test_a_value_of_few_comments_is_hollow():
    assert 'class="dot few"' in interval_bar(Value(0.2, 0.1, 0.3, 5, flagged=True), within=(0, 1), tip="")


def test_an_index_has_its_zero_within():
    low, high = shared_domain([Value(-40.0, -45.0, -35.0)], unit="index")
    assert low <= -45
    assert high >= 0


def test_parts_fill_the_whole_in_order():
    drawn = str(parts([("neg", 0.25, "a"), ("neu", 0.0, "b"), ("pos", 0.75, "c")], label="l"))
    assert re.findall(r'x="([\d.]+)" y="0" width="([\d.]+)"', drawn) == [("0", "250"), ("250", "750")]


def test_a_step_starts_where_it_should():
    assert 'x="600" y="0" width="100"' in step(0.6, 0.1, kind="lost", tip="")


@pytest.mark.parametrize(
    ("index", "expected"),
    [(None, "gx"), (-100, "g0"), (-75, "g0"), (0, "g3"), (74, "g6"), (75, "g6"), (100, "g6")],
)
def test_grades_run_from_worst_to_best(index, expected):
    assert grade(index) == expected


def test_grades_never_fall_as_the_index_rises():
    grades = [int(grade(i)[1]) for i in range(-100, 101)]
    assert grades == sorted(grades)
    assert set(grades) == set(range(GRADES))


def test_a_strip_has_a_slot_for_each_period_and_a_mark_for_each_that_was_named():
    days = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(4)]
    cells = {days[0]: Cell(0.2, 50, "a"), days[1]: Cell(0.0, None, "b"), days[3]: Cell(0.1, -50, "c")}
    drawn = str(strip(cells, days, highest=0.2, label=""))
    marks = re.findall(r'x="([\d.]+)" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', drawn)
    assert [float(height) for _, height in marks] == [40, 20]
    assert [round(float(x) / 250) for x, _ in marks] == [0, 3]
