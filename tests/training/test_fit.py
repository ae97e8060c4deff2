"""Fitting learns, stops and goes on to the same weights; batches hold every row once within their budget."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import TrainingError, UnknownName
from feedback_nlp.training import fit as fitting
from feedback_nlp.training.batches import plan, windowed
from feedback_nlp.training.fit import Lesson, fit, schedule
from feedback_nlp.training.predict import predict
from feedback_nlp.training.pretrain import candidates, hide, pretrain
from feedback_nlp.training.recipe import Recipe, read_recipe
from feedback_nlp.training.several import fit_several, mean
from feedback_nlp.training.targets import Targets
from feedback_nlp.training.train import new_network

RECIPE_FILE = Path(__file__).parents[2] / "models" / "feedback-zh-en" / "recipe.toml"
GOOD, BAD = 7, 8  # tokens that settle the sentiment of a made-up text


@pytest.fixture(scope="module")
def recipe(small_recipe: Recipe) -> Recipe:
    return replace(small_recipe, epochs=6, rate=1e-2)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    rng = np.random.default_rng(0)
    good = rng.integers(0, 2, 160).astype(bool)
    rows = [
        np.append(rng.integers(9, 30, rng.integers(2, 9)), GOOD if g else BAD).astype(np.int32) for g in good
    ]
    n = len(rows)
    targets = Targets(
        allowed=np.where(good, 4, 1).astype(np.int8),
        candidates=np.full(n, 5, np.int8),
        flags=np.full((n, 6), -1, np.int8),
        severity=np.full(n, -1, np.int8),
        topics=np.full((n, 2), -1, np.int8),
        weights=np.ones((n, 3), np.float32),
    )
    return Lesson(rows, targets, np.ones(n, np.int64))


def test_it_learns_what_settles_the_matter(recipe: Recipe, lesson: Lesson, tmp_path: Path) -> None:
    network = fit(fresh(recipe), lesson, recipe, device=torch.device("cpu"), folder=tmp_path)
    sentiment = predict(network, lesson.ids, window=16).sentiment
    assert ((sentiment[:, 2] > sentiment[:, 0]) == (lesson.targets.allowed == 4)).mean() > 0.95


def test_a_run_that_was_cut_off_ends_the_same(
    recipe: Recipe, lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, short = torch.device("cpu"), replace(recipe, epochs=2)
    whole = fit(fresh(recipe), lesson, short, device=device, folder=tmp_path / "whole")

    class CutOffError(Exception):
        pass

    real, count = fitting._batch, iter(range(1000))

    def cut_off(*given: object) -> object:
        if next(count) == 5:
            raise CutOffError
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(fitting, "_SAVE_EVERY", -1.0)
    monkeypatch.setattr(fitting, "_batch", cut_off)
    with pytest.raises(CutOffError):
        fit(fresh(recipe), lesson, short, device=device, folder=tmp_path / "cut")
    monkeypatch.setattr(fitting, "_batch", real)
    state = torch.load(tmp_path / "cut" / "fit.pt", weights_only=True)
    assert state["step"] == 5
    resumed = fit(fresh(recipe), lesson, short, device=device, folder=tmp_path / "cut")
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_pretraining_hides_only_words_and_faces_most(recipe: Recipe, lesson: Lesson, tmp_path: Path) -> None:
    faces = torch.zeros(30, dtype=torch.bool)
    faces[GOOD] = True
    ids = torch.tensor([[2, *([GOOD] * 300), *([10] * 300), 3, 0, 0]])
    shown, places = hide(ids, faces, torch.Generator().manual_seed(1))
    assert not places[0, [0, 601, 602, 603]].any()
    assert places[0, 1:301].sum() > 2 * places[0, 301:601].sum()
    assert (shown[~places] == ids[~places]).all()
    taught = pretrain(
        fresh(recipe),
        lesson.ids,
        replace(recipe, pretrain_epochs=1),
        faces=faces,
        device=torch.device("cpu"),
        folder=tmp_path,
    )
    assert not torch.equal(taught.encoder.words.weight, fresh(recipe).encoder.words.weight)


def test_a_hidden_token_stands_among_the_candidates_once() -> None:
    hidden = torch.tensor([90_000, 7, 7, 31])
    among, truth = candidates(hidden, 100_000, torch.Generator().manual_seed(1))
    assert among[truth].tolist() == hidden.tolist()
    assert len(among) == len(set(among.tolist()))
    assert 3000 < len(among) < 5000


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(3, 60), min_size=1, max_size=80), st.integers(60, 300))
def test_a_plan_shows_every_row_once_within_its_budget(lengths: list[int], budget: int) -> None:
    batches = plan(np.array(lengths), budget=budget, rng=np.random.default_rng(1))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert max(lengths[row] for row in batch) * len(batch) <= budget


@given(st.integers(0, 60), st.integers(4, 40), st.booleans())
def test_a_window_is_a_run_of_the_text_between_its_marks(length: int, longest: int, anywhere: bool) -> None:
    ids = np.arange(100, 100 + length, dtype=np.int32)
    cut = windowed(ids, longest, np.random.default_rng(length) if anywhere else None)
    assert len(cut) == min(length + 2, longest)
    assert (cut[0], cut[-1]) == (2, 3)
    assert np.array_equal(np.diff(cut[1:-1]), np.ones(max(len(cut) - 3, 0)))


def test_the_rate_rises_then_falls() -> None:
    rates = [schedule(done / 100, 0.1) for done in range(101)]
    assert int(np.argmax(rates)) == 10
    assert rates[-1] == pytest.approx(0.02)
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_several_fits_are_averaged_but_for_the_windows(
    recipe: Recipe, lesson: Lesson, tmp_path: Path
) -> None:
    twice = replace(recipe, fits=2, epochs=1)
    found = mean(fit_several(fresh(twice), lesson, twice, device=torch.device("cpu"), folder=tmp_path))
    one, other = (
        fit(fresh(twice), lesson, own, device=torch.device("cpu"), folder=tmp_path / f"fit{i}").state_dict()
        for i, own in ((1, twice), (2, replace(twice, seed=twice.seed + 1)))
    )
    assert not torch.equal(one["vote.weight"], other["vote.weight"])
    for name, weight in found.state_dict().items():
        expected = one[name] if name.startswith("windows.") else (one[name] + other[name]) / 2
        torch.testing.assert_close(weight, expected)


def test_recipes_are_whole(tmp_path: Path) -> None:
    full = read_recipe(RECIPE_FILE, "full")
    assert full.layers > read_recipe(RECIPE_FILE, "cpu").layers
    assert read_recipe(RECIPE_FILE, full.teacher).layers > full.layers
    with pytest.raises(UnknownName, match="scale"):
        read_recipe(RECIPE_FILE, "huge")
    odd = tmp_path / "recipe.toml"
    odd.write_text("[cpu]\nsise = 3\n", encoding="utf-8")
    with pytest.raises(TrainingError, match="sise"):
        read_recipe(odd, "cpu")


def fresh(recipe: Recipe):  # type: ignore[no-untyped-def]
    """A network of the recipe over 30 pieces, the same every time."""
    torch.manual_seed(9)
    return new_network(
        recipe, np.random.default_rng(3).normal(size=(30, 16)).astype(np.float32) * 0.1, topics=2
    )
