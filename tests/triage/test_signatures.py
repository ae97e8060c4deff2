from __future__ import annotations

import random

import numpy as np
import pytest

from feedback_nlp.triage.signatures import SIZE, band_keys, resemblance, signature

LIKE = [
    ("快递太慢了，等了一个星期都没到，客服也不理人", "快遞太慢了!等了一個星期都沒到，客服也不理人！！"),
    (
        "The app crashes every time I open it on my phone",
        "the APP crashes every time i open it on my phone!!",
    ),
]
UNLIKE = [
    ("快递太慢了，等了一个星期都没到", "味道不错，服务态度也很好，下次再来"),
    ("The app crashes every time I open it", "Lovely hotel with a great breakfast"),
    ("", "好"),
]


@pytest.mark.parametrize(("one", "other"), LIKE)
def test_texts_that_say_the_same_share_a_band(one: str, other: str) -> None:
    assert resemblance(signature(one), signature(other)) > 0.9
    assert set(band_keys(signature(one))) & set(band_keys(signature(other)))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_texts_that_do_not_do_not(one: str, other: str) -> None:
    assert resemblance(signature(one), signature(other)) < 0.2


def test_resemblance_estimates_the_share_of_common_shingles() -> None:
    rng = random.Random(3)
    letters = "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(300))
    errors = []
    for kept in (290, 260, 220, 150):
        other = letters[:kept] + "".join(chr(0x4E00 + rng.randrange(3000)) for _ in range(300 - kept))
        a, b = ({text[i : i + 3] for i in range(298)} for text in (letters, other))
        errors.append(resemblance(signature(letters), signature(other)) - len(a & b) / len(a | b))
    assert np.abs(errors).max() < 3 * np.sqrt(0.25 / SIZE)


@pytest.mark.parametrize("text", ["", "好", "ab", "\ud83d", "。。。", "x" * 100_000])
def test_any_text_has_a_signature(text: str) -> None:
    assert signature(text).shape == (SIZE,)
