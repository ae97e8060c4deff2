"""The errors this package raises, as a tree.

FeedbackError
├── UsageError            the caller asked for something that does not exist or cannot be combined
│   ├── UnknownName       a platform, KPI, topic, column or model that is not there
│   └── MissingExtra      an optional dependency is not installed
├── InputError            a dump cannot be read at all (a single bad row is a counted reject, not an error)
│   ├── FormatError       the bytes are not the format they claim to be
│   └── NoTextColumn      no column reads like comments
├── SchemaError           a frame lacks columns, or has them with the wrong type
├── ModelError            a model directory is incomplete, damaged or speaks another contract
├── TrainingError         the labels given cannot train, tune or evaluate a model
└── DeliveryError         alerts could not be sent where they were to go

Every message says what happened, the value, what is allowed, and what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FeedbackError(Exception):
    """Any error this package raises on purpose."""


class UsageError(FeedbackError):
    """The caller asked for something that does not exist or cannot be combined."""


class UnknownName(UsageError):
    """A name that is not in a registry; the message lists what is, nearest first."""

    def __init__(self, kind: str, name: str, allowed: Iterable[str], *, hint: str = "") -> None:
        names = sorted(allowed)
        near = difflib.get_close_matches(name, names, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(names) if names else "none"
        tail = f" {hint}" if hint else ""
        super().__init__(f"unknown {kind} {name!r}.{guess} Allowed: {listed}.{tail}")


class MissingExtra(UsageError):
    """An optional dependency is not installed; the message holds the command that installs it."""

    def __init__(self, purpose: str, *, extra: str) -> None:
        super().__init__(
            f'{purpose} needs an optional part. Install it with: pip install "feedback-nlp[{extra}]"'
        )


class InputError(FeedbackError):
    """A dump cannot be read at all."""


class FormatError(InputError):
    """The bytes are not the format they claim to be."""


class NoTextColumn(InputError):
    """No column of the dump reads like comments."""


class SchemaError(FeedbackError):
    """A frame lacks columns, or has them with the wrong type."""


class ModelError(FeedbackError):
    """A model directory is incomplete, damaged or speaks another contract."""


class TrainingError(FeedbackError):
    """The labels given cannot train, tune or evaluate a model."""


class DeliveryError(FeedbackError):
    """Alerts could not be sent where they were to go."""
