"""Platforms as data: what their exports look like and mean, one TOML file each under `platforms/`.

```toml
id = "douyin"
names = { zh = "抖音", en = "Douyin" }
channel = "social"                # review, social, app, survey, support
tz = "Asia/Shanghai"              # zone of times written without one
zh_tz = "Asia/Shanghai"           # the same where most comments are Chinese, for platforms used in many places
hints = ["douyin", "抖音"]         # words of file names
evidence = ['iesdouyin\\.com']     # patterns found in cells
order = "mdy"                     # of all-number dates, where the column leaves it open: mdy, dmy, ymd
scale = 5                         # the most a plain rating can be: 5, 10, 50, 100

[columns]                         # schema column (and `title`) = headers, best first; * matches anything
text = ["评论内容"]

[[exports]]                       # a kind of file; its header is compared with the dump's
name = "comments"
required = ["cid"]                # without all of these it is not this kind
headers = ["评论属性", "创建时间", "昵称", "cid", "评论内容", "ip归属"]
comments = true                   # false: a list of shops or products; its rows have no text
note = "…"                        # what a reader of the ledger should know about such files

[parts]                           # a column written inside the cells of another, as the pattern's first group
brand = { of = "url", pattern = '/review/([^/?]+)' }

[company]                         # rows the organisation wrote itself
header = "inbound"
values = ["false"]
```
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feedback_nlp import records
from feedback_nlp.errors import UnknownName, UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GENERIC = "generic"
SET_BY_READING = frozenset(("source", "row", "set_aside", "platform", "channel", "lang", "day"))
MAPPABLE = ("title", *(c.name for c in records.INPUT_COLUMNS if c.name not in SET_BY_READING))
_KEYS = frozenset(
    (
        "id",
        "names",
        "channel",
        "tz",
        "hints",
        "evidence",
        "order",
        "scale",
        "columns",
        "exports",
        "company",
        "zh_tz",
        "parts",
    )
)
_ORDERS = (None, "mdy", "dmy", "ymd")
_SCALES = (None, 5, 10, 50, 100)


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file a platform or its scrapers write, by its header."""

    name: str
    headers: tuple[str, ...]
    required: tuple[str, ...] = ()
    comments: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """Which rows the organisation wrote itself: those with one of `values` under `header`, folded in case."""

    header: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A column that stands inside the cells of the column `of`, as the first group of `pattern`."""

    of: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform as its TOML file says; the module's docstring explains each key."""

    id: str
    names: Mapping[str, str]
    channel: str
    tz: str
    columns: Mapping[str, tuple[str, ...]]
    exports: tuple[Export, ...] = ()
    hints: tuple[str, ...] = ()
    evidence: re.Pattern[str] | None = None
    order: str | None = None
    scale: float | None = None
    company: Company | None = None
    zh_tz: str | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Platform]:
    """Every platform of the package by id, in the order of ids."""
    folder = resources.files("feedback_nlp.collectors") / "platforms"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)
    found = [platform_of(tomllib.loads(file.read_text(encoding="utf-8")), file.name) for file in files]
    return {platform.id: platform for platform in found}


def load(name_or_path: str | Path) -> Platform:
    """A platform by id, or from a TOML file of the caller's.

    Raises:
        UnknownName: neither an id nor a file.
        UsageError: the file is not TOML, or not a platform.
    """
    name = str(name_or_path)
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix != ".toml":
        raise UnknownName("platform", name, shipped(), hint="Or give the path of a TOML file.")
    try:
        return platform_of(tomllib.loads(path.read_text(encoding="utf-8")), name)
    except OSError as error:
        raise UsageError(
            f"cannot read the platform file {name!r}: {error.strerror}. Check the path."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the platform file {name!r} is not TOML: {error}.") from None


def platform_of(table: Mapping[str, Any], where: str) -> Platform:
    """A platform from a TOML table; everything but `id` and `columns` may be left out.

    Raises:
        UsageError: a key is unknown, missing or of the wrong kind; the message names the key and `where`.
    """
    _check(table, where)
    company = table.get("company")
    scale = table.get("scale")
    return Platform(
        id=table["id"],
        names=dict(table.get("names", {"en": table["id"]})),
        channel=table.get("channel", "review"),
        tz=table.get("tz", "UTC"),
        columns={name: tuple(aliases) for name, aliases in table["columns"].items()},
        exports=tuple(_export(export) for export in table.get("exports", ())),
        hints=tuple(hint.casefold() for hint in table.get("hints", ())),
        evidence=_any_of(table.get("evidence", ()), where),
        order=table.get("order"),
        zh_tz=table.get("zh_tz"),
        parts={name: Part(p["of"], re.compile(p["pattern"])) for name, p in table.get("parts", {}).items()},
        scale=float(scale) if scale is not None else None,
        company=Company(company["header"], tuple(v.casefold() for v in company["values"]))
        if company
        else None,
    )


def _any_of(patterns: Sequence[str], where: str) -> re.Pattern[str] | None:
    """One pattern for all, in which ^ and $ are the ends of a cell."""
    try:
        return re.compile("|".join(f"(?:{p})" for p in patterns), re.MULTILINE) if patterns else None
    except re.error as error:
        raise UsageError(f"platform file {where!r}: evidence is not a regular expression: {error}.") from None


def _export(table: Mapping[str, Any]) -> Export:
    required = tuple(table.get("required", ()))
    headers = tuple(dict.fromkeys((*required, *table.get("headers", ()))))
    return Export(
        table.get("name", "export"), headers, required, table.get("comments", True), table.get("note", "")
    )


def _check(table: Mapping[str, Any], where: str) -> None:
    def fail(what: str) -> UsageError:
        return UsageError(
            f"platform file {where!r}: {what} See feedback_nlp/collectors/platforms.py for the keys."
        )

    if unknown := set(table) - _KEYS:
        raise fail(f"unknown key {sorted(unknown)[0]!r}; allowed: {', '.join(sorted(_KEYS))}.")
    if not isinstance(table.get("id"), str):
        raise fail("the key 'id' is missing.")
    if not isinstance(table.get("columns"), Mapping):
        raise fail("the table [columns] is missing.")
    for name, aliases in table["columns"].items():
        if name not in MAPPABLE:
            raise fail(f"[columns] has {name!r}; allowed: {', '.join(MAPPABLE)}.")
        if not isinstance(aliases, Sequence) or isinstance(aliases, str):
            raise fail(f"[columns] {name} must be a list of headers.")
    for key, allowed in (("order", _ORDERS), ("scale", _SCALES), ("channel", (None, *records.CHANNELS))):
        if table.get(key) not in allowed:
            named = ", ".join(str(value) for value in allowed if value is not None)
            raise fail(f"{key} is {table[key]!r}; allowed: {named}.")
    zone(table.get("tz", "UTC"))
    zone(table.get("zh_tz", "UTC"))


def zone(name: str) -> ZoneInfo:
    """A time zone by name.

    Raises:
        UsageError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(
            f"unknown time zone {name!r}. Give a name of the tz database, such as Asia/Shanghai or Europe/London."
        ) from None
