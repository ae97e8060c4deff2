from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.text.fold import fold

TABLE = [
    ("客服態度極差", "客服态度极差"),
    ("頭髮乾燥，發貨慢", "头发干燥,发货慢"),
    ("ＡＰＰ　很Good！", "app很good!"),
    ("很 好 用", "很好用"),
    ("Good   App\n", "good app"),
    ("“好”、‘坏’…", "\"好\",'坏'..."),
    ("②⑦④", "274"),
    ("Straße", "strasse"),
    ("坏\ud83d字", "坏字"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_table(text: str, expected: str) -> None:
    assert fold(text) == expected


HAN = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("aB １，。“"), max_size=30
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), HAN))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
