"""The table of words: both languages, and no key that is missing or idle."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import feedback_nlp.reports as package
from feedback_nlp.errors import UnknownName
from feedback_nlp.records import LANGUAGES, SENTIMENTS, SET_ASIDE_REASONS
from feedback_nlp.reports.words import say, table

HERE = Path(package.__file__).parent
SOURCES = [path.read_text(encoding="utf-8") for path in (*HERE.rglob("*.py"), *HERE.rglob("*.j2"))]
BUILT = {
    *(f"sentiment_{label}" for label in SENTIMENTS),
    *(f"lang_{label}" for label in LANGUAGES),
    *SET_ASIDE_REASONS,
}


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("key", sorted(table()))
def test_a_key_has_both_languages_with_the_same_fields(key):
    english, chinese = table()[key]
    assert english.strip()
    assert chinese.strip()
    assert fields(english) == fields(chinese)


@pytest.mark.parametrize("key", sorted(table()))
def test_chinese_has_chinese_marks(key):
    chinese = table()[key][1]
    assert not re.search(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]", chinese)


def test_every_key_the_code_names_is_in_the_table():
    named = {key for text in SOURCES for key in re.findall(r"""\bsay\(\s*['"]([a-z_0-9-]+)['"]""", text)}
    assert len(named) > 60
    assert named <= set(table())


def test_no_key_is_idle():
    quoted = {key for text in SOURCES for key in re.findall(r"""['"]([a-z_0-9-]+)['"]""", text)}
    prefixes = tuple({key for text in SOURCES for key in re.findall(r"""f['"]([a-z]+_)\{""", text)})
    idle = [key for key in table() if key not in quoted | BUILT and not key.startswith(prefixes)]
    assert idle == []


def test_every_reason_a_row_is_set_aside_has_words():
    assert set(SET_ASIDE_REASONS) <= set(table())


def test_an_unknown_key_or_language_is_an_error():
    with pytest.raises(UnknownName, match="in_shrt"):
        say("in_shrt", "en")
    with pytest.raises(UnknownName, match="'de'"):
        say("in_short", "de")
