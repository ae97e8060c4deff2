"""What several parts of the suite share: one small Spark session, and results of any library made plain."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest


def plain(table: Any) -> pa.Table:
    """A result of any library as an Arrow table."""
    if isinstance(table, pa.Table):
        return table
    for way in ("collect", "to_arrow", "toArrow", "to_arrow_table"):
        if hasattr(table, way) and not (way == "collect" and hasattr(table, "toArrow")):
            return plain(getattr(table, way)())
    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)


@pytest.fixture(scope="session")
def arrow_of() -> Callable[[Any], pa.Table]:
    """A result of any library as an Arrow table."""
    return plain


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Any], list[dict[str, Any]]]:
    """A result of any library as plain rows."""
    return lambda table: plain(table).to_pylist()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A local Spark session on one core, whose workers run this Python."""
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.driver.memory": "1g",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        # the suite's queries are many and tiny: compiling them costs more than it saves
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.log.level": "ERROR",
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("feedback-nlp tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
