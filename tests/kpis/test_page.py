"""docs/kpis.md is what the catalogue says, and the catalogue says what the KPIs do."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from feedback_nlp.kpis import KPIS, intervals, measure
from feedback_nlp.kpis import orders as loyalty
from feedback_nlp.kpis.base import UNITS
from feedback_nlp.kpis.methods import METHODS
from feedback_nlp.kpis.orders.catalogue import ORDER_KPIS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kpis_page", DOCS / "kpis.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(writer: ModuleType) -> None:
    found = (DOCS / "kpis.md").read_text(encoding="utf-8")
    assert found == writer.page(), "run `python docs/kpis.py`"


def test_the_page_holds_every_kpi_once(writer: ModuleType) -> None:
    lines = writer.page().splitlines()
    assert [line for line in lines if line.startswith("### ")].count("### RFM segments") == 1
    for id_ in (*KPIS, *ORDER_KPIS):
        assert lines.count(f"### {id_}") == 1


@pytest.fixture(scope="module")
def table(sample: Callable[..., pa.Table]) -> pa.Table:
    return measure(sample(400), kpis="all", by=["brand", "topic"])


AS_WILSON = {
    "wilson": lambda value: value,
    "wilson_rescaled": lambda value: (value + 100) / 200,
}


@pytest.mark.parametrize("id_", [id_ for id_ in KPIS if id_ != "volume"])
def test_the_interval_is_the_one_named(table: pa.Table, id_: str) -> None:
    value, low, high, n = (
        np.array(table[f"{id_}{end}"].to_pylist(), dtype=float) for end in ("", "_low", "_high", "_n")
    )
    kind = KPIS[id_].interval
    assert np.isnan(low).all() == np.isnan(high).all() == (kind == "none")
    if kind in AS_WILSON:
        share = AS_WILSON[kind]
        expected = intervals.wilson(share(value) * n, n, confidence=0.95)
        np.testing.assert_allclose([share(low), share(high)], expected, atol=1e-12)
    elif kind != "none":
        wilson = intervals.wilson(value * n, n, confidence=0.95)
        assert KPIS[id_].unit != "share" or not np.allclose([low, high], wilson)


def test_every_unit_and_interval_is_explained() -> None:
    for kpi in (*KPIS.values(), *ORDER_KPIS.values()):
        assert kpi.unit in UNITS
        assert kpi.interval in METHODS
        assert bool(kpi.left_out.en) == bool(kpi.left_out.zh)
        assert kpi.left_out.en.endswith("." if kpi.left_out.en else "")


def test_the_kpis_of_orders_are_those_measured() -> None:
    days: list[Any] = ["2024-01-05", "2024-02-05", "2024-02-07", "2024-03-01"]
    export = pa.table({"customer": ["a", "a", "b", "b"], "time": days, "amount": [1.0, 2.0, 3.0, 4.0]})
    found = loyalty.measure(loyalty.read(export.to_pandas()))
    assert list(zip(found["kpi"], found["unit"], strict=True)) == [
        (kpi.id, kpi.unit) for kpi in ORDER_KPIS.values()
    ]
