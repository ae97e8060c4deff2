from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, softmax
from sklearn.metrics import f1_score

from feedback_nlp.classifiers import load
from feedback_nlp.classifiers.base import MENTIONS_NONE
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.classifiers.tuned import Linear, apply, named_odds
from feedback_nlp.errors import ModelError, TrainingError, UsageError
from feedback_nlp.training import linear
from feedback_nlp.training.tune import Tuning, tune

WORDS = {"n": ["差", "坏", "慢"], "p": ["好", "喜欢", "推荐"]}


def own_labels(rows: int = 160, *, seed: int = 0) -> pd.DataFrame:
    """Comments whose sentiment, complaint and topics follow from single characters."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(rows):
        sentiment = str(random.choice(["n", "p"]))
        words = [str(w) for w in random.choice(WORDS[sentiment], size=2)]
        battery = bool(random.random() < 0.3)
        delivery = bool(random.random() < 0.3)
        text = "".join(words) + ("电池电池" if battery else "") + ("送货送" if delivery else "价格")
        text += "".join(random.choice(list("的了服务态度很"), size=2))
        polarity = -1 if sentiment == "n" else 1
        made.append(
            (text, sentiment, sentiment == "n", polarity if battery else None, polarity if delivery else None)
        )
    return pd.DataFrame(made, columns=["text", "sentiment", "complaint", "topic_battery", "topic_delivery"])


@pytest.fixture(scope="module")
def base(tiny_classifier: EmbeddedClassifier) -> str:
    return str(tiny_classifier.folder)


@pytest.fixture(scope="module")
def tuning(base: str, tmp_path_factory: pytest.TempPathFactory) -> Tuning:
    frame = own_labels()
    frame.loc[[3, 7], "text"] = ["", None]
    return tune(frame, tmp_path_factory.mktemp("tuned") / "mine", base=base)


def test_before_and_after(tuning: Tuning) -> None:
    assert (tuning.rows, tuning.empty) == (158, 2)
    table = tuning.table.set_index("head")
    assert table.loc["sentiment", "after"] > table.loc["sentiment", "before"]
    assert table.loc["complaint", "after"] > 0.9
    assert table.loc["named.delivery", "after"] > 0.9
    assert (table["kept"] <= (table["low"] > 0)).all()
    assert np.allclose(table["after"] - table["before"], table["difference"])


def test_the_saved_model_gives_the_new_labels(tuning: Tuning) -> None:
    assert tuning.saved is not None
    model = load(str(tuning.saved), threads=1)
    assert re.fullmatch(r"mine@[0-9a-f]{8}", model.name)
    fresh = own_labels(seed=5)
    found = model.predict(list(fresh["text"]))
    assert (found.sentiment == fresh["sentiment"].map({"n": 0, "p": 2})).mean() > 0.9
    assert (found.flags["complaint"] == fresh["complaint"]).mean() > 0.9
    assert found.topics is not None
    named = found.topics[:, model.topics.index("delivery")] != MENTIONS_NONE
    assert (named == fresh["topic_delivery"].notna()).mean() > 0.9


def test_heads_not_labelled_answer_as_before(tuning: Tuning, tiny_classifier: EmbeddedClassifier) -> None:
    texts = list(own_labels(20)["text"])
    before, after = tiny_classifier.predict(texts), load(str(tuning.saved)).predict(texts)
    np.testing.assert_allclose(before.p_flags["leaving"], after.p_flags["leaving"], atol=1e-6)
    np.testing.assert_array_equal(before.severity, after.severity)
    assert before.topics is not None
    assert after.topics is not None
    np.testing.assert_array_equal(before.topics[:, 0], after.topics[:, 0])


def test_a_topic_of_ones_own(tuning: Tuning, base: str, tmp_path: Path) -> None:
    model = load(str(tuning.saved))
    assert model.topics == ("quality", "delivery", "service", "battery")
    fresh = own_labels(seed=6)
    found = model.predict(list(fresh["text"])).topics
    assert found is not None
    named = found[:, 3] != MENTIONS_NONE
    assert (named == fresh["topic_battery"].notna()).mean() > 0.9
    both = named & fresh["topic_battery"].notna().to_numpy()
    assert (found[both, 3] == fresh["topic_battery"][both]).mean() > 0.8
    only = tune(own_labels(), tmp_path / "only", base=base, keep_topics=False)
    assert load(str(only.saved)).topics == ("delivery", "battery")


@pytest.mark.parametrize("noise", [0.0, 0.15])
def test_nothing_is_saved_where_nothing_gets_better(
    noise: float, tiny_classifier: EmbeddedClassifier, base: str, tmp_path: Path
) -> None:
    frame = own_labels(150)[["text"]]
    flags = tiny_classifier.predict(list(frame["text"])).flags
    name = min(flags, key=lambda flag: abs(flags[flag].mean() - 0.5))
    frame[name] = flags[name] ^ (np.random.default_rng(0).random(len(frame)) < noise)
    found = tune(frame, tmp_path / "same", base=base)
    assert found.table.loc[0, "before"] > 0.7
    assert not found.table["kept"].any()
    assert found.saved is None
    assert not (tmp_path / "same").exists()


def test_too_few_labels(base: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="too few labels to tune anything"):
        tune(own_labels(20), tmp_path / "few", base=base)
    frame = own_labels(100)
    frame.loc[10:, "sentiment"] = None
    found = tune(frame, tmp_path / "some", base=base)
    assert found.skipped["sentiment"] == "10 labels, 40 are needed"


def test_where_it_may_not_go_and_what_it_may_not_tune(tuning: Tuning, base: str, tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty"):
        tune(own_labels(), tmp_path, base=base)
    with pytest.raises(TrainingError, match="is tuned already"):
        tune(own_labels(), tmp_path / "twice", base=str(tuning.saved))


def test_damaged_heads_are_found(tuning: Tuning, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(str(tuning.saved), tmp_path / "copy"))
    (folder / "tuned.npz").write_bytes(b"PK")
    with pytest.raises(ModelError, match="damaged"):
        load(str(folder)).predict(["好"])


def test_a_loose_head_learns_and_a_tight_one_stays() -> None:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(300, 5)).astype(np.float32)
    target = (inputs[:, 0] > 0).astype(np.int64)
    start = np.zeros((300, 1), dtype=np.float32)
    loose = linear.fit(inputs, start, target, strength=1000.0)
    assert ((loose(inputs)[:, 0] > 0) == target).mean() > 0.97
    tight = linear.fit(inputs, start, target, strength=1e-9)
    assert np.abs(tight.weight).max() < 1e-5


def test_the_fit_is_the_one_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    inputs = random.normal(size=(200, 4)).astype(np.float32)
    target = (inputs @ [1, -1, 0, 0.5] + random.normal(size=200) > 0).astype(np.int64)
    mine = linear.fit(inputs, np.zeros((200, 1), np.float32), target, strength=2.0)
    theirs = LogisticRegression(C=2.0, tol=1e-8).fit(inputs, target)
    np.testing.assert_allclose(expit(mine(inputs)[:, 0]), theirs.predict_proba(inputs)[:, 1], atol=5e-3)
    three = target + (inputs[:, 2] > 1)
    mine = linear.fit(inputs, np.zeros((200, 3), np.float32), three, strength=2.0)
    theirs = LogisticRegression(C=2.0, tol=1e-8).fit(inputs, three)
    np.testing.assert_allclose(softmax(mine(inputs), axis=1), theirs.predict_proba(inputs), atol=5e-3)


def test_a_head_over_compressed_inputs_is_the_same_over_the_inputs() -> None:
    random = np.random.default_rng(0)
    inputs = random.normal(size=(50, 7)).astype(np.float32) * 3 + 1
    x, basis = linear.compress(inputs)
    head = Linear(random.normal(size=(7, 2)).astype(np.float32), np.array([0.5, -1], np.float32))
    np.testing.assert_allclose(basis.expand(head)(inputs), head(x), atol=1e-4)


def test_the_threshold_is_the_one_that_pays() -> None:
    random = np.random.default_rng(0)
    p = random.beta(0.3, 1.5, size=20_000)
    truth = random.random(20_000) < p
    counted = {t: f1_score(truth, p >= t) for t in np.arange(0.1, 0.91, 0.05)}
    assert linear.best_threshold(p) == pytest.approx(max(counted, key=lambda t: counted[t]), abs=0.051)
    assert 0 < linear.best_threshold(np.zeros(5) + 1e-9) < 1


def test_equal_texts_share_a_fold_and_labels_are_spread() -> None:
    groups = np.array([0, 1, 2, 0, 3, 4, 5, 6, 7, 1])
    target = np.array([0, 1, 0, 0, 1, 0, 1, 0, 1, 1])
    parts = linear.split(target, groups, folds=2, seed=0)
    assert parts[0] == parts[3]
    assert parts[1] == parts[9]
    assert {0, 1} == set(parts[target == 1]) == set(parts[target == 0])


def test_tuned_topics_keep_their_odds() -> None:
    random = np.random.default_rng(0)
    scores: dict[str, Any] = {
        "features": random.normal(size=(5, 3)).astype(np.float32),
        "topics": random.normal(size=(5, 2, 4)).astype(np.float32),
    }
    same = apply(scores, {}, topics=("a", "b"), shipped=("a", "b"))
    for i in range(2):
        np.testing.assert_allclose(
            named_odds(same["topics"][:, i]), named_odds(scores["topics"][:, i]), atol=1e-5
        )
    lift = Linear(weight=np.zeros((11, 1), np.float32), bias=np.array([2.0], np.float32))
    more = apply(scores, {"named.b": lift}, topics=("b",), shipped=("a", "b"))
    np.testing.assert_allclose(
        named_odds(more["topics"][:, 0]), named_odds(scores["topics"][:, 1]) + 2, atol=1e-5
    )
