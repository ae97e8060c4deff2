"""Several fits of one pretrained network, and their mean: the encoder gains by it, the windows do not."""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from feedback_nlp.training.fit import Lesson, fit
from feedback_nlp.training.network import Network
from feedback_nlp.training.recipe import Recipe

log = logging.getLogger(__name__)
_OF_THE_FIRST = "windows."


def fit_several(
    network: Network, lesson: Lesson, recipe: Recipe, *, device: torch.device, folder: Path
) -> list[Network]:
    """`recipe.fits` fits that differ by their seed; each is resumable in a folder of its own."""
    fitted = []
    for number in range(recipe.fits):
        log.info("fit %d of %d", number + 1, recipe.fits)
        place = folder / f"fit{number + 1}"
        place.mkdir(exist_ok=True)
        own = replace(recipe, seed=recipe.seed + number)
        fitted.append(fit(copy.deepcopy(network), lesson, own, device=device, folder=place).cpu())
    return fitted


def mean(networks: Sequence[Network]) -> Network:
    """A network of the mean weights of several that were fitted from the same start; its windows are the first's.

    Wortsman et al., Model soups: averaging weights of multiple fine-tuned models, ICML 2022. The windows keep the strongest
    match of each pattern, and a mean of two patterns matches neither well.
    """
    found = copy.deepcopy(networks[0])
    states = [network.state_dict() for network in networks]
    found.load_state_dict(
        {
            name: weight if name.startswith(_OF_THE_FIRST) else torch.stack([s[name] for s in states]).mean(0)
            for name, weight in states[0].items()
        }
    )
    return found
