"""Sums tables arranged for finishing: windows rolled out, rows sorted, totals looked up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from feedback_nlp.kpis import periods
from feedback_nlp.kpis.base import PERIOD, TOPIC, Floats, Sum, Sums
from feedback_nlp.kpis.plan import SUM_PREFIX
from feedback_nlp.kpis.sums import added

Ids = npt.NDArray[np.int64]


def rolled(table: pa.Table, every: str | None, running: Sequence[Sum]) -> pa.Table:
    """Daily sums as sums of rolling windows; unchanged for other periods.

    A running sum is counted on its own day only, since it goes on by itself.
    """
    length = periods.window_of(every)
    if length is None or len(table) == 0:
        return table
    dated = table.filter(pc.is_valid(table[PERIOD]))
    days = dated[PERIOD].cast(pa.int32()).to_numpy().astype(np.int64)
    index, last = periods.windows(days, length)
    wide = dated.take(pa.array(index))
    wide = _replaced(wide, PERIOD, pa.array(last.astype(np.int32)).cast(pa.date32()))
    own_day = days[index] == last
    for each in running:
        name = SUM_PREFIX + each.name
        wide = _replaced(wide, name, pa.array(wide[name].to_numpy() * own_day))
    return added(pa.concat_tables([wide, table.filter(pc.is_null(table[PERIOD]))]))


def arranged(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Rows in the order of their keys, null last."""
    return table.sort_by([(key, "ascending") for key in keys]) if keys else table


def sums_of(
    table: pa.Table, keys: Sequence[str], running: Sequence[Sum], *, confidence: float
) -> tuple[pa.Table, Sums]:
    """The keys of each row of the result, and its sums with the totals they are compared with."""
    own = {
        name.removeprefix(SUM_PREFIX): table[name].to_numpy().astype(np.float64)
        for name in table.column_names
        if name.startswith(SUM_PREFIX)
    }
    for each in running:
        own[each.name] = _so_far(table, keys, own[each.name])
    heads = table.select(list(keys))
    base = _is_null(table, TOPIC) if TOPIC in keys else np.ones(len(table), dtype=np.bool_)
    shown = ~base if TOPIC in keys else base
    place = ids(table, [key for key in keys if key != TOPIC])
    period = ids(table, [key for key in keys if key == PERIOD])
    whole = {name: _total(values, place, base)[shown] for name, values in own.items()}
    pool = {name: _total(values, period, base)[shown] for name, values in own.items()}
    own = {name: values[shown] for name, values in own.items()}
    return heads.filter(pa.array(shown)), Sums(own, whole, pool, confidence)


def ids(table: pa.Table, keys: Sequence[str]) -> Ids:
    """A number per row, equal where all keys are equal (null equals null)."""
    numbers = np.zeros(len(table), dtype=np.int64)
    for key in keys:
        encoded = table[key].combine_chunks().dictionary_encode(null_encoding="encode")
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        numbers = np.unique(numbers * (codes.max(initial=0) + 1) + codes, return_inverse=True)[1]
    return numbers


def _total(values: Floats, place: Ids, base: npt.NDArray[np.bool_]) -> Floats:
    """For each row, the sum of `values` over the base rows of the same place."""
    totals: Floats = np.zeros(int(place.max(initial=0)) + 1)
    np.add.at(totals, place[base], values[base])
    return totals[place]


def _so_far(table: pa.Table, keys: Sequence[str], values: Floats) -> Floats:
    """Each row's value plus those of all earlier periods of its group; a null period stands alone."""
    if PERIOD not in keys or len(values) == 0:
        return values
    undated = _is_null(table, PERIOD)
    group = ids(table, [key for key in keys if key != PERIOD]) * 2 + undated
    days = table[PERIOD].cast(pa.int32()).fill_null(0).to_numpy()
    order = np.lexsort((days, group))
    total = values[order].cumsum()
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    before = np.repeat(total[first] - values[order][first], np.diff(first, append=len(order)))
    result = np.empty_like(values)
    result[order] = total - before
    return result


def _is_null(table: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    nulls: npt.NDArray[np.bool_] = pc.is_null(table[name]).to_numpy()
    return nulls


def _replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)
