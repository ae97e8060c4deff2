from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import spacy

import feedback_nlp.classifiers.spacy_component as component
from feedback_nlp.classifiers.embedded import EmbeddedClassifier
from feedback_nlp.records import FLAGS, SENTIMENTS

TEXTS = ["送餐很慢", "质量不错，价格便宜", "", "i love it", "退货!"]


@pytest.fixture(scope="module")
def nlp(made: Path) -> spacy.Language:
    pipeline = spacy.blank("xx")
    pipeline.add_pipe(component.NAME, config={"model": str(made)})
    return pipeline


def test_labels_are_those_of_the_classifier(nlp: spacy.Language, classifier: EmbeddedClassifier) -> None:
    expected = classifier.predict(TEXTS)
    for row, doc in enumerate(nlp.pipe(TEXTS, batch_size=2)):
        assert doc.text == TEXTS[row]
        assert doc._.sentiment == SENTIMENTS[expected.sentiment[row]]
        assert doc._.complaint == expected.flags["complaint"][row]
        assert set(doc.cats) == {*SENTIMENTS, *FLAGS}
        assert doc.cats["negative"] == pytest.approx(float(expected.p_sentiment[row, 0]), abs=1e-5)
        assert set(doc._.topics) <= set(classifier.topics)
        assert all(polarity in (-1, 0, 1) for polarity in doc._.topics.values())


def test_one_document_equals_the_pipe(nlp: spacy.Language) -> None:
    alone = nlp(TEXTS[1])
    piped = list(nlp.pipe(TEXTS))[1]
    assert alone._.sentiment == piped._.sentiment
    np.testing.assert_allclose(list(alone.cats.values()), list(piped.cats.values()), atol=1e-5)


def test_documents_go_through_in_batches(nlp: spacy.Language, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    predict = EmbeddedClassifier.predict
    monkeypatch.setattr(
        EmbeddedClassifier, "predict", lambda self, texts: sizes.append(len(texts)) or predict(self, texts)
    )
    list(nlp.pipe(TEXTS, batch_size=3))
    assert sizes == [3, 2]


def test_a_pipeline_can_be_saved_and_sent(nlp: spacy.Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again(TEXTS[0])._.sentiment == nlp(TEXTS[0])._.sentiment
    sent = pickle.loads(pickle.dumps(nlp.get_pipe(component.NAME)))
    assert sent(spacy.blank("xx")(TEXTS[0]))._.sentiment == nlp(TEXTS[0])._.sentiment
