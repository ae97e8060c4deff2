"""Save and restore a run: tensors only, so that a checkpoint can never run code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Write `state` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    torch.save(state, draft)
    os.replace(draft, path)


def load(path: Path, device: torch.device | None = None) -> dict[str, Any] | None:
    """What was saved, or None where nothing was yet."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location=device or "cpu", weights_only=True)
    return state
