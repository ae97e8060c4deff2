"""Times of an orders export, as their shops write them, to UTC."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from feedback_nlp.errors import UnknownName

_ZONED = re.compile(r"\d{1,2}:\d{2}.*(?:Z|UTC|GMT|[+\-]\d{2}:?\d{2})$", re.IGNORECASE)
_CHINESE = {"年": "-", "月": "-", "日": " ", "时": ":", "分": ":", "秒": "", "/": "/"}


def zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        UnknownName: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownName(
            "time zone", name, ("Asia/Shanghai", "UTC"), hint="Any IANA name will do."
        ) from None


def parse(column: pd.Series, *, zone: ZoneInfo, day_first: bool) -> pd.Series:
    """A column of times in UTC, NaT where there is none to read; numbers are epoch seconds, milliseconds, or Excel days."""
    if (
        pd.api.types.is_datetime64_any_dtype(column)
        or "timestamp" in str(column.dtype)
        or "date32" in str(column.dtype)
    ):
        return _in_utc(pd.to_datetime(column).astype("object").map(pd.Timestamp), zone)
    said = column.astype("string").str.strip()
    numbers = pd.to_numeric(said, errors="coerce").to_numpy(float, na_value=np.nan)
    texts = said.where(np.isnan(numbers) | _is_compact(said))
    return _of_texts(texts, zone, day_first).fillna(_of_numbers(numbers, zone))


def _is_compact(said: pd.Series) -> pd.Series:
    """Whether a number is a date written without marks (20240301)."""
    return said.str.fullmatch(r"(?:19|20)\d{6}(?:\d{6})?").fillna(False).astype(bool)


def _of_texts(texts: pd.Series, zone: ZoneInfo, day_first: bool) -> pd.Series:
    for sign, plain in _CHINESE.items():
        texts = texts.str.replace(sign, plain, regex=False)
    texts = texts.str.strip(" :-")
    zoned = texts.str.contains(_ZONED).fillna(False).to_numpy(dtype=bool)
    aware = pd.to_datetime(texts.where(zoned), utc=True, errors="coerce", format="mixed", dayfirst=day_first)
    naive = pd.to_datetime(texts.where(~zoned), errors="coerce", format="mixed", dayfirst=day_first)
    return _in_utc(naive, zone).fillna(aware)


def _of_numbers(numbers: np.ndarray, zone: ZoneInfo) -> pd.Series:
    seconds = np.where(
        (numbers >= 1e8) & (numbers < 1e10),
        numbers,
        np.where((numbers >= 1e11) & (numbers < 1e13), numbers / 1e3, np.nan),
    )
    excel = np.where((numbers > 20_000) & (numbers < 80_000), (numbers - 25_569) * 86_400, np.nan)
    epoch = pd.Series(pd.to_datetime(seconds, unit="s", utc=True))
    return epoch.fillna(_in_utc(pd.Series(pd.to_datetime(np.round(excel), unit="s")), zone))


def _in_utc(times: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Times with a zone in UTC; without one they are of `zone`, in winter time where an hour comes twice."""
    times = pd.to_datetime(times)
    if times.dt.tz is None:
        twice = np.zeros(len(times), dtype=bool)
        times = times.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous=twice)
    return times.dt.tz_convert("UTC").astype("datetime64[us, UTC]").reset_index(drop=True)
