"""Labels and KPIs on Spark: the same as in memory, with the schema that was declared."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from feedback_nlp import records
from feedback_nlp.annotate import annotate
from feedback_nlp.engines import spark as engine
from feedback_nlp.errors import SchemaError, UsageError
from feedback_nlp.kpis import measure

TEXTS = ["送餐慢了一个小时", "love it", None, "the box was broken", "很好 很好", ""] * 3


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = Path(__file__).parents[1] / "classifiers" / "tiny.py"
    spec = importlib.util.spec_from_file_location("tiny_for_spark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.make(tmp_path_factory.mktemp("spark") / "tiny"))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    made = {
        "source": "made",
        "row": range(1, len(TEXTS) + 1),
        "text": TEXTS,
        "created_at": pd.Timestamp("2024-01-01 23:30", tz="UTC"),
        "brand": ["a", "b"] * 9,
    }
    return records.conform(pd.DataFrame(made))


def test_labels_and_kpis_are_those_of_memory(spark: Any, rows: pd.DataFrame, model: str) -> None:
    expected = annotate(rows, model=model)
    frame = engine.annotate(
        spark.createDataFrame(pa.Table.from_pandas(rows, preserve_index=False)), model=model
    ).cache()
    found = frame.toArrow().to_pandas(types_mapper=pd.ArrowDtype)
    assert found.dtypes.to_dict() == expected.dtypes.to_dict()
    exact = [name for name in expected.columns if not pd.api.types.is_float_dtype(expected[name].dtype)]
    pd.testing.assert_frame_equal(found[exact], expected[exact])
    pd.testing.assert_frame_equal(found, expected, rtol=1e-4)

    table = measure(frame, kpis=["complaint_rate"], by=["brand"])
    assert type(table) is type(frame)
    in_memory = measure(expected, kpis=["complaint_rate"], by=["brand"])
    pd.testing.assert_frame_equal(table.toArrow().to_pandas(types_mapper=pd.ArrowDtype), in_memory)


def test_a_step_may_replace_a_column_and_sees_arrow_types(spark: Any) -> None:
    frame = spark.createDataFrame(pa.table({"text": ["a", None], "severity": pa.array([1, None], pa.int8())}))
    severity = records.Column("severity", pa.string(), "for the test")

    def step(frames: Any) -> Any:
        for each in frames:
            yield each.assign(severity=str(each["severity"].dtype))

    table = engine.mapped(frame, step, adds=[severity]).toArrow()
    assert table.to_pydict() == {"text": ["a", None], "severity": ["int8[pyarrow]"] * 2}


def test_a_frame_without_text_is_refused(spark: Any) -> None:
    with pytest.raises(SchemaError, match="'text'"):
        engine.annotate(spark.createDataFrame(pa.table({"words": ["a"]})))


def test_local_workers_of_another_python_are_refused_before_anything_runs(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = spark.createDataFrame(pa.table({"text": ["a"]}))
    engine.check_workers(frame)
    monkeypatch.setattr(spark.sparkContext, "pythonExec", "python-that-is-not-there")
    with pytest.raises(UsageError, match="PYSPARK_PYTHON="):
        engine.check_workers(frame)


def test_pyspark_is_a_version_whose_frames_take_arrow(spark: Any) -> None:
    """Results go out by createDataFrame(Arrow table), which Spark knows since 4.0; pandas must be below 3 for it."""
    assert int(spark.version.split(".")[0]) >= 4
    assert int(pd.__version__.split(".")[0]) < 3
