"""Priority: how urgent an answer is, 0–100, from what a row says of itself.

    harm     = severity (0, .3, .9, 2) + 0.6 × p_complaint + 0.5 if leaving + 0.3 if a question
    heat     = harm × answer × reach × 2^(−age / half_life)
    answer   = 1; 0.2 once replied; 0 once resolved
    reach    = 1 + 0.15 × log2(voices), voices = comments in the group + their likes, replies and shares
    priority = 100 × (1 − e^(−heat))

So a row is the more urgent the worse it is, the newer, the wider heard and the less answered, and none of them alone can
pass 100. Age counts from the newest comment of the data, or from `now`; a row without a time counts as one half-life old.
Without a `p_complaint` the flag `complaint` stands in, without either half of `p_negative`. What a model does not tell adds 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

SEVERITY_WEIGHTS = (0.0, 0.3, 0.9, 2.0)
COMPLAINT_WEIGHT = 0.6
NEGATIVE_WEIGHT = 0.5
LEAVING_WEIGHT = 0.5
QUESTION_WEIGHT = 0.3
REPLIED_FACTOR = 0.2
REACH_WEIGHT = 0.15
HALF_LIFE_DAYS = 14.0
# Less harm than this is not worth an entry: a kind comment with a trace of complaint in its probability.
LEAST_HARM = 0.15


@dataclass(frozen=True, slots=True)
class Parts:
    """What the priority of each row is made of; arrays of one length. `days` is the time in days, NaN where unknown."""

    harm: Floats
    answer: Floats
    engagement: Floats
    days: Floats


def parts(frame: pd.DataFrame) -> Parts:
    """The parts of each row's priority; columns that are absent or null add nothing."""
    severity = np.clip(numbers(frame, "severity"), 0, 3).astype(np.intp)
    harm = (
        np.asarray(SEVERITY_WEIGHTS)[severity]
        + COMPLAINT_WEIGHT * _complaint(frame)
        + LEAVING_WEIGHT * numbers(frame, "leaving")
        + QUESTION_WEIGHT * numbers(frame, "question")
    )
    answer = np.where(_present(frame, "replied_at"), REPLIED_FACTOR, 1.0)
    answer[_present(frame, "resolved_at")] = 0.0
    engagement = sum(
        (np.maximum(numbers(frame, name), 0) for name in ("likes", "replies", "shares")), np.zeros(len(frame))
    )
    return Parts(harm, answer, engagement, _days(frame))


def numbers(frame: pd.DataFrame, name: str, *, missing: float = 0.0) -> Floats:
    """A column as floats; `missing` where the value or the column is absent."""
    if name not in frame.columns:
        return np.full(len(frame), missing)
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, missing)


def reach(voices: Floats | float) -> Floats:
    """How much wider than one silent comment something is heard; 1 for one voice."""
    return np.asarray(1 + REACH_WEIGHT * np.log2(np.maximum(voices, 1)))


def priority(heat: Floats | float) -> Floats:
    """Heat (0 up) as priority, 0–100."""
    return np.asarray(100 * -np.expm1(-np.asarray(heat, dtype=np.float64)))


def _complaint(frame: pd.DataFrame) -> Floats:
    """Probability of complaint, or what stands in for it."""
    known = numbers(frame, "p_complaint", missing=np.nan)
    known = np.where(np.isfinite(known), known, numbers(frame, "complaint", missing=np.nan))
    return np.where(np.isfinite(known), known, NEGATIVE_WEIGHT * numbers(frame, "p_negative"))


def _present(frame: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    if name not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return frame[name].notna().to_numpy(dtype=bool)


def _days(frame: pd.DataFrame) -> Floats:
    if "created_at" not in frame.columns:
        return np.full(len(frame), np.nan)
    times = pd.to_datetime(frame["created_at"], utc=True, errors="coerce")
    micros = times.astype("datetime64[us, UTC]").astype("int64").to_numpy(dtype=np.float64)
    return np.where(times.isna().to_numpy(), np.nan, micros / 86_400e6)
