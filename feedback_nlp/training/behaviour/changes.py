"""Changes to a text that leave its meaning as it was."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any


def traditional(text: str) -> str:
    """Simplified characters as traditional ones."""
    return str(_converter().convert(text))


def spaced(text: str) -> str:
    """A space after every second character (Chinese), or double spaces (English)."""
    if " " in text:
        return text.replace(" ", "  ") + " "
    return " ".join(text[i : i + 2] for i in range(0, len(text), 2))


def unpunctuated(text: str) -> str:
    """Punctuation replaced by spaces."""
    bare = "".join(" " if unicodedata.category(c).startswith("P") and c != "'" else c for c in text)
    return " ".join(bare.split())


def exclaimed(text: str) -> str:
    """Shouted at the end."""
    return text + ("！！！" if any("\u4e00" <= c <= "\u9fff" for c in text) else "!!!")


def repeat(text: str) -> str:
    """The last letter typed four times."""
    return text + text[-1] * 3


def swap_letters(text: str) -> str:
    """Two inner letters of the longest word exchanged."""
    longest = max(text.split(), key=len)
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, wrong, 1)


def wide(text: str) -> str:
    """ASCII as full-width forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


CHANGES: dict[str, Callable[[str], str]] = {
    "traditional": traditional,
    "spaced": spaced,
    "unpunctuated": unpunctuated,
    "exclaimed": exclaimed,
    "repeat": repeat,
    "swap_letters": swap_letters,
    "wide": wide,
    "upper": str.upper,
    "lower": str.lower,
}


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")
