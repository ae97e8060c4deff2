"""KPI tables for the terminal."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console

from feedback_nlp.reports.tables import kpi_list, kpi_table


def printed(table):
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(table)
    return out.getvalue().replace("\u00a0", " ")


def test_a_table_of_one_row_is_turned(samples):
    said = printed(kpi_list(samples.analysis(4).overall))
    assert "Complaint rate" in said
    assert "12,408" in said
    assert "Value" in said
    assert "投诉率" in printed(kpi_list(samples.analysis(4).overall, lang="zh"))


def test_what_an_audit_corrected_is_named(samples):
    overall = samples.analysis(4).overall.assign(complaint_rate_basis="pooled")
    assert "corrected by the whole sample" in printed(kpi_list(overall))


def test_groups_are_named_and_every_value_has_its_interval(samples):
    base = samples.analysis(4)
    said = printed(kpi_table(base.by_period, every="week", kpis=["complaint_rate"]))
    assert said.count("[") == 4
    assert "2024-W01" in said
    named = printed(kpi_table(base.groups["platform"], kpis=["csat"], names=samples.NAMES, lang="zh"))
    assert "京东" in named
    assert "平台" in named


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame([{"volume": 0}])])
def test_nothing_to_show_is_a_table_without_values(frame):
    assert "[" not in printed(kpi_list(frame))
    assert "[" not in printed(kpi_table(frame))
