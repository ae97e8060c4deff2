"""Text from a dump made safe to show on a terminal: what would move the cursor or turn the line around is spelled out."""

from __future__ import annotations

import re

# Control characters but for the line end and tab, and the marks that override the direction of writing.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """`text` with control and direction characters written as escapes, `\\x1b`; line ends and tabs stay."""
    return _UNSEEN.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
