"""Identities: a dump's own ids, ids that a spreadsheet has damaged, ids made from content, and names of nobody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

# 1.23E+17: a spreadsheet kept six digits of eighteen
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+\d{1,3}$")
_ROUNDED = re.compile(r"^\d{13,}00$")
_WHOLE = re.compile(r"^(\d+)\.0+$")
_COUNTER = re.compile(r"^\d{1,7}$")
_NOBODY = frozenset(
    (
        *(
            "匿名",
            "匿名用户",
            "匿名网友",
            "匿名买家",
            "游客",
            "访客",
            "无昵称",
            "未知",
            "已注销",
            "账号已注销",
            "用户已注销",
        ),
        *(
            "anonymous",
            "anonymous user",
            "anon",
            "guest",
            "guest user",
            "a google user",
            "google user",
            "user",
            "unknown",
        ),
        *(
            "amazon customer",
            "kindle customer",
            "a customer",
            "customer",
            "[deleted]",
            "deleted",
            "none",
            "null",
            "nan",
        ),
        *("n/a", "-"),
    )
)
_ROUNDED_SHARE = 0.5
_CHANGED_SHARE = 0.05


def tidy(text: str) -> str:
    """An id without the space, quotes and ".0" that exports add."""
    cell = text.strip().strip("'\"`=").strip()
    match = _WHOLE.match(cell)
    return match[1] if match else cell


def damaged(text: str) -> bool:
    """Whether a spreadsheet has rounded this id away (1.23E+17)."""
    return bool(_SCIENTIFIC.match(text.strip()))


def rounded(cells: Iterable[str]) -> bool:
    """Whether a column's long ids end in zeros so often that their last digits are lost."""
    long = [cell for cell in map(tidy, cells) if re.fullmatch(r"\d{15,}", cell)]
    return len(long) >= 3 and sum(bool(_ROUNDED.match(cell)) for cell in long) > _ROUNDED_SHARE * len(long)


def is_counter(identity: str) -> bool:
    """Whether an id is a short running number, which means something only within its own source."""
    return bool(_COUNTER.match(identity))


def identifies(cells: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether a column tells rows apart: the same id never, or hardly ever, stands on different texts."""
    first: dict[str, str] = {}
    changed = sum(first.setdefault(cell, text) != text for cell, text in zip(cells, texts, strict=True))
    return changed <= _CHANGED_SHARE * max(1, len(cells))


def from_content(parts: Iterable[str]) -> str:
    """An id made from the cells that make a row what it is: 24 hex digits, the same in every run."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()


def is_somebody(author: str) -> bool:
    """Whether a name names one author: not 匿名, not Amazon Customer."""
    return bool(author.strip()) and author.strip().casefold() not in _NOBODY
