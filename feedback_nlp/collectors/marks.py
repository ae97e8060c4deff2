"""Marks: why a row does not count. Rows are never dropped, only marked in `set_aside`.

The first reason that holds, in this order; a reason that a row already has stays:

- `empty`: no text, or punctuation only (emoji alone are feedback);
- `system_default`: the platform's words, not a customer's;
- `exact_duplicate`: the dump's id was met before on the platform (a running number: in the source); where the dump has
  no id, the same author, time, product, stars and text; where it has no author either, only texts longer than `SHORT`;
- `spam`; `other_language`;
- `near_duplicate`: a text of at least `NEAR_SIZE` that differs in digits, punctuation, spaces, case or script only; a
  shorter one by the same author at the same time.

Memory grows by sixteen bytes a row (two sets of 64-bit keys), whatever the length of texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from feedback_nlp import records
from feedback_nlp.collectors.content_ids import is_content_id
from feedback_nlp.collectors.distinct import each
from feedback_nlp.collectors.seen import Seen, key_of
from feedback_nlp.collectors.values import ids
from feedback_nlp.text.defaults import is_system_default
from feedback_nlp.text.fold import fold
from feedback_nlp.text.spam import is_spam

ORDER = (
    records.EMPTY,
    records.SYSTEM_DEFAULT,
    records.EXACT_DUPLICATE,
    records.SPAM,
    records.OTHER_LANGUAGE,
    records.NEAR_DUPLICATE,
)
SHORT = 10  # equal texts up to this size, by nobody in particular, are two people saying "很好"
NEAR_SIZE = 20
_FEWEST_LETTERS = 4
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_WIDE = re.compile("[\u2e80-\U0010ffff]")
_KEYED = ("created_at", "product", "rating")


def mark(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Each frame with `set_aside` filled in, judged with all rows before it; the frames given are not changed."""
    marker = Marker()
    for frame in frames:
        yield marker(frame)


class Marker:
    """Marks frames one after another; two of one marker's frames can hold duplicates of each other."""

    def __init__(self) -> None:
        self._rows = Seen()
        self._texts = Seen()

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        """`frame` with `set_aside` filled in."""
        records.require(frame, ["text", "lang", "id", "platform", "source"], purpose="marking")
        texts = [text or "" for text in _texts(frame["text"])]
        reasons = _texts(frame["set_aside"])
        langs = _texts(frame["lang"])
        _apply(reasons, records.EMPTY, [not says_something(text) for text in texts])
        _apply(reasons, records.SYSTEM_DEFAULT, each(_open(texts, reasons), is_system_default))
        _apply(reasons, records.EXACT_DUPLICATE, self._repeated(self._rows, _row_keys(frame, texts), reasons))
        _apply(reasons, records.SPAM, each(_open(texts, reasons), is_spam))
        foreign = [lang == "other" and _has_letters(text) for lang, text in zip(langs, texts, strict=True)]
        _apply(reasons, records.OTHER_LANGUAGE, foreign)
        templates = _template_keys(frame, _open(texts, reasons))
        _apply(reasons, records.NEAR_DUPLICATE, self._repeated(self._texts, templates, reasons))
        return frame.assign(set_aside=records.column_of(reasons, pa.string(), name="set_aside"))

    @staticmethod
    def _repeated(seen: Seen, keys: list[int | None], reasons: list[str | None]) -> npt.NDArray[np.bool_]:
        """Which rows that still count have a key met before."""
        open_rows = [i for i, key in enumerate(keys) if key is not None and reasons[i] is None]
        repeated = np.zeros(len(keys), dtype=bool)
        repeated[open_rows] = ~seen.fresh([int(keys[i] or 0) for i in open_rows])
        return repeated


def _texts(column: pd.Series) -> list[str | None]:
    """A column as text, null as None."""
    return [str(value) if present else None for value, present in zip(column, column.notna(), strict=True)]


def says_something(text: str) -> bool:
    """Whether a text has a letter, a digit or a picture; punctuation alone says nothing."""
    return any(unicodedata.category(char) in _SAYING for char in text)


_SAYING = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "So"))


def _open(texts: list[str], reasons: list[str | None]) -> list[str | None]:
    """The texts of rows that still count, null elsewhere."""
    return [text if reason is None else None for text, reason in zip(texts, reasons, strict=True)]


def _apply(reasons: list[str | None], reason: str, holds: Iterable[bool | None]) -> None:
    for i, true in enumerate(holds):
        if true and reasons[i] is None:
            reasons[i] = reason


def _row_keys(frame: pd.DataFrame, texts: list[str]) -> list[int | None]:
    """What makes a row the same as another: the dump's id; else author, time, product, stars and text; null for short
    texts of nobody in particular. Running numbers (1, 2, 3 …) are ids within their own source only."""
    identities, authors = _texts(frame["id"]), _texts(frame["author"])
    rest = list(zip(*(_texts(frame[column]) for column in _KEYED), strict=True))
    keys: list[int | None] = []
    for i, (platform, source) in enumerate(zip(frame["platform"], frame["source"], strict=True)):
        identity, author = str(identities[i]), authors[i]
        if not is_content_id(identity):
            keys.append(key_of(("id", platform, source if ids.is_counter(identity) else "", identity)))
        elif author is not None or _size(texts[i]) > SHORT:
            keys.append(key_of(("content", platform, author, *rest[i], texts[i])))
        else:
            keys.append(None)
    return keys


def _template_keys(frame: pd.DataFrame, texts: list[str | None]) -> list[int | None]:
    """A key that texts share which differ in digits, punctuation, spaces, case or script. Texts too short for that
    (but longer than `SHORT`) share one only with their own author at the same time: one review shown under several
    variants of a product."""
    letters = each(texts, lambda text: _NOT_LETTERS.sub("", fold(text)))
    keys: list[int | None] = []
    for said, author, at in zip(letters, _texts(frame["author"]), _texts(frame["created_at"]), strict=True):
        size = _size(said) if said else 0
        if size >= NEAR_SIZE:
            keys.append(key_of(("text", said)))
        elif size > SHORT and author is not None and at is not None:
            keys.append(key_of(("author", author, at, said)))
        else:
            keys.append(None)
    return keys


def _size(text: str) -> float:
    """Length in Chinese characters; two Latin letters are as much as one."""
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 2


def _has_letters(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= _FEWEST_LETTERS
