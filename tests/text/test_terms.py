from __future__ import annotations

import builtins
import subprocess
import sys

import pytest

from feedback_nlp.errors import MissingExtra, UsageError
from feedback_nlp.text import terms as module
from feedback_nlp.text.terms import phrases, terms


def test_chinese_is_cut_into_words_in_simplified_form() -> None:
    assert terms("客服態度惡劣", "zh") == ["客服", "态度恶劣"]


def test_stop_words_numbers_masks_and_punctuation_are_no_terms_but_negations_are() -> None:
    assert terms("我不推荐！ 问了 [phone] 3次 @user", "zh") == ["不", "推荐", "问"]
    assert terms("I will not buy this again. 100%", "en") == ["not", "buy", "again"]


def test_both_languages_in_one_text() -> None:
    assert terms("这个App经常闪退, so annoying 👍") == ["app", "经常", "闪退", "annoying", "👍"]


def test_words_with_inner_marks_stay_whole() -> None:
    assert terms("Wi-Fi didn't work on 5G", "en") == ["wi-fi", "didn't", "work", "5g"]


def test_phrases_start_and_end_in_terms_and_cross_no_punctuation() -> None:
    assert phrases("front desk rude, room dirty", "en") == [
        "front desk",
        "front desk rude",
        "desk rude",
        "room dirty",
    ]
    assert phrases("客服态度", "zh") == ["客服态度"]
    assert phrases("waste of money", "en", longest=3) == ["waste of money"]
    assert phrases("waste of money", "en", longest=2) == []


def test_a_phrase_has_two_words_at_least() -> None:
    with pytest.raises(UsageError, match="longest is 1"):
        phrases("good app", "en", longest=1)


def test_spacy_splits_contractions_when_asked() -> None:
    pytest.importorskip("spacy")
    assert terms("It didn't work", "en", english="spacy") == ["n't", "work"]


def test_without_spacy_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *args: object, **options: object) -> object:
        if name.startswith("spacy"):
            raise ImportError(name)
        return real(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    module._spacy.cache_clear()
    with pytest.raises(MissingExtra, match=r"feedback-nlp\[spacy\]"):
        terms("good app", "en", english="spacy")
    module._spacy.cache_clear()


def test_importing_loads_no_dictionary() -> None:
    code = "import sys, feedback_nlp.text.terms; assert not {'jieba', 'spacy', 'opencc'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
