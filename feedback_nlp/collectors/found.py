"""Where a column of the schema comes from, and what the caller says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_nlp.collectors.headers import fold_header
from feedback_nlp.collectors.platforms import MAPPABLE
from feedback_nlp.errors import UnknownName, UsageError

GIVEN, NAME, CONTENT = "given", "name", "content"
_JOIN = "+"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a column comes from: its header (two for a title and a body), how it was found, how sure (0–1), why."""

    headers: tuple[str, ...]
    how: str
    confidence: float
    why: str

    def __str__(self) -> str:
        return " + ".join(self.headers)


def check_names(given: Mapping[str, str]) -> None:
    """Check that the columns a caller wants to map exist.

    Raises:
        UnknownName: one is not in the schema, or is not taken from a header.
    """
    for column in given:
        if column not in MAPPABLE:
            raise UnknownName("column", column, MAPPABLE, hint="Extra columns are kept with keep=/--keep.")


def columns_given(
    given: Mapping[str, str], headers: Sequence[str], *, source: str = "the dump"
) -> dict[str, Found]:
    """The columns a caller maps, each to the header meant, or for `text` to several joined by `+`.

    Raises:
        UnknownName: a column is not in the schema.
        UsageError: a header is not in the dump.
    """
    check_names(given)
    found = {}
    for column, wanted in given.items():
        named = [wanted] if find(wanted, headers) else [part for part in wanted.split(_JOIN) if part.strip()]
        resolved = [find(part, headers) for part in named]
        if not resolved or None in resolved or (len(resolved) > 1 and column != "text"):
            listed = ", ".join(repr(header) for header in headers)
            raise UsageError(f"{source} has no column {wanted!r} to take {column!r} from. It has: {listed}.")
        found[column] = Found(tuple(str(header) for header in resolved), GIVEN, 1.0, "given")
    return found


def find(wanted: str, headers: Sequence[str]) -> str | None:
    """The header a person means by `wanted`: the same, or the same but for case, spaces and punctuation."""
    exact = [header for header in headers if header == wanted.strip()]
    alike = [
        header for header in headers if fold_header(header) and fold_header(header) == fold_header(wanted)
    ]
    return next(iter([*exact, *alike]), None)
