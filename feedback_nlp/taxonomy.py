"""Topics as data: what comments can be about, named in both languages. One TOML file is one taxonomy."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from feedback_nlp.errors import FormatError, UnknownName

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ID = re.compile(r"[a-z][a-z0-9_]{0,30}")
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: `id` names columns and never changes its meaning, `code` is for annotators, the rest is for readers."""

    id: str
    code: str
    en: str
    zh: str
    covers_en: str = ""
    covers_zh: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """A versioned set of topics, in the order they are shown."""

    name: str
    version: int
    topics: tuple[Topic, ...]
    en: str = ""
    zh: str = ""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the topics, in order."""
        return tuple(topic.id for topic in self.topics)

    def topic(self, name: str) -> Topic:
        """The topic with this id or code.

        Raises:
            UnknownName: there is none.
        """
        for topic in self.topics:
            if name in (topic.id, topic.code):
                return topic
        raise UnknownName("topic", name, self.ids)


def names() -> tuple[str, ...]:
    """Names of the taxonomies that ship with the package."""
    folder = files("feedback_nlp") / "taxonomies"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@lru_cache(maxsize=16)
def load(name_or_path: str | Path = "default") -> Taxonomy:
    """A taxonomy that ships with the package, by name, or your own, by the path of its TOML file.

    Raises:
        UnknownName: neither a shipped taxonomy nor a file.
        FormatError: the file is not TOML, or a topic lacks something; the message says which topic and what.
    """
    if str(name_or_path) in names():
        text = (files("feedback_nlp") / "taxonomies" / f"{name_or_path}.toml").read_text(encoding="utf-8")
        return parse(text, source=f"{name_or_path}.toml")
    path = Path(name_or_path)
    if not path.is_file():
        raise UnknownName("taxonomy", str(name_or_path), names(), hint="Or give the path of a TOML file.")
    try:
        return parse(path.read_text(encoding="utf-8-sig"), source=path.name)
    except UnicodeDecodeError:
        raise FormatError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None


def parse(text: str, *, source: str) -> Taxonomy:
    """The taxonomy written in `text`; `source` names it in error messages.

    Raises:
        FormatError: see `load`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"{source} is not valid TOML: {error}.") from None
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FormatError(f"{source}: version is {version!r}; write a whole number from 1 up.")
    tables = document.get("topics")
    if not isinstance(tables, list) or not tables:
        raise FormatError(f"{source} has no topics; write at least one [[topics]] table.")
    topics = tuple(_topic(table, number, source) for number, table in enumerate(tables, start=1))
    for field in ("id", "code"):
        twice = [value for value, n in Counter(getattr(topic, field) for topic in topics).items() if n > 1]
        if twice:
            raise FormatError(f"{source}: two topics have the {field} {twice[0]!r}; each must be its own.")
    return Taxonomy(
        name=str(document.get("name", Path(source).stem)),
        version=version,
        topics=topics,
        en=str(document.get("en", "")),
        zh=str(document.get("zh", "")),
    )


def _topic(table: Any, number: int, source: str) -> Topic:
    where = f"{source}, topic {number}"
    allowed = [field.name for field in fields(Topic)]
    if not isinstance(table, dict):
        raise FormatError(f"{where} is not a table; write [[topics]] and its keys: {', '.join(allowed)}.")
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise FormatError(f"{where} has the key {unknown[0]!r}; allowed: {', '.join(allowed)}.")
    for name in ("id", "code", "en", "zh"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise FormatError(f"{where}: {name} is {table.get(name)!r}; write a text that is not empty.")
    if not _ID.fullmatch(table["id"]):
        raise FormatError(f"{where}: id is {table['id']!r}; use small letters, digits and _, a letter first.")
    if not _CODE.fullmatch(table["code"]):
        raise FormatError(f"{where}: code is {table['code']!r}; use 2 to 5 capitals and digits.")
    return Topic(**{name: str(value) for name, value in table.items()})
