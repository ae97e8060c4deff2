"""Train the shipped model: `python -m feedback_nlp.training --data DATA --scale cpu`."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import torch

from feedback_nlp.training.train import Run, train


def main() -> None:
    """Read the options and make one call."""
    parser = argparse.ArgumentParser(prog="python -m feedback_nlp.training", description="Train the model.")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with labelled/, unlabelled/ and gold/"
    )
    parser.add_argument("--scale", default="cpu", help="table of the recipe: cpu or full")
    parser.add_argument("--device", default="", help="cpu or cuda; by itself cuda where there is one")
    parser.add_argument("--model", type=Path, default=Path("models/feedback-zh-en"), help="folder to write")
    parser.add_argument(
        "--work", type=Path, default=Path("runs/train"), help="checkpoints; resumes from here"
    )
    parser.add_argument("--cards", type=Path, default=Path("corpora/datasets"))
    parser.add_argument("--recipe", type=Path, default=Path("models/feedback-zh-en/recipe.toml"))
    parser.add_argument("--start", type=Path, help="a model folder to go on from, of the recipe's shape")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("feedback_nlp").setLevel(logging.INFO)  # the exporter would tell of every constant
    run = Run(options.data, options.cards, options.work, options.model, options.recipe, options.start)
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    train(run, scale=options.scale, device=device)


if __name__ == "__main__":
    main()
