from __future__ import annotations

import copy
import pickle
import socket
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.classifiers import load, shipped
from feedback_nlp.classifiers.base import MENTIONS_NONE, Classifier, Predictions
from feedback_nlp.classifiers.canary import check
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.errors import ModelError, UnknownName, UsageError

SHORT = ["送餐很慢", "i love it", "质量不错，价格便宜", "", "退货!", "service was good?", "送餐很慢", "😀"]
LONG = "服务态度很好。" * 6 + "送餐太慢了！" * 4
TEXTS = [*SHORT, LONG, "slow delivery, never again. " * 10]


def same(one: Predictions, other: Predictions, *, atol: float = 1e-5) -> None:
    """Both hold the same labels, and the same probabilities up to rounding."""
    np.testing.assert_array_equal(one.sentiment, other.sentiment)
    np.testing.assert_allclose(one.p_sentiment, other.p_sentiment, atol=atol)
    for name in one.flags:
        np.testing.assert_array_equal(one.flags[name], other.flags[name])
        np.testing.assert_allclose(one.p_flags[name], other.p_flags[name], atol=atol)
    np.testing.assert_array_equal(one.severity, other.severity)
    np.testing.assert_array_equal(one.topics, other.topics)
    np.testing.assert_array_equal(one.truncated, other.truncated)


def row(predictions: Predictions, i: int) -> Predictions:
    return Predictions(
        sentiment=predictions.sentiment[i : i + 1],
        p_sentiment=predictions.p_sentiment[i : i + 1],
        flags={name: values[i : i + 1] for name, values in predictions.flags.items()},
        p_flags={name: values[i : i + 1] for name, values in predictions.p_flags.items()},
        severity=None if predictions.severity is None else predictions.severity[i : i + 1],
        topics=None if predictions.topics is None else predictions.topics[i : i + 1],
        truncated=predictions.truncated[i : i + 1],
    )


def test_shapes_and_ranges(classifier: EmbeddedClassifier) -> None:
    found = classifier.predict(TEXTS)
    n = len(TEXTS)
    assert found.p_sentiment.shape == (n, 4)
    np.testing.assert_allclose(found.p_sentiment.sum(axis=1), 1, atol=1e-5)
    assert set(found.flags) == {"complaint", "leaving", "returning", "question", "suggestion", "feedback"}
    assert all(values.shape == (n,) and values.dtype == np.bool_ for values in found.flags.values())
    assert found.topics is not None
    assert found.topics.shape == (n, 3)
    assert set(np.unique(found.topics)) <= {MENTIONS_NONE, -1, 0, 1}
    assert found.severity is not None
    assert found.severity.min() >= 0
    assert found.severity.max() <= 3


def test_no_texts_give_empty_arrays(classifier: EmbeddedClassifier) -> None:
    found = classifier.predict([])
    assert found.p_sentiment.shape == (0, 4)
    assert found.topics is not None
    assert found.topics.shape == (0, 3)
    assert set(found.flags) == set(classifier.predict(["好"]).flags)


def test_a_text_alone_equals_the_same_text_in_a_batch(classifier: EmbeddedClassifier) -> None:
    together = classifier.predict(TEXTS)
    for i, text in enumerate(TEXTS):
        same(classifier.predict([text]), row(together, i))


@settings(deadline=None, max_examples=25)
@given(order=st.permutations(range(len(TEXTS))), tokens=st.integers(1, 300), threads=st.sampled_from([1, 2]))
def test_order_batch_size_and_threads_change_nothing(
    classifier: EmbeddedClassifier, order: list[int], tokens: int, threads: int
) -> None:
    other = EmbeddedClassifier(classifier.folder, threads=threads, tokens=tokens)
    shuffled = other.predict([TEXTS[i] for i in order])
    together = classifier.predict(TEXTS)
    for place, i in enumerate(order):
        same(row(shuffled, place), row(together, i))


def test_equal_texts_are_classified_once(
    classifier: EmbeddedClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    read = EmbeddedClassifier.read
    monkeypatch.setattr(
        EmbeddedClassifier, "read", lambda self, texts: seen.append(len(texts)) or read(self, texts)
    )
    found = classifier.predict(["送餐很慢"] * 50 + ["好"])
    assert seen == [2]
    assert len(found.sentiment) == 51


def test_a_long_text_is_merged_from_its_windows(classifier: EmbeddedClassifier) -> None:
    windows = classifier.read([LONG])
    over = windows.rows.over
    assert len(over.weight) > 2
    logits = windows.scores["complaint"]
    assert classifier.predict([LONG]).p_flags["complaint"][0] == pytest.approx(
        1 / (1 + np.exp(-logits.max())), abs=1e-5
    )
    shifted = np.exp(windows.scores["sentiment"])
    p = shifted / shifted.sum(axis=1, keepdims=True)
    mean = (p * over.weight[:, None]).sum(axis=0) / over.weight.sum()
    np.testing.assert_allclose(classifier.predict([LONG]).p_sentiment[0], mean, atol=1e-5)


def test_a_text_longer_than_all_windows_is_marked(classifier: EmbeddedClassifier) -> None:
    found = classifier.predict([LONG, LONG * 20])
    assert found.truncated.tolist() == [False, True]


def test_temperature_and_threshold_follow_the_language(classifier: EmbeddedClassifier) -> None:
    assert classifier.read(["送餐很慢", "so slow"]).languages == ["zh", "en"]
    scores = classifier.read(["送餐很慢"]).scores["complaint"]
    session = classifier._session
    raw = session.run(["complaint"], _inputs(classifier, "送餐很慢"))[0]
    np.testing.assert_allclose(scores, raw / 1.5, rtol=1e-5)


def _inputs(classifier: EmbeddedClassifier, text: str) -> dict[str, np.ndarray]:
    ids = np.array(classifier._encoder.rows([text], classifier.manifest).ids)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


def test_special_tokens_surround_every_window(classifier: EmbeddedClassifier) -> None:
    rows = classifier._encoder.rows([LONG, ""], classifier.manifest).ids
    assert all(ids[0] == 2 and ids[-1] == 3 and len(ids) <= 16 for ids in rows)
    assert rows[-1] == [2, 3]


def test_making_one_loads_no_weights_and_it_travels_without_them(made: Path) -> None:
    fresh = EmbeddedClassifier(made)
    assert "_session" not in fresh.__dict__
    expected = fresh.predict(SHORT)
    assert "_session" in fresh.__dict__
    sent = pickle.dumps(fresh)
    assert len(sent) < 1000
    same(pickle.loads(sent).predict(SHORT), expected)
    assert copy.deepcopy(fresh) == fresh


def test_load_by_directory_and_by_name(made: Path) -> None:
    found: Classifier = load(str(made))
    assert found.name == "tiny@1"
    assert found.topics == ("quality", "delivery", "service")
    with pytest.raises(UnknownName, match=r"unknown model 'no-such-model'"):
        load("no-such-model")


def test_nothing_is_asked_of_the_network(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert len(load(str(made)).predict(TEXTS).sentiment) == len(TEXTS)


def test_a_device_that_is_not_there(made: Path) -> None:
    with pytest.raises(UsageError, match="unknown device 'tpu'"):
        EmbeddedClassifier(made, device="tpu")
    with pytest.raises(UsageError, match="cannot use 'cuda'"):
        EmbeddedClassifier(made, device="cuda").predict(["好"])


def test_the_canary_is_checked(
    tiny_module: ModuleType, tmp_path: Path, classifier: EmbeddedClassifier
) -> None:
    found = classifier.predict(["送餐很慢"])
    truth = str(bool(found.flags["complaint"][0])).lower()
    entry = f'[[canary]]\ntext = "送餐很慢"\ncomplaint = {truth}\n'
    right = tiny_module.make(tmp_path / "right", canary=entry)
    assert check(EmbeddedClassifier(right)) == 1
    wrong = tiny_module.make(
        tmp_path / "wrong", canary=entry.replace(truth, "false" if truth == "true" else "true")
    )
    with pytest.raises(ModelError, match="gave canary 1 the complaint"):
        check(EmbeddedClassifier(wrong))


needs_model = pytest.mark.skipif(
    "feedback-zh-en" not in shipped(), reason="the shipped model is not in this checkout"
)


@pytest.fixture(scope="module")
def model() -> EmbeddedClassifier:
    found = load()
    assert isinstance(found, EmbeddedClassifier)
    return found


@needs_model
def test_the_shipped_model_passes_its_canary(model: EmbeddedClassifier) -> None:
    assert check(model) == len(model.manifest.canary) > 0


@needs_model
def test_the_shipped_model_is_right_on_plain_cases(model: EmbeddedClassifier) -> None:
    texts = [
        "质量很好，非常满意，会回购",
        "太差了，送来就是坏的，客服也不理人",
        "love it, great quality",
        "terrible, it broke after a day",
    ]
    assert model.predict(texts).sentiment.tolist() == [2, 0, 2, 0]


@needs_model
def test_batch_mates_do_not_change_what_the_shipped_model_says(model: EmbeddedClassifier) -> None:
    texts = [*TEXTS, "这个杯子漏水，要求退款", "Would buy again!", "还行吧", "okay I guess"]
    together = model.predict(texts)
    for i, text in enumerate(texts):
        same(model.predict([text]), row(together, i), atol=0.01)
