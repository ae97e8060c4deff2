from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest

from feedback_nlp.classifiers import load
from feedback_nlp.classifiers.hub import HubClassifier
from feedback_nlp.classifiers.hub_labels import label_map
from feedback_nlp.errors import ModelError, UsageError

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "good",
    "bad",
    "slow",
    "it",
    "is",
    "好",
    "差",
    "慢",
    "a",
]
THREE = {0: "Negative", 1: "NEUTRAL", 2: "positive"}


def make_checkpoint(folder: Path, labels: dict[int, str], *, positions: int = 24) -> Path:
    """A BERT of random weights in Hugging Face format."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch and transformers warn about each other, not about this
        import torch
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

        torch.manual_seed(3)
        config = BertConfig(
            vocab_size=len(VOCABULARY),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=positions,
            initializer_range=0.8,
            id2label=labels,
            label2id={name: i for i, name in labels.items()},
        )
        BertForSequenceClassification(config).save_pretrained(folder)
        (folder / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
        BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("hub") / "tiny-bert", THREE)


@pytest.fixture(scope="module")
def hub(checkpoint: Path) -> HubClassifier:
    found = load(str(checkpoint), threads=1)
    assert isinstance(found, HubClassifier)
    return found


TEXTS = ["it is good", "bad", "", "慢 差", "good good", "it is good", "it is slow " * 20]


def test_a_directory_in_hugging_face_format(hub: HubClassifier) -> None:
    found = hub.predict(TEXTS)
    assert hub.name == "hf:tiny-bert"
    assert found.p_sentiment.shape == (7, 4)
    np.testing.assert_allclose(found.p_sentiment.sum(axis=1), 1, atol=1e-5)
    assert (found.p_sentiment[:, 3] == 0).all(), "it has no mixed class"
    assert found.flags == {}
    assert found.topics is None
    assert found.severity is None
    assert not found.truncated.any()


def test_agrees_with_transformers(hub: HubClassifier, checkpoint: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    network = AutoModelForSequenceClassification.from_pretrained(checkpoint).eval()
    with torch.inference_mode():
        for text, p in zip(TEXTS[:6], hub.predict(TEXTS[:6]).p_sentiment, strict=True):
            expected = network(**tokenizer(text, return_tensors="pt")).logits.softmax(-1)[0].numpy()
            np.testing.assert_allclose(p[:3], expected, atol=1e-5)


def test_a_text_alone_equals_the_same_text_in_a_batch(hub: HubClassifier) -> None:
    together = hub.predict(TEXTS)
    for i, text in enumerate(TEXTS):
        np.testing.assert_allclose(hub.predict([text]).p_sentiment[0], together.p_sentiment[i], atol=1e-5)


def test_long_texts_are_read_in_windows_to_their_end(hub: HubClassifier) -> None:
    long = "it is slow " * 20
    one, other = hub.predict([long, long + "good good good"]).p_sentiment
    assert np.abs(one - other).max() > 1e-4
    assert hub.predict([long * 40]).truncated.tolist() == [True]


def test_no_texts(hub: HubClassifier) -> None:
    assert hub.predict([]).p_sentiment.shape == (0, 4)


def test_it_travels_without_weights(hub: HubClassifier) -> None:
    hub.predict(["good"])
    sent = pickle.dumps(hub)
    assert len(sent) < 1000
    np.testing.assert_array_equal(pickle.loads(sent).predict(TEXTS).sentiment, hub.predict(TEXTS).sentiment)


def test_a_complaint_model_fills_the_complaint_only(tmp_path: Path) -> None:
    model = HubClassifier(str(make_checkpoint(tmp_path / "c", {0: "no_complaint", 1: "complaint"})))
    found = model.predict(["bad", "good"])
    assert set(found.flags) == {"complaint"}
    assert found.sentiment.tolist() == [-1, -1]
    assert np.isnan(found.p_sentiment).all()


def test_numbered_labels_are_refused(tmp_path: Path) -> None:
    model = load(str(make_checkpoint(tmp_path / "n", {0: "LABEL_0", 1: "LABEL_1"})))
    with pytest.raises(ModelError, match="are only numbered"):
        model.predict(["good"])


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["negative", "positive"], (0, 2)),
        (["POS", "NEG", "NEU"], (2, 0, 1)),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], (0, 0, 1, 2, 2)),
        (["Very_Negative", "negative", "neutral", "positive", "very-positive"], (0, 0, 1, 2, 2)),
        (["消极", "积极"], (0, 2)),
        (["negative (stars 1, 2 and 3)", "positive (stars 4 and 5)"], (0, 2)),
    ],
)
def test_label_names_of_known_kinds(labels: list[str], columns: tuple[int, ...]) -> None:
    assert label_map("some/model", labels).columns == columns


def test_numbered_labels_of_a_known_checkpoint() -> None:
    found = label_map("cardiffnlp/twitter-roberta-base-sentiment", ["LABEL_0", "LABEL_1", "LABEL_2"])
    assert found.columns == (0, 1, 2)


def test_other_labels_are_refused() -> None:
    with pytest.raises(ModelError, match="not of a sentiment or a complaint: joy, anger"):
        label_map("some/emotions", ["joy", "anger"])


def test_stars_are_added_up() -> None:
    found = label_map("x", ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])
    sums = found.sums(np.array([[0.1, 0.2, 0.3, 0.15, 0.25]], dtype=np.float32))
    np.testing.assert_allclose(sums, [[0.3, 0.3, 0.4, 0.0]], atol=1e-6)


def test_what_cannot_be_loaded_is_said(tmp_path: Path, checkpoint: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(str(tmp_path)).predict(["good"])
    with pytest.raises(UsageError, match="unknown device 'tpu'"):
        HubClassifier(str(checkpoint), device="tpu")
    with pytest.raises(UsageError, match="no CUDA device"):
        HubClassifier(str(checkpoint), device="cuda").predict(["good"])
