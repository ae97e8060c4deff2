"""Repairs of single cells that are about bytes: NULs, control characters, lone surrogates, clear mojibake.

Each repair is `str -> str` and is counted; what reads well is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter

import ftfy
import pyarrow as pa
import pyarrow.compute as pc
from ftfy.badness import badness

from feedback_nlp.collectors.characters import COMMON, common_share
from feedback_nlp.ledger import SourceEntry

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# A letter that starts a UTF-8 sequence read as Latin-1 or Windows-1252, then one that continues it.
_WESTERN_MOJIBAKE = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bfŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]")
# UTF-8 read as GBK: these stand for the first two bytes of ，。的是 … and are rare otherwise.
_CHINESE_MOJIBAKE = re.compile("[锛銆鐨鏄涓嶅浜鍦鎴杩绗闂濂]")

_SUSPECT = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\x{c2}-\x{f4}][\x{80}-\x{bf}\x{152}-\x{2dc}\x{2013}-\x{2122}]"
    "|[锛銆鐨鏄涓嶅浜鍦鎴杩绗闂濂]"
)
_DAMAGED_NUMBER = r"^\d(\.\d+)?[Ee]\+(1[1-9]|[2-9]\d)$"


def column(values: list[str | None], *, name: str, entry: SourceEntry) -> pa.Array:
    """Cells as an Arrow text array: the empty cell is null, the rest repaired, repairs and damaged ids counted."""
    try:
        array = pa.array([value or None for value in values], pa.string())
    except UnicodeEncodeError:
        array = pa.array(
            [surrogates(value, entry.repairs) if value else None for value in values], pa.string()
        )
    suspect = pc.match_substring_regex(array, _SUSPECT)
    if pc.any(suspect).as_py():
        flags = suspect.to_pylist()
        cells = array.to_pylist()
        fixed = [
            cell_text(cell, entry.repairs) if flag else cell for cell, flag in zip(cells, flags, strict=True)
        ]
        array = pa.array([value or None for value in fixed], pa.string())
    _note_damage(array, name, entry)
    return array


def cell_text(text: str, repairs: Counter[str]) -> str:
    """One cell with every repair of this module."""
    return mojibake(controls(text, repairs), repairs)


def surrogates(text: str, repairs: Counter[str]) -> str:
    """Lone surrogates, which no encoding can write, become U+FFFD; pairs are joined."""
    if not _SURROGATES.search(text):
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if joined.count("\ufffd") > text.count("\ufffd"):
        repairs["lone_surrogates"] += joined.count("\ufffd") - text.count("\ufffd")
    return joined


def controls(text: str, repairs: Counter[str]) -> str:
    """NULs and other control characters go; tab and line ends stay."""
    cleaned, found = _CONTROLS.subn("", text)
    if found:
        repairs["control_characters"] += found
    return cleaned


def mojibake(text: str, repairs: Counter[str]) -> str:
    """Text decoded with a wrong encoding is put right where that is beyond doubt, else left."""
    fixed = text
    if _WESTERN_MOJIBAKE.search(text):
        fixed = _from_western(text)
    elif _CHINESE_MOJIBAKE.search(text):
        fixed = _from_gbk(text)
    if fixed != text:
        repairs["mojibake_cells"] += 1
    return fixed


def _from_western(text: str) -> str:
    fixed = ftfy.fix_encoding(text)
    kept = sum(char in COMMON for char in text)
    better = badness(fixed) < badness(text) and sum(char in COMMON for char in fixed) >= kept
    return fixed if better else text


def _from_gbk(text: str) -> str:
    try:
        fixed = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return text
    return fixed if common_share(fixed) > common_share(text) + 0.2 else text


def _note_damage(array: pa.Array, name: str, entry: SourceEntry) -> None:
    """Count numbers a spreadsheet has rounded to 1.23E+17: their digits are gone and they identify nothing."""
    damaged = pc.sum(pc.match_substring_regex(array, _DAMAGED_NUMBER)).as_py()
    if not damaged:
        return
    entry.repairs["rounded_numbers"] += damaged
    note = f"column {name!r} holds numbers a spreadsheet has rounded (1.23E+17): not usable as ids"
    if note not in entry.notes:
        entry.notes.append(note)
