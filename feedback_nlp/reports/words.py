"""Every word a reader meets in a report, in English and Chinese, from one table: `words.toml`."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.resources import files

from feedback_nlp.errors import UnknownName

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LANGUAGES = ("en", "zh")


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[str, str]]:
    """Key → (English, Chinese)."""
    text = files("feedback_nlp.reports").joinpath("words.toml").read_text(encoding="utf-8")
    return {key: (english, chinese) for key, (english, chinese) in tomllib.loads(text).items()}


def say(key: str, lang: str, **values: object) -> str:
    """The words of `key` in `lang`, with its `{names}` filled in.

    Raises:
        UnknownName: there is no such key or language.
    """
    if lang not in LANGUAGES:
        raise UnknownName("language of a report", lang, LANGUAGES)
    words = table().get(key)
    if words is None:
        raise UnknownName("word of a report", key, table())
    said = words[LANGUAGES.index(lang)]
    return said.format(**values) if values else said


def known(key: str) -> bool:
    """Whether the table has `key`."""
    return key in table()
