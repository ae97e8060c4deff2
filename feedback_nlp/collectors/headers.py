"""Column names of dumps, folded so that "Review Text", "review_text" and "reviewText" are one name, and matched to aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from feedback_nlp.text.fold import fold

_NOT_LETTERS = re.compile(r"[^\w*]|_", re.UNICODE)
_UNNAMED = re.compile(r"^(?:unnamed\d*|column\d+|col\d+|field\d+|\d*)$")


@lru_cache(maxsize=4096)
def fold_header(name: str) -> str:
    """A header or alias without case, width, spaces, punctuation; traditional characters as simplified."""
    return _NOT_LETTERS.sub("", fold(name)).lower()


@lru_cache(maxsize=4096)
def last_part(name: str) -> str:
    """The folded last part of a flattened name: `text` of `snippet.topLevelComment.text`; empty where not nested."""
    return fold_header(name.rpartition(".")[2]) if "." in name else ""


def is_unnamed(name: str) -> bool:
    """Whether a header says nothing: empty, "Unnamed: 0", "column_3", "0"."""
    return bool(_UNNAMED.match(fold_header(name)))


def match(aliases: Iterable[str], headers: Sequence[str], *, taken: Iterable[str] = ()) -> str | None:
    """The first header, by the order of `aliases`, that equals one; whole names before last parts, `*` matches anything."""
    free = [header for header in headers if header not in set(taken)]
    names = [fold_header(header) for header in free]
    parts = [last_part(header) for header in free]
    folded = [fold_header(alias) for alias in aliases]
    for candidates in (names, parts):
        for alias in folded:
            for header, candidate in zip(free, candidates, strict=True):
                if candidate and (candidate == alias or ("*" in alias and fnmatchcase(candidate, alias))):
                    return header
    return None
