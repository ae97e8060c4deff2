"""Labelled rows with a story: from week 60 on, deliveries in the south are late and complaints there rise."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

START = dt.date(2023, 1, 2)
WEEKS = 66
TURN = START + dt.timedelta(weeks=60)


@pytest.fixture(scope="session")
def story() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = WEEKS * 120
    day = np.sort(rng.integers(0, WEEKS * 7, n))
    south = rng.random(n) < 0.4
    turned = (day >= 60 * 7) & south
    late = rng.random(n) < np.where(turned, 0.35, 0.08)
    complaint = late & (rng.random(n) < 0.8) | (rng.random(n) < 0.06)
    texts = np.where(
        late, "快递迟到三天,没人管", np.where(rng.random(n) < 0.5, "味道不错", "works fine so far")
    )
    sentiment = np.where(complaint, "negative", np.where(rng.random(n) < 0.7, "positive", "neutral"))
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(n)],
            "source": "dump.csv",
            "row": range(1, n + 1),
            "set_aside": pd.Series([None] * n, dtype="string[pyarrow]"),
            "text": texts,
            "lang": np.where(texts == "works fine so far", "en", "zh"),
            "day": [START + dt.timedelta(days=int(d)) for d in day],
            "region": np.where(south, "华南", "华东"),
            "product": rng.choice(["tea", "cake"], n),
            "complaint": complaint,
            "p_complaint": np.clip(complaint * 0.6 + rng.random(n) * 0.3, 0, 1),
            "sentiment": sentiment,
            "p_negative": np.where(sentiment == "negative", 0.8, 0.1),
            "rating": np.where(complaint, 2.0, 5.0),
            "topic_delivery": pd.Series(np.where(late, -1, None), dtype="int8[pyarrow]"),
            "topic_quality": pd.Series(np.where(texts == "味道不错", 1, None), dtype="int8[pyarrow]"),
        }
    )
