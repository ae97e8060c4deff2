"""The tokenizer folds what means the same, keeps whole what is one sign, and knows what it has seen."""

from __future__ import annotations

from typing import Any

import pytest

from feedback_nlp.training.normalizer import fold
from feedback_nlp.training.tokenizer import SPECIALS, UNKNOWN, train_tokenizer

LINES = [
    "这家店的服务态度很好，味道不错，下次还会再来[哈哈]",
    "快递太慢了，客服也不理人[泪]",
    "质量不错，价格便宜，服务态度很好",
    "the delivery was late and nobody answered my mail",
    "great quality, fast delivery, I don't regret it 😡 😂",
    "看这里 http://example.com/a @someone",
]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(LINES * 30, vocabulary=260, rare=1)


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("Ａ", "a"),
        ("É", "é"),
        ("態", "态"),
        ("①", "1"),
        ("’", "'"),
        ("\ufe0f", ""),
        ("\t", " "),
        ("好", "好"),
    ],
)
def test_one_character_folds(given: str, folded: str) -> None:
    assert fold(given) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("服务态度很好", "服務態度很好"),
        ("GREAT Quality", "great quality"),
        ("不错！", "不错!"),
        ("😡️", "😡"),
        ("see https://a.example/b?c=1", "see www.b.example"),
        ("thanks @united", "thanks @someone_else"),
    ],
)
def test_what_means_the_same_is_read_the_same(tokenizer: Any, one: str, other: str) -> None:
    assert tokenizer.encode(one).ids == tokenizer.encode(other).ids


@pytest.mark.parametrize("sign", ["[泪]", "[哈哈]", "😡", "<url>", "<user>"])
def test_signs_stay_whole(tokenizer: Any, sign: str) -> None:
    assert sign in tokenizer.encode(f"慢{sign}慢").tokens


def test_nothing_it_was_trained_on_is_unknown(tokenizer: Any) -> None:
    for line in LINES:
        assert UNKNOWN not in tokenizer.encode(line).tokens


def test_specials_come_first_and_frame_the_text(tokenizer: Any) -> None:
    assert [tokenizer.token_to_id(token) for token in SPECIALS] == list(range(len(SPECIALS)))
    tokens = tokenizer.encode("慢").tokens
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
