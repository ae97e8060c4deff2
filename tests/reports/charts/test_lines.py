"""The line chart: points where their values are, breaks where there is nothing, hollow where there is little."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

import pytest

from feedback_nlp.reports.charts.columns import columns
from feedback_nlp.reports.charts.lines import lines
from feedback_nlp.reports.charts.points import Point, runs
from feedback_nlp.reports.charts.sparks import spark
from feedback_nlp.reports.rows import Value

MONDAY = date(2024, 1, 1)


def series(values, *, flagged=(), skipped=(), spread=0.05):
    return [
        Point(
            MONDAY + timedelta(weeks=i),
            Value(v, v - spread, v + spread, 20 if i in flagged else 500, flagged=i in flagged)
            if v is not None
            else Value(None),
            f"week {i}",
        )
        for i, v in enumerate(values)
        if i not in skipped
    ]


def draw(points, **options):
    return str(lines(points, unit="share", every="week", lang="en", label="a & b", **options))


def circles(drawn):
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)]


def test_equal_steps_of_value_are_equal_steps_of_pixels():
    points = circles(draw(series([0.1, 0.2, 0.3, 0.4])))
    across = {round(b[0] - a[0], 0) for a, b in itertools.pairwise(points)}
    up = {round(a[1] - b[1], 0) for a, b in itertools.pairwise(points)}
    assert len(across) == 1
    assert len(up) == 1
    assert up.pop() > 0  # more is higher


def test_the_grid_says_what_the_points_mean():
    drawn = draw(series([0.1, 0.2, 0.3, 0.4]))
    levels = {
        float(w.rstrip("%")): float(y) - 4
        for y, w in re.findall(r'y="([\d.]+)" class="tick end">([\d.]+%)', drawn)
    }
    low, high = min(levels), max(levels)
    for (_, y), value in zip(circles(drawn), (10, 20, 30, 40), strict=True):
        part = (value - low) / (high - low)
        assert y == pytest.approx(levels[low] + part * (levels[high] - levels[low]), abs=0.2)


def test_no_points_or_no_values_draw_nothing():
    assert draw([]) == ""
    assert draw(series([None, None])) == ""
    assert str(columns([], every="week", lang="en", label="")) == ""
    assert str(spark(series([0.2]), unit="share", every="week", label="")) == ""


def test_one_point_is_a_dot_with_its_interval():
    drawn = draw(series([0.2]))
    assert len(circles(drawn)) == 1
    assert 'class="span"' in drawn
    assert 'class="line"' not in drawn


def test_equal_values_make_a_level_line_inside_the_chart():
    points = circles(draw(series([0.2, 0.2, 0.2], spread=0.0)))
    assert len({y for _, y in points}) == 1
    assert all(10 <= y <= 216 for _, y in points)


def test_a_missing_period_or_value_breaks_line_and_band():
    for points in (series([0.1, 0.2, 0.3, 0.3, 0.2], skipped=(2,)), series([0.1, 0.2, None, 0.3, 0.2])):
        drawn = draw(points)
        assert drawn.count('class="line"') == 2
        assert drawn.count('class="band"') == 2
        assert [len(run) for run in runs(points, "week")] == [2, 2]


def test_few_comments_are_hollow_and_their_interval_is_no_part_of_the_band():
    drawn = draw(series([0.2, 0.2, 0.21, 0.2, 0.2], flagged=(2,)))
    assert drawn.count('class="dot few"') == 1
    assert drawn.count('class="span few"') == 1
    assert drawn.count('class="band"') == 2
    assert drawn.count('class="line"') == 1


def test_many_points_keep_only_the_dots_that_say_something():
    drawn = draw(series([0.2] * 100, flagged=(50,)))
    assert len(circles(drawn)) == 1
    assert drawn.count('class="hit"') == 100


def test_an_interval_beyond_the_axis_stays_inside_the_chart():
    drawn = draw(series([0.02, 0.03, 0.02], flagged=(1,), spread=0.9))
    ends = [float(y) for y in re.findall(r'y[12]="([\d.-]+)"', drawn)]
    assert all(0 <= y <= 240 for y in ends)


def test_words_are_escaped():
    point = Point(MONDAY, Value(0.2), "<b> & \u202e")
    drawn = draw([point])
    assert "&lt;b&gt; &amp; \ufffd" in drawn
    assert "a &amp; b" in drawn


def test_columns_stand_on_zero_and_are_as_high_as_their_counts():
    points = [Point(MONDAY + timedelta(weeks=i), Value(float(n)), "") for i, n in enumerate((100, 200, 0))]
    drawn = str(columns(points, every="week", lang="en", label=""))
    bars = re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="column"', drawn)
    heights = [float(h) for _, h in bars]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == 0
    assert {round(float(y) + float(h)) for y, h in bars} == {216}
