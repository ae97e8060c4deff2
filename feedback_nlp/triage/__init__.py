"""Which comments to answer first, one entry for each group that says the same, and what became of them."""

from feedback_nlp.triage.journal import Journal
from feedback_nlp.triage.queue import triage

__all__ = ["Journal", "triage"]
