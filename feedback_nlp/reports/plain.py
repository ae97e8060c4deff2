"""Text that can do nothing but be read: no control, bidirectional or invisible characters that change what is around it."""

from __future__ import annotations

import re

_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_ACTIVE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e001f\ud800-\udfff]"
)
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")


def plain(text: str) -> str:
    """`text` on one line, with active and invisible characters shown as U+FFFD and stacked marks cut to three.

    The joiner of emoji (U+200D) and variation selectors stay: they only choose a glyph.
    """
    return _STACKED.sub(r"\1", _ACTIVE.sub("\ufffd", _SPACES.sub(" ", text)))


def cut(text: str, *, width: int) -> tuple[str, bool]:
    """The first `width` characters of `text`, and whether anything was left out."""
    if len(text) <= width:
        return text, False
    return text[:width].rstrip() + "…", True
