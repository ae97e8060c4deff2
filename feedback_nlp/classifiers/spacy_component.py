"""The spaCy component `feedback`: labels of every document, by any classifier.

    nlp = spacy.blank("zh")
    nlp.add_pipe("feedback", config={"model": "feedback-zh-en"})

It sets `doc._.sentiment` (a label), `doc._.complaint` (true or false), `doc._.topics` (topic → −1, 0, +1) and `doc.cats`
(a probability for every sentiment and flag). What the classifier has no head for stays None, or empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from feedback_nlp.classifiers import DEFAULT, load
from feedback_nlp.classifiers.base import MENTIONS_NONE, Classifier, Predictions
from feedback_nlp.records import SENTIMENTS

NAME = "feedback"
_EXTENSIONS = ("sentiment", "complaint", "topics")


@Language.factory(
    NAME,
    default_config={"model": DEFAULT, "device": "cpu"},
    assigns=["doc.cats", *(f"doc._.{name}" for name in _EXTENSIONS)],
)
def make_feedback(nlp: Language, name: str, model: str, device: str) -> FeedbackComponent:  # noqa: ARG001
    """The component for a pipeline; `model` is what `classifiers.load` takes."""
    for extension in _EXTENSIONS:
        if not Doc.has_extension(extension):
            Doc.set_extension(extension, default=None)
    return FeedbackComponent(load(model, device=device))


@dataclass(frozen=True)
class FeedbackComponent:
    """Labels documents with a classifier; `pipe` hands it whole batches."""

    classifier: Classifier = field(repr=False)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 256) -> Iterator[Doc]:
        """The documents in their order, each labelled."""
        rest = iter(stream)
        while docs := list(islice(rest, batch_size)):
            predictions = self.classifier.predict([doc.text for doc in docs])
            for row, doc in enumerate(docs):
                _label(doc, predictions, row, self.classifier.topics)
                yield doc


def _label(doc: Doc, predictions: Predictions, row: int, topics: tuple[str, ...]) -> None:
    cats: dict[str, float] = {}
    if predictions.sentiment[row] >= 0:
        doc._.sentiment = SENTIMENTS[predictions.sentiment[row]]
        cats |= {label: float(predictions.p_sentiment[row, i]) for i, label in enumerate(SENTIMENTS)}
    cats |= {name: float(values[row]) for name, values in predictions.p_flags.items()}
    if "complaint" in predictions.flags:
        doc._.complaint = bool(predictions.flags["complaint"][row])
    doc._.topics = _topics(predictions, row, topics)
    doc.cats = {**doc.cats, **cats}


def _topics(predictions: Predictions, row: int, topics: tuple[str, ...]) -> dict[str, int]:
    if predictions.topics is None:
        return {}
    named: dict[str, Any] = dict(zip(topics, predictions.topics[row].tolist(), strict=True))
    return {topic: polarity for topic, polarity in named.items() if polarity != MENTIONS_NONE}
