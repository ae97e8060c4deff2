"""Fit the network on all sets at once, resumable at every epoch's tenth."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from feedback_nlp.training import checkpoint
from feedback_nlp.training.batches import Ids, padded, plan, windowed, with_tokens_dropped
from feedback_nlp.training.losses import HeadWeights, TargetBatch, to_batch, total_loss
from feedback_nlp.training.network import Network
from feedback_nlp.training.recipe import Recipe
from feedback_nlp.training.targets import Targets

log = logging.getLogger(__name__)
_SAVE_EVERY = 180.0  # seconds


@dataclass(frozen=True, slots=True)
class Lesson:
    """Encoded texts, what they teach, and how often an epoch shows each row; `opinions` are teachers' logits (n, outputs)."""

    ids: list[Ids]
    targets: Targets
    repeat: np.ndarray
    opinions: np.ndarray | None = None


class Average:
    """Exponential moving average of a network's weights, debiased: the mean of few steps at first."""

    def __init__(self, network: nn.Module, keep: float) -> None:
        self.keep, self.steps = keep, 0
        self.weights = {name: w.detach().clone() for name, w in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take one step of the network in."""
        self.steps += 1
        keep = min(self.keep, (1 + self.steps) / (10 + self.steps))
        for name, weight in network.state_dict().items():
            self.weights[name].lerp_(weight, 1 - keep)


def fit(network: Network, lesson: Lesson, recipe: Recipe, *, device: torch.device, folder: Path) -> Network:
    """The network fitted, its weights averaged; goes on from `folder` where an earlier run stopped."""
    network.to(device)
    steps = _steps(lesson, recipe)
    optimiser = _optimiser(network, recipe)
    average = Average(network, recipe.average)
    path, start = folder / "fit.pt", 0
    if state := checkpoint.load(path, device):
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        average.weights, average.steps, start = state["average"], state["step"], state["step"]
        log.info("goes on at step %d", start)
    _run(network, lesson, recipe, steps, optimiser, average, start, path)
    network.load_state_dict(average.weights)
    return network.eval()


def _run(
    network: Network,
    lesson: Lesson,
    recipe: Recipe,
    steps: list[np.ndarray],
    optimiser: torch.optim.Optimizer,
    average: Average,
    start: int,
    path: Path,
) -> None:
    weigh = head_weights(recipe)
    device = next(network.parameters()).device
    saved, tokens, began, losses = time.monotonic(), 0, time.monotonic(), 0.0
    network.train()
    for step in range(start, len(steps)):
        for group in optimiser.param_groups:
            group["lr"] = group["scale"] * recipe.rate * schedule(step / len(steps), recipe.warm_share)
        rng = np.random.default_rng((recipe.seed, step))
        torch.manual_seed(
            int(rng.integers(2**31))
        )  # so that a run that goes on drops what it would have dropped
        ids, mask, target = _batch(lesson, steps[step], recipe, rng, device)
        loss = _loss(network, ids, mask, target, weigh, recipe.part_loss)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        average.update(network)
        tokens += int(mask.sum())
        losses += loss.item()
        if step % 100 == 99:
            rate = tokens / (time.monotonic() - began)
            log.info("step %d of %d, loss %.4f, %.0f tokens/s", step + 1, len(steps), losses / 100, rate)
            tokens, began, losses = 0, time.monotonic(), 0.0
        if time.monotonic() - saved > _SAVE_EVERY or step + 1 == len(steps):
            _save(path, network, optimiser, average, step + 1)
            saved = time.monotonic()


def _save(
    path: Path, network: Network, optimiser: torch.optim.Optimizer, average: Average, step: int
) -> None:
    checkpoint.save(
        path,
        {
            "network": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "average": average.weights,
            "step": step,
        },
    )


def _steps(lesson: Lesson, recipe: Recipe) -> list[np.ndarray]:
    """Rows of each step of `recipe.epochs`, the last of which may be a part."""
    whole = math.ceil(recipe.epochs)
    steps = [batch for epoch in range(whole) for batch in _epoch(lesson, recipe, epoch)]
    return steps[: round(len(steps) * recipe.epochs / whole)]


def _epoch(lesson: Lesson, recipe: Recipe, epoch: int) -> list[np.ndarray]:
    rng = np.random.default_rng((recipe.seed, epoch))
    rows = np.repeat(np.arange(len(lesson.ids)), lesson.repeat)
    lengths = np.array([min(len(lesson.ids[row]) + 2, recipe.window) for row in rows], np.int64)
    return [rows[batch] for batch in plan(lengths, budget=recipe.batch_tokens, rng=rng)]


def _batch(
    lesson: Lesson, rows: np.ndarray, recipe: Recipe, rng: np.random.Generator, device: torch.device
) -> tuple[Tensor, Tensor, TargetBatch]:
    ids, mask = padded([windowed(lesson.ids[row], recipe.window, rng) for row in rows])
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    ids = with_tokens_dropped(ids, recipe.token_dropout, generator)
    target = to_batch(lesson.targets.take(rows), device)
    if lesson.opinions is not None:
        target = replace(target, opinion=torch.from_numpy(lesson.opinions[rows]).to(device).float())
    return ids.to(device), mask.to(device), target


def _loss(
    network: Network, ids: Tensor, mask: Tensor, target: TargetBatch, weigh: HeadWeights, part: float
) -> Tensor:
    with torch.autocast(ids.device.type, torch.bfloat16):
        half = network.votes(ids, mask)
    votes = [vote.float() for vote in half]
    total = torch.stack(votes).sum(0)
    alone = sum((total_loss(vote, target, weigh) for vote in votes), torch.zeros((), device=total.device))
    return total_loss(total, target, weigh) + part / len(votes) * alone


def _optimiser(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """Adam; the pretrained encoder learns at a fifth of the rate of the heads.

    At the heads' rate the encoder soon knows no more of new texts than the windows do: it forgets what it was pretrained for.
    """
    groups: dict[float, list[nn.Parameter]] = {}
    for name, weight in network.named_parameters():
        scale = 0.2 if name.startswith("encoder.") else 1.0
        groups.setdefault(scale, []).append(weight)
    options = [
        {"params": weights, "scale": scale, "weight_decay": recipe.decay} for scale, weights in groups.items()
    ]
    return torch.optim.AdamW(options, lr=recipe.rate, betas=(0.9, 0.98), fused=True)


def schedule(done: float, warm: float) -> float:
    """Share of the full rate at a share `done` of the run: a linear rise, then a cosine fall to a fiftieth."""
    if done < warm:
        return (done + 1e-3) / (warm + 1e-3)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


def head_weights(recipe: Recipe) -> HeadWeights:
    """The recipe's weights of the heads."""
    return HeadWeights(
        sentiment=recipe.sentiment_weight,
        severity=recipe.severity_weight,
        flags=recipe.flags_weight,
        topics=recipe.topics_weight,
    )
