from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.text.clean import STEPS, clean
from feedback_nlp.text.glosses import SYLLABLES

TABLE = [
    # width: letters, digits and signs; Chinese punctuation stays
    ("ＡＢＣ１２３，很好！", "ABC123，很好！"),
    ("ａｂ＠ｃ．ｃｏｍ", "ab@c.com"),
    ("５０％", "50%"),
    ("＜b＞＆amp；", "＜b＞＆amp；"),
    ("𝗴𝗿𝗲𝗮𝘁 𝓪𝓹𝓹", "great app"),
    # entities and tags
    ("Tom &amp; Jerry", "Tom & Jerry"),
    ("Tom &amp;amp;amp; Jerry", "Tom & Jerry"),
    ("a&nbsp;b", "a b"),
    ("a&nbsp b", "a b"),
    ("&#22909;&#x8bc4;", "好评"),
    ("&ldquo;好&rdquo;", "“好”"),
    ("AT&T", "AT&T"),
    ("?a=1&copy=2", "?a=1&copy=2"),
    ("好<br>坏<br/>中", "好\n坏\n中"),
    ("<p>第一</p><p>第二</p>", "第一\n第二"),
    ('<a href="http://x.com">链接</a>很好', "链接很好"),
    ('<span class=e><img alt="[笑哭]" src="x.png"/></span>太逗', "[笑哭]太逗"),
    ("I <3 it", "I <3 it"),
    ("5 < 6 > 4", "5 < 6 > 4"),
    ("<价格>太贵", "<价格>太贵"),
    ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
    # glosses
    ("忠誠(chéng)度", "忠誠度"),
    ("忠誠（chéng）度", "忠誠度"),
    ("忠誠(cheng)度", "忠誠度"),
    ("重慶(zhòng qìng)火鍋", "重慶火鍋"),
    ("綠(lǜ)色", "綠色"),
    ("长(cha\u0301ng)度", "长度"),
    ("苹果(apple)很好", "苹果(apple)很好"),
    ("咖啡(café)馆", "咖啡(café)馆"),
    ("尺码(men)偏大", "尺码(men)偏大"),
    ("苹果(ping guo)很好", "苹果(ping guo)很好"),
    ("好评(hao)", "好评(hao)"),
    ("款式(A)不错", "款式(A)不错"),
    # invisible
    ("好\u200b评\ufeff", "好评"),
    ("a\x00b\ufffdc\x07", "abc"),
    ("坏\ud83d字", "坏字"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("❤️", "❤️"),
    # repeats
    ("太差了!!!!!!!!", "太差了!!!"),
    ("哈哈哈哈哈哈哈哈", "哈哈哈"),
    ("soooooo good", "sooo good"),
    ("hahahahahaha", "hahaha"),
    ("好吃好吃好吃好吃好吃", "好吃好吃好吃"),
    ("[赞][赞][赞][赞][赞]", "[赞][赞][赞]"),
    ("👍👍👍👍👍👍", "👍👍👍"),
    ("。。。。。。。", "。。。"),
    ("花了1000000元", "花了1000000元"),
    ("66666666", "66666666"),
    ("aaa", "aaa"),
    # spaces
    ("  好   的\t吗  ", "好 的 吗"),
    ("一\r\n\r\n  二\u3000三", "一\n二 三"),
    # kept
    ("[doge] #新品上市# @小米 iPhone 好评😀", "[doge] #新品上市# @小米 iPhone 好评😀"),
    ("", ""),
    ("<br>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("given_text", "expected"), TABLE)
def test_table(given_text: str, expected: str) -> None:
    assert clean(given_text) == expected


def test_every_step_leaves_a_plain_text_alone() -> None:
    for step in STEPS:
        assert step("服务很好, really nice [doge] 👍") == "服务很好, really nice [doge] 👍"


def test_the_syllables_are_those_of_mandarin() -> None:
    assert {"zhuang", "lv", "er", "qiong", "chuai"} <= SYLLABLES
    assert not {"fe", "app", "ki", "bong", "qa"} & SYLLABLES
    assert 390 <= len(SYLLABLES) <= 415


NASTY = st.text(st.sampled_from("a好b<>/&;#3amp l t g()（）chéng！!.[] \n\t\x00\u200b\u200d👍é"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), NASTY))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_a_text_with_letters_keeps_some(text: str) -> None:
    plain = text.replace("<", "").replace("&", "").replace("(", "").replace("（", "")
    assert bool(clean(plain)) >= any(letter.isalpha() for letter in plain)


def test_nested_markup_ends_and_is_stable() -> None:
    deep = "<" * 400 + "b>" * 400 + "&#38;" * 300 + "lt;b>" * 300
    once = clean(deep)
    assert clean(once) == once
