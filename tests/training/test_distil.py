"""A student learns from its teachers what no label tells it, each plain text once, and goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from feedback_nlp.classifiers.base import Floats
from feedback_nlp.training.distil import distil, opinions, unlike
from feedback_nlp.training.fit import Lesson
from feedback_nlp.training.losses import HeadWeights, opinion_loss
from feedback_nlp.training.network import Network
from feedback_nlp.training.predict import predict
from feedback_nlp.training.recipe import Recipe
from feedback_nlp.training.targets import nothing_known
from feedback_nlp.training.train import new_network

GOOD, BAD = 7, 8  # tokens by which the teachers of these tests tell a text's sentiment
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def recipe(small_recipe: Recipe) -> Recipe:
    taught = {"teacher_temperature": 1.0, "distil_epochs": 8, "distil_rate": 1e-2, "distil_texts": 1000}
    return replace(small_recipe, **taught)


@pytest.fixture
def texts() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [
        np.append(rng.integers(9, 30, rng.integers(2, 9)), (BAD, GOOD)[row % 2]).astype(np.int32)
        for row in range(200)
    ]


class Opinionated(Network):
    """Sure of the sentiment by one token, and by nothing else."""

    def __init__(self, network: Network, sure: float) -> None:
        super().__init__(network.shape)
        self.sure = sure

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        votes = torch.zeros(len(ids), self.shape.outputs)
        votes[:, 2] = self.sure * (ids == GOOD).any(1)
        votes[:, 0] = self.sure * (ids == BAD).any(1)
        return votes


def fresh(recipe: Recipe) -> Network:
    torch.manual_seed(1)
    return new_network(recipe, np.random.default_rng(1).normal(size=(30, 16)).astype(np.float32), topics=2)


def as_it_is(outputs: Floats) -> Floats:
    return outputs


def unlabelled(rows: list[np.ndarray]) -> Lesson:
    return Lesson(rows, nothing_known(len(rows), 2), np.ones(len(rows), np.int64))


def test_it_learns_from_plain_texts_what_its_teachers_say(
    recipe: Recipe, texts: list[np.ndarray], tmp_path: Path
) -> None:
    teachers = [Opinionated(fresh(recipe), 4.0), Opinionated(fresh(recipe), 2.0)]
    student = distil(
        fresh(recipe),
        teachers,
        unlabelled(texts[:20]),
        texts[20:],
        recipe,
        advised=as_it_is,
        device=CPU,
        folder=tmp_path,
    )
    sentiment = predict(student, texts, window=16).sentiment
    good = np.array([row[-1] == GOOD for row in texts])
    assert ((sentiment[:, 2] > sentiment[:, 0]) == good).mean() > 0.95


def test_opinions_are_the_teachers_mean_and_are_kept(
    recipe: Recipe, texts: list[np.ndarray], tmp_path: Path
) -> None:
    teachers = [Opinionated(fresh(recipe), 4.0), Opinionated(fresh(recipe), 2.0)]
    file = tmp_path / "opinions.npy"
    halved = replace(recipe, teacher_temperature=2.0)
    found = opinions(teachers, texts, halved, advised=lambda outputs: outputs + 1, device=CPU, file=file)
    assert found[1, 2] == pytest.approx((3 + 1) / 2)
    assert found[0, 0] == pytest.approx((3 + 1) / 2)
    again = opinions(
        [Opinionated(fresh(recipe), 9.0)], texts, halved, advised=as_it_is, device=CPU, file=file
    )
    np.testing.assert_array_equal(found, again)


def test_long_texts_and_texts_of_the_lesson_are_not_plain(texts: list[np.ndarray]) -> None:
    nothing = np.zeros(0, np.int32)
    plain = [nothing, texts[0], texts[1], texts[1], np.full(15, 9, np.int32), texts[2], texts[3]]
    assert unlike(plain, texts[:1], longest=14, most=2) == [2, 5]


def test_no_loss_is_lower_than_the_teachers_own_opinion() -> None:
    weigh, generator = HeadWeights(), torch.Generator().manual_seed(0)
    opinion = torch.randn(5, 4 + 4 + 6 + 8, generator=generator)
    own = opinion_loss(opinion, opinion, 2, weigh)
    for _ in range(20):
        other = opinion + torch.randn(opinion.shape, generator=generator)
        assert (opinion_loss(other, opinion, 2, weigh) >= own - 1e-5).all()
