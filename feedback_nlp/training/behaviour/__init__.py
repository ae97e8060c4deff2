"""The behaviour suite: what a classifier of feedback must be able to do, tried on cases written for it."""

from feedback_nlp.training.behaviour.cases import Case, cases
from feedback_nlp.training.behaviour.run import Behaviour, run

__all__ = ["Behaviour", "Case", "cases", "run"]
