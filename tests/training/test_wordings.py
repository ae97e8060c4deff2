"""Regressions on wordings: they learn what settles a question, never see what they are asked, and count as dev says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from feedback_nlp.errors import TrainingError
from feedback_nlp.records import FLAGS
from feedback_nlp.training.questions import questions
from feedback_nlp.training.targets import Targets, nothing_known
from feedback_nlp.training.wordings import (
    Regressions,
    advised,
    best_share,
    held_out_votes,
    known_of,
    learn,
    packed,
    spoken,
    weighed,
)

NEGATIVE, POSITIVE = 1, 4
WIDTH = 4 + 4 + 6 + 2 * 4


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = np.random.default_rng(0)
    filler = ["the", "door", "is", "blue", "and", "round", "here", "now"]
    return [
        " ".join([*rng.choice(filler, rng.integers(2, 8)), ("awful", "lovely")[i % 2], str(i)])
        for i in range(400)
    ]


@pytest.fixture(scope="module")
def targets(texts: list[str]) -> Targets:
    lovely = np.array(["lovely" in text for text in texts])
    flags = np.full((len(texts), 6), -1, np.int8)
    flags[:, 0] = ~lovely
    return replace(
        nothing_known(len(texts), 2),
        allowed=np.where(lovely, POSITIVE, NEGATIVE).astype(np.int8),
        candidates=np.full(len(texts), 5, np.int8),
        flags=flags,
    )


@pytest.fixture(scope="module")
def learned(texts: list[str], targets: Targets) -> Regressions:
    return learn(texts, targets)


def test_only_questions_with_both_answers_are_asked(learned: Regressions) -> None:
    assert [question.name for question in learned.asked] == ["lean", "complaint"]


def test_what_settles_a_question_is_learned_and_rare_wordings_are_not_known(
    learned: Regressions, texts: list[str]
) -> None:
    votes = learned.votes(["a lovely door", "an awful door", "unheard of"])
    assert votes[0, 0] > 1 > -1 > votes[1, 0]
    assert votes[1, 1] > 1 > -1 > votes[0, 1]
    np.testing.assert_allclose(votes[2], learned.bias)
    assert len(known_of(texts[:7]).hashes) == 0


def test_too_few_texts_are_refused(texts: list[str], targets: Targets) -> None:
    with pytest.raises(TrainingError, match="8 of the 7 train texts"):
        learn(texts[:7], targets.take(np.arange(7)))


def test_int8_votes_as_the_regressions_do(learned: Regressions, texts: list[str]) -> None:
    said = packed(learned, [1.0, 1.0], WIDTH)
    np.testing.assert_allclose(said.votes(texts), learned.votes(texts), rtol=0.05, atol=0.2)


def test_a_held_out_vote_knows_nothing_of_its_own_label(texts: list[str], targets: Targets) -> None:
    rng = np.random.default_rng(1)
    chance = replace(targets, allowed=rng.choice([NEGATIVE, POSITIVE], len(texts)).astype(np.int8))
    learned = learn(texts, chance)
    truth = np.where(chance.allowed == POSITIVE, 1, -1)
    seen, unseen = learned.votes(texts)[:, 0], held_out_votes(learned, texts, seed=0)[:, 0]
    assert (np.sign(seen) == truth).mean() > 0.6
    assert abs((np.sign(unseen) == truth).mean() - 0.5) < 0.1


def test_outputs_are_moved_by_the_shares_of_the_dev_rows(
    learned: Regressions, texts: list[str], targets: Targets
) -> None:
    outputs = np.zeros((len(texts), WIDTH), np.float32)
    said = weighed(learned, outputs, (texts, targets))
    logits = spoken(said, outputs, texts, topics=2)
    lovely = targets.allowed == POSITIVE
    assert ((logits.sentiment[:, 2] > logits.sentiment[:, 0]) == lovely).all()
    assert ((logits.flags[:, 0] > 0) == ~lovely).all()
    assert not logits.topics.any()


def test_advice_moves_networks_outputs_and_keeps_their_order(learned: Regressions, texts: list[str]) -> None:
    outputs = np.random.default_rng(2).normal(size=(len(texts), WIDTH)).astype(np.float32)
    votes = learned.votes(texts)
    found = advised(outputs, votes, learned.asked, topics=2)
    lean = (found[:, 2] - found[:, 0]) - (outputs[:, 2] - outputs[:, 0])
    np.testing.assert_allclose(lean, votes[:, 0], atol=1e-3)
    untouched = [1, 3, *range(4, 8), *range(9, WIDTH)]
    np.testing.assert_array_equal(found[:, untouched], outputs[:, untouched])


def test_only_sets_that_know_the_middle_are_asked_for_it() -> None:
    targets = replace(
        nothing_known(5, 2),
        allowed=np.array([1, 4, 2 | 8, 2, 0], np.int8),
        candidates=np.array([5, 15, 15, 15, 0], np.int8),
    )
    asked = {question.name: question.answers.tolist() for question in questions(targets)}
    assert asked["middle"] == [-1, 0, 1, 1, -1]
    assert asked["lean"] == [0, 1, -1, -1, -1]


def test_every_question_is_answered_by_the_network_as_by_a_vote() -> None:
    """A vote of one changes the network's own log-odds of yes by one, whatever its outputs were."""
    outputs = np.random.default_rng(3).normal(size=(6, WIDTH)).astype(np.float32)
    asked = questions(nothing_known(6, 2))
    assert [question.name for question in asked[3:9]] == list(FLAGS)
    for question in asked:
        after = outputs + question.moves(WIDTH)
        np.testing.assert_allclose(question.logit(after) - question.logit(outputs), 1.0, atol=1e-4)


def test_a_vote_that_knows_nothing_gets_no_share() -> None:
    answers = np.array([1, 0] * 200, np.int8)
    own = np.where(answers == 1, 2.0, -2.0).astype(np.float32)
    own[::7] *= -1
    noise = np.random.default_rng(4).normal(size=400).astype(np.float32) * 5
    assert best_share(own, noise, answers) <= 0.125
    assert best_share(np.zeros(400, np.float32), own, answers) > 0
