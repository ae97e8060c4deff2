"""Folding: one form for what reads the same. For fingerprints, rules and counting only, never for display."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_PUNCTUATION = str.maketrans(
    {
        **dict.fromkeys("。｡．", "."),
        **dict.fromkeys("、，", ","),
        **dict.fromkeys("“”„‟«»「」『』〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("【〔〖", "["),
        **dict.fromkeys("】〕〗", "]"),
        **dict.fromkeys("〈《", "<"),
        **dict.fromkeys("〉》", ">"),
        **dict.fromkeys("—–―‐‑‒−", "-"),
        **dict.fromkeys("～〜∼", "~"),
        **dict.fromkeys("·•・", "·"),
    }
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SPACES = re.compile(r"\s+")
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")


def fold(text: str) -> str:
    """The matching form of `text`: width, case, traditional → simplified, punctuation variants, spaces.

    Spaces beside Han characters go, others become one. Folding twice is folding once.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKC", text)
    text = unicodedata.normalize("NFKC", text.casefold()).translate(_PUNCTUATION)
    text = _SPACE_BY_HAN.sub("", _SPACES.sub(" ", text)).strip()
    return simplify(text)


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, word by word where one character has two simplifications."""
    try:
        return str(_converter().convert(text))
    except UnicodeEncodeError:  # half a surrogate pair, from a text that was not cleaned
        return simplify(text.encode("utf-8", "ignore").decode("utf-8"))


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
