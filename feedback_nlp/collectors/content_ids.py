"""Ids for rows whose dump has none: a digest of what was written, by whom, when, on what, with how many stars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from feedback_nlp.collectors.seen import Seen
from feedback_nlp.collectors.values import ids

PREFIX = "content-"


class ContentIds:
    """Makes ids from content, the same in every run; of equal rows the second gets "-2", the third "-3".

    Remembers eight bytes a row, and the ids that repeat.
    """

    def __init__(self) -> None:
        self._seen = Seen()
        self._repeats: Counter[str] = Counter()

    def make(self, rows: Sequence[tuple[str, ...]], platform: str) -> list[str]:
        """One id for each row, given as the cells that identify it."""
        digests = [ids.from_content((platform, *cells)) for cells in rows]
        fresh = self._seen.fresh([int(digest[:16], 16) for digest in digests])
        return [
            PREFIX + (digest if new else self._again(digest))
            for digest, new in zip(digests, fresh, strict=True)
        ]

    def _again(self, digest: str) -> str:
        self._repeats[digest] += 1
        return f"{digest}-{self._repeats[digest] + 1}"


def is_content_id(identity: str) -> bool:
    """Whether an id was made here, so that the dump had none."""
    return identity.startswith(PREFIX)
