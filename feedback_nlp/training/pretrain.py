"""Teach the encoder the languages before it sees a label: guess hidden tokens, emoji and faces above all.

A hidden emoji is a label that the writer gave: guessing it from the words is the cheapest lesson in attitude there is.
"""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from feedback_nlp.training import checkpoint
from feedback_nlp.training.batches import Ids, padded, plan, windowed
from feedback_nlp.training.fit import schedule
from feedback_nlp.training.network import Network
from feedback_nlp.training.recipe import Recipe
from feedback_nlp.training.tokenizer import MASK, SPECIALS

log = logging.getLogger(__name__)
_HIDDEN, _HIDDEN_FACES = 0.15, 0.6
_KEPT, _SWAPPED = 0.1, 0.1  # of the hidden tokens: shown as they are, or as another token
_DRAWN = 4000  # candidates for a hidden token beside the batch's own
_SAVE_EVERY = 180.0  # seconds
_FACE = re.compile(r"\[[^\[\]]+\]")


class Guesser(nn.Module):
    """The encoder with a head that names the token at a place; its output table is the input table."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        size = network.shape.encoder.size
        self.encoder = network.encoder
        self.turn = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size)
        self.bias = nn.Parameter(torch.zeros(network.shape.encoder.vocabulary))
        self.scale = nn.Parameter(torch.tensor(0.3))

    def forward(self, ids: Tensor, mask: Tensor, places: Tensor, among: Tensor) -> Tensor:
        """Logits (hidden, candidates) at the places that are true in `places` (batch, tokens); `among` are token ids."""
        seen = self.encoder(self.encoder.words(ids), mask)[places]
        turned = self.norm(F.gelu(self.turn(seen)))
        guesses: Tensor = turned @ (self.encoder.words(among).t() * self.scale) + self.bias[among]
        return guesses


def faces_of(tokenizer: Any) -> Tensor:
    """True at the ids of emoji and `[faces]` (vocabulary,)."""
    found = torch.zeros(tokenizer.get_vocab_size(), dtype=torch.bool)
    for piece, number in tokenizer.get_vocab().items():
        drawn = len(piece) == 1 and unicodedata.category(piece) == "So"
        found[number] = piece not in SPECIALS and (drawn or _FACE.fullmatch(piece) is not None)
    return found


def pretrain(
    network: Network,
    rows: Sequence[Ids],
    recipe: Recipe,
    *,
    faces: Tensor,
    device: torch.device,
    folder: Path,
) -> Network:
    """The network with its encoder pretrained on plain texts for `recipe.pretrain_epochs` of them; resumable."""
    guesser = Guesser(network).to(device).train()
    layers = [p for n, p in guesser.named_parameters() if n != "encoder.words.weight"]
    optimiser = torch.optim.AdamW(
        [
            {"params": layers, "scale": 1.0},
            {"params": [network.encoder.words.weight], "scale": 0.5},  # the vectors know much already
        ],
        lr=recipe.rate,
        weight_decay=recipe.decay,
        betas=(0.9, 0.98),
        fused=True,
    )
    steps = _steps(rows, recipe)
    path, start = folder / "pretrain.pt", 0
    if state := checkpoint.load(path, device):
        guesser.load_state_dict(state["guesser"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
    saved, began, total = time.monotonic(), time.monotonic(), 0.0
    for step in range(start, len(steps)):
        for group in optimiser.param_groups:
            group["lr"] = group["scale"] * recipe.rate * schedule(step / len(steps), recipe.warm_share)
        rng = np.random.default_rng((recipe.seed, step))
        loss = _step(
            guesser, [windowed(rows[row], recipe.window, rng) for row in steps[step]], faces, device, rng
        )
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(guesser.parameters(), 1.0)
        optimiser.step()
        total += loss.item()
        if step % 100 == 99:
            spent = time.monotonic() - began
            log.info(
                "pretraining step %d of %d, loss %.3f, %.2f s a step",
                step + 1,
                len(steps),
                total / 100,
                spent / 100,
            )
            began, total = time.monotonic(), 0.0
        if time.monotonic() - saved > _SAVE_EVERY or step + 1 == len(steps):
            state = {"guesser": guesser.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}
            checkpoint.save(path, state)
            saved = time.monotonic()
    return network


def _steps(rows: Sequence[Ids], recipe: Recipe) -> list[np.ndarray]:
    lengths = np.array([min(len(row) + 2, recipe.window) for row in rows], np.int64)
    steps: list[np.ndarray] = []
    for epoch in range(int(np.ceil(recipe.pretrain_epochs))):
        steps += plan(lengths, budget=recipe.batch_tokens, rng=np.random.default_rng((recipe.seed, 7, epoch)))
    return steps[: int(len(steps) * recipe.pretrain_epochs / max(1, np.ceil(recipe.pretrain_epochs)))]


def _step(
    guesser: Guesser, rows: Sequence[Ids], faces: Tensor, device: torch.device, rng: np.random.Generator
) -> Tensor:
    ids, mask = padded(rows)
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    shown, places = hide(ids, faces, generator)
    among, truth = candidates(ids[places], len(faces), generator)
    with torch.autocast(device.type, torch.bfloat16):
        guesses = guesser(shown.to(device), mask.to(device), places.to(device), among.to(device))
    return F.cross_entropy(guesses.float(), truth.to(device))


def candidates(hidden: Tensor, vocabulary: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Token ids to choose among, and where in them each hidden token stands.

    They are the batch's hidden tokens, which common words are among most often, and some drawn from the whole
    vocabulary: choosing among all of it would cost as much as the encoder.
    """
    drawn = torch.randint(len(SPECIALS), vocabulary, (_DRAWN,), generator=generator)
    among = torch.unique(torch.cat([hidden, drawn]))  # sorted
    return among, torch.searchsorted(among, hidden)


def hide(ids: Tensor, faces: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The ids with some hidden, and where (at least one place)."""
    words = ids >= len(SPECIALS)
    chance = torch.where(faces[ids], _HIDDEN_FACES, _HIDDEN)
    places = (torch.rand(ids.shape, generator=generator) < chance) & words
    if not places.any():
        places[0, 1] = True
    fate = torch.rand(ids.shape, generator=generator)
    other = torch.randint(len(SPECIALS), len(faces), ids.shape, generator=generator)
    shown = torch.where(places & (fate >= _KEPT), torch.full_like(ids, SPECIALS.index(MASK)), ids)
    return torch.where(places & (fate >= _KEPT) & (fate < _KEPT + _SWAPPED), other, shown), places
