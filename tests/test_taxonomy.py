from __future__ import annotations

from pathlib import Path

import pytest

from feedback_nlp import taxonomy
from feedback_nlp.errors import FormatError, UnknownName

GOOD = """
name = "mine"
version = 2
[[topics]]
id = "taste"
code = "TAS"
en = "taste"
zh = "味道"
"""


def test_the_default_has_the_topics_of_the_labelling_guide_in_order() -> None:
    topics = taxonomy.load().topics
    assert " ".join(topic.code for topic in topics) == "QUA USE PRI DEL PAC STA AFT ORD APP ENV TRU BRA OTH"
    assert taxonomy.load().ids[:3] == ("quality", "function", "price")
    assert taxonomy.load().version == 1


@pytest.mark.parametrize("name", taxonomy.names())
def test_every_shipped_taxonomy_reads_and_is_whole(name: str) -> None:
    loaded = taxonomy.load(name)
    assert loaded.name == name
    for topic in loaded.topics:
        assert topic.en
        assert topic.zh
        assert topic.covers_en
        assert topic.covers_zh


def test_a_topic_is_found_by_id_or_code() -> None:
    assert taxonomy.load().topic("app") is taxonomy.load().topic("APP")
    with pytest.raises(UnknownName, match="Did you mean 'delivery'"):
        taxonomy.load().topic("delivry")


def test_your_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    loaded = taxonomy.load(path)
    assert (loaded.name, loaded.version, loaded.ids) == ("mine", 2, ("taste",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = 1", "no topics"),
        ("version = 0", "whole number"),
        ("version = true", "whole number"),
        ("not toml", "not valid TOML"),
        ("version = 1\ntopics = [3]", "not a table"),
        (GOOD.replace('"taste"\nzh', '""\nzh'), "en is ''"),
        (GOOD.replace('id = "taste"', 'id = "Taste!"'), "small letters"),
        (GOOD.replace('"TAS"', '"t"'), "capitals"),
        (GOOD.replace("zh =", "cn ="), "has the key 'cn'"),
        (GOOD + GOOD[GOOD.index("[[") :], "two topics have the id 'taste'"),
        (GOOD + GOOD[GOOD.index("[[") :].replace('id = "taste"', 'id = "other"'), "the code 'TAS'"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        taxonomy.parse(text, source="mine.toml")


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UnknownName, match="Allowed: default"):
        taxonomy.load("nowhere")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes('name = "味道"'.encode("gb18030"))
    with pytest.raises(FormatError, match="UTF-8"):
        taxonomy.load(path)
