"""Which header holds which column of the schema: what the caller says, then names, then what the cells look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from feedback_nlp.collectors import guess, pairs, platforms
from feedback_nlp.collectors.found import CONTENT, GIVEN, NAME, Found, columns_given
from feedback_nlp.collectors.headers import match
from feedback_nlp.collectors.platforms import MAPPABLE, Platform
from feedback_nlp.collectors.recognise import Recognised
from feedback_nlp.errors import NoTextColumn

_OWN_NAMES_ONLY = frozenset(("title",))
_MOST = 0.5
_NEARLY_ALL = 0.8
_RIVAL = 1.5
_OWN_TITLES = 0.2


def map_columns(
    headers: Sequence[str],
    sample: pd.DataFrame,
    *,
    recognised: Recognised,
    given: Mapping[str, str] | None = None,
    source: str = "the dump",
) -> tuple[dict[str, Found], list[str]]:
    """The header of every column that the dump has, and notes on what was doubtful.

    Raises:
        UnknownName: `given` names a column that is not in the schema.
        UsageError: `given` names a header that is not in the dump.
        NoTextColumn: nothing reads like comments, and the export is not known to be without.
    """
    cells = {header: [c for c in sample[header] if isinstance(c, str) and c.strip()] for header in headers}
    found = columns_given(given or {}, headers, source=source)
    _by_name(found, headers, cells, recognised.platform)
    if recognised.export is not None and not recognised.export.comments:
        found.pop("text", None)
        return found, [recognised.export.note or f"this is a {recognised.export.name}: its rows have no text"]
    looks = {header: guess.look(cells[header]) for header in headers}
    notes = [recognised.export.note] if recognised.export and recognised.export.note else []
    notes += [
        *_shift(found, headers, cells, looks),
        *_doubt(found, cells, looks),
        *pairs.join_halves(found, [header for header in headers if cells[header]]),
        *_by_content(found, cells, looks),
    ]
    if "text" not in found:
        raise NoTextColumn(_no_text(headers, source))
    notes += _other_texts(found, looks)
    _join_title(found, cells, given or {})
    found.pop("title", None)
    return found, notes


def _by_name(
    found: dict[str, Found], headers: Sequence[str], cells: Mapping[str, list[str]], platform: Platform
) -> None:
    """Add columns whose header is an alias: of the platform, then of any; headers with cells before empty ones."""
    filled = [header for header in headers if cells[header]]
    for source, why in (
        (platform, f"a name {platform.id} uses"),
        (platforms.shipped()[platforms.GENERIC], "a common name"),
    ):
        for column in _text_first(source.columns):
            if column in found or (source is not platform and column in _OWN_NAMES_ONLY):
                continue
            taken = [header for one in found.values() for header in one.headers]
            aliases = source.columns[column]
            if column == "recommend_score":  # many questions speak of recommending; one is answered 0–10
                taken += [header for header in filled if guess.share_scores(cells[header]) < _MOST]
            if header := match(aliases, filled, taken=taken) or match(aliases, headers, taken=taken):
                found[column] = Found((header,), NAME, 0.95 if source is platform else 0.8, why)


def _text_first(columns: Mapping[str, Sequence[str]]) -> list[str]:
    return sorted(columns, key=lambda column: MAPPABLE.index(column) if column != "text" else -1)


def _shift(
    found: dict[str, Found],
    headers: Sequence[str],
    cells: Mapping[str, list[str]],
    looks: Mapping[str, guess.Look],
) -> list[str]:
    """Move all columns found by name where times and comments both stand the same number of columns beside their names."""
    time, text = found.get("created_at"), found.get("text")
    if not time or not text or GIVEN in (time.how, text.how):
        return []
    named, written = time.headers[0], text.headers[0]
    if not cells[named] or not _contradicts("created_at", cells[named], looks[named]):
        return []
    for header in headers:
        step = headers.index(header) - headers.index(named)
        place = headers.index(written) + step
        timed = looks[header].time >= _NEARLY_ALL and 0 <= place < len(headers)
        if timed and looks[headers[place]].text > max(1.0, looks[written].text):
            _move(found, headers, step)
            return [
                f"the cells stand {abs(step)} column(s) to the {'right' if step > 0 else 'left'} of their names"
            ]
    return []


def _move(found: dict[str, Found], headers: Sequence[str], step: int) -> None:
    for column, one in list(found.items()):
        place = headers.index(one.headers[0]) + step
        if one.how == GIVEN:
            continue
        if 0 <= place < len(headers):
            found[column] = Found((headers[place],), CONTENT, 0.6, f"beside {one}, as all columns here")
        else:
            del found[column]


def _doubt(
    found: dict[str, Found], cells: Mapping[str, list[str]], looks: Mapping[str, guess.Look]
) -> list[str]:
    """Drop columns found by name whose cells say otherwise, where another column fits (rows shifted by a column)."""
    notes = []
    for column in ("text", "created_at", "rating"):
        one = found.get(column)
        if (
            one is None
            or one.how == GIVEN
            or not _contradicts(column, cells[one.headers[0]], looks[one.headers[0]])
        ):
            continue
        better = _best(column, found, cells, looks)
        if better or column != "text":
            del found[column]
            notes.append(f"{one} is named like {column} but its cells are not; it is not used")
    return notes


def _contradicts(column: str, cells: list[str], look: guess.Look) -> bool:
    if not cells:
        return column == "text"
    if column == "text":
        return look.text == 0 and (look.time > _NEARLY_ALL or guess.share_numbers(cells) > _NEARLY_ALL)
    if column == "created_at":
        return guess.share_times(cells) < 0.1
    return guess.share_ratings(cells) < _MOST or guess.is_binary(cells)


def _by_content(
    found: dict[str, Found], cells: Mapping[str, list[str]], looks: Mapping[str, guess.Look]
) -> list[str]:
    """Add text, time and rating from what cells look like, where names gave none."""
    notes = []
    for column in ("text", "created_at", "rating"):
        if column not in found and (header := _best(column, found, cells, looks)):
            why = {
                "text": "reads like comments",
                "created_at": "reads like times",
                "rating": "reads like stars",
            }
            found[column] = Found(
                (header,), CONTENT, round(_confidence(column, looks[header]), 2), why[column]
            )
            notes.append(f"{column} is taken from {header!r}, since it {why[column]}")
    return notes


def _confidence(column: str, look: guess.Look) -> float:
    return min(0.9, look.text / 4) if column == "text" else look.time * 0.8 if column == "created_at" else 0.6


def _best(
    column: str, found: Mapping[str, Found], cells: Mapping[str, list[str]], looks: Mapping[str, guess.Look]
) -> str | None:
    """The header whose cells fit the column best, of those not taken."""
    taken = {header for one in found.values() for header in one.headers}
    free = {header: look for header, look in looks.items() if header not in taken}
    if column == "text":
        return next(iter(guess.candidates(free)), None)
    if column == "created_at":
        timed = [header for header, look in free.items() if look.time >= _NEARLY_ALL]
        return next((h for h in timed if not guess.names_other_time(h)), None)
    return next((h for h in free if guess.reads_like_stars(h, cells[h])), None)


def _other_texts(found: Mapping[str, Found], looks: Mapping[str, guess.Look]) -> list[str]:
    used = {header for one in found.values() for header in one.headers}
    good = guess.candidates(dict(looks))
    rivals = [header for header in good if header not in used and looks[header].text >= _RIVAL]
    if not rivals:
        return []
    shown = ", ".join(repr(header) for header in rivals[:5]) + (
        f" and {len(rivals) - 5} more" if len(rivals) > 5 else ""
    )
    return [
        f"{found['text']} is taken as the comments; {shown} read like text too: --map text=… takes another"
    ]


def _join_title(found: dict[str, Found], cells: Mapping[str, list[str]], given: Mapping[str, str]) -> None:
    """Make title and body one; a title shared by many rows is the title of the thing talked about, not of the comment."""
    title, text = found.get("title"), found["text"]
    if title is None or (text.how == GIVEN and "title" not in given):
        return
    titles, texts = set(cells[title.headers[0]]), set(cells[text.headers[0]])
    if title.how == GIVEN or len(texts) < 10 or len(titles) > _OWN_TITLES * len(texts):
        found["text"] = Found(
            (*title.headers, *text.headers), text.how, text.confidence, f"{text.why}, with its title"
        )


def _no_text(headers: Sequence[str], source: str) -> str:
    listed = ", ".join(repr(header) for header in headers) or "none"
    return (
        f"no column of {source} reads like comments. Its columns: {listed}. "
        "Name the one that holds them: --map text=COLUMN, or read(..., columns={'text': 'COLUMN'})."
    )
