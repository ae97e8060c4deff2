"""The contract of platforms: each has a sample in its own columns, and reading it gives the rows written down."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from feedback_nlp import records
from feedback_nlp.collectors import check, platforms, read
from feedback_nlp.collectors.headers import fold_header
from feedback_nlp.errors import UnknownName, UsageError
from feedback_nlp.ledger import tally

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = Path(__file__).parent / "expected"
NOW = datetime(2026, 4, 20, 4, 0, tzinfo=timezone.utc)
KEY = b"a key for tests"


def sample_of(platform: str) -> Path:
    """The saved sample of a platform."""
    found = sorted(SAMPLES.glob(f"{platform}.*"))
    assert len(found) == 1, f"save one sample of {platform} as tests/collectors/samples/{platform}.<ext>"
    return found[0]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values, nulls and the source left out."""
    rows = []
    for row in frame.drop(columns=["source"]).to_dict("records"):
        present = {name: value for name, value in row.items() if not pd.isna(value)}
        times = {n: v.isoformat() for n, v in present.items() if hasattr(v, "isoformat")}
        rows.append({**present, **times})
    return rows


@pytest.mark.parametrize("platform", platforms.shipped())
def test_a_sample_is_recognised_and_read_as_expected(platform: str) -> None:
    path = sample_of(platform)
    reading = read(path, now=NOW, author_key=KEY)
    frame = pd.concat(list(tally(reading, reading.ledger)))
    entry = reading.ledger.entry(str(path))
    expected = json.loads((EXPECTED / f"{platform}.json").read_text(encoding="utf-8"))
    assert entry.platform == platform
    assert entry.mapping == expected["mapping"]
    assert dict(entry.repairs) == expected["repairs"]
    assert plain_rows(frame) == expected["rows"]
    assert entry.balanced


@pytest.mark.parametrize("platform", platforms.shipped())
def test_a_platform_file_says_what_it_must(platform: str) -> None:
    found = platforms.shipped()[platform]
    assert set(found.names) == {"zh", "en"}
    assert found.channel in records.CHANNELS
    assert {"text", "created_at"} <= set(found.columns)
    for column, aliases in found.columns.items():
        folded = [fold_header(alias) for alias in aliases]
        assert all(folded), f"{platform}: an alias of {column} is nothing but signs"
    for export in found.exports:
        assert set(export.required) <= set(export.headers)


def test_every_sample_belongs_to_a_platform() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == set(platforms.shipped())


def test_a_platform_can_be_a_file_of_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(
        'id = "shop"\nchannel = "survey"\ntz = "Asia/Tokyo"\nscale = 10\n[columns]\ntext = ["said"]\nrating = ["p"]\n',
        encoding="utf-8",
    )
    frame = pd.DataFrame({"said": ["nice and warm", "too cold for me"], "p": ["8", "2"]})
    rows = next(read(frame, platform=path))
    assert rows["platform"].tolist() == ["shop", "shop"]
    assert rows["channel"].tolist() == ["survey", "survey"]
    assert rows["rating"].tolist() == [4.0, 1.0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('id = "x"', r"\[columns\]"),
        ("[columns]\ntext = ['a']", "'id'"),
        ('id = "x"\ncolour = 1\n[columns]', "'colour'"),
        ('id = "x"\n[columns]\nwords = ["a"]', "'words'"),
        ('id = "x"\n[columns]\ntext = "a"', "list of headers"),
        ('id = "x"\nscale = 7\n[columns]', "scale is 7"),
        ('id = "x"\ntz = "Mars/Base"\n[columns]', "Mars/Base"),
        ("id = ", "not TOML"),
    ],
)
def test_a_wrong_platform_file_is_explained(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        platforms.load(path)


def test_an_unknown_platform_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'weibo'"):
        read(pd.DataFrame({"text": ["a"]}), platform="wiebo")
    with pytest.raises(UsageError, match="No such file"):
        platforms.load("missing.toml")


def test_the_given_platform_wins_over_the_header() -> None:
    found = check(sample_of("trustpilot"), platform="generic")
    assert found.platform.id == "generic"
    assert found.why == "given"
