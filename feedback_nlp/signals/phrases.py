"""Phrases that rose: what comments say now and did not say as often before, with the comments that say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from feedback_nlp.text.terms import phrases, terms

PRIOR = 10.0
"""Comments the prior is worth on each side, saying a word as often as the comments of both sides together do."""

MIN_COUNT = 3
LEAST_Z = 1.96

_NEGATIONS = """not no never nor none nothing don't didn't doesn't can't cannot couldn't won't wouldn't isn't wasn't aren't
    haven't hasn't hadn't even still yet until too so much many 不 没 没有 不是 不能 不会 无法 别 太 更 最 越来越"""
NOT_ALONE = frozenset(_NEGATIONS.split())
"""Negations and degrees: part of a phrase, but by themselves they do not say what of."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or phrase that rose. Counts are comments, each counted once; `z`: how many standard errors the log-odds rose.

    `ids`: comments that say it, in the order they came.
    """

    phrase: str
    z: float
    log_odds: float
    count_before: int
    count_after: int
    ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The phrase as plain values, for JSON; the phrase is a masked text's own words."""
        names = ("phrase", "z", "log_odds", "count_before", "count_after")
        return {**{name: getattr(self, name) for name in names}, "ids": list(self.ids)}


def log_odds(
    after: Counter[str], before: Counter[str], *, n_after: int, n_before: int, prior: float = PRIOR
) -> dict[str, tuple[float, float]]:
    """(log-odds ratio, its z) of each word: in how many of `n` comments it is, after against before.

    The prior is informative: worth `prior` comments that say each word as often as all do together, so that a rare word
    needs more evidence. A comment says a word or does not, so that one long rant counts once.
    Source: Monroe, Colaresi, Quinn, Fightin' words, Political Analysis 16 (2008), eq. 16, 20–22, for two outcomes.
    """
    words = list(after | before)
    y1, y0 = (np.array([side[word] for word in words], dtype=np.float64) for side in (after, before))
    says = prior * (y1 + y0) / max(n_after + n_before, 1)
    odds, variance = [], []
    for y, n in ((y1, n_after), (y0, n_before)):
        others = n - y + prior - says
        odds.append(np.log((y + says) / np.maximum(others, 1e-9)))
        variance.append(1 / (y + says) + 1 / np.maximum(others, 1e-9))
    delta = odds[0] - odds[1]
    z = delta / np.sqrt(variance[0] + variance[1])
    return {word: (float(d), float(s)) for word, d, s in zip(words, delta, z, strict=True)}


def rising(
    after: Iterable[tuple[str, str, str]],
    before: Iterable[tuple[str, str, str]],
    *,
    top: int = 10,
    longest: int = 3,
    ids: int = 5,
) -> list[Phrase]:
    """The `top` words and phrases that rose most, from comments as (id, text, lang), strongest first.

    A word counts once a comment. Kept are those in at least three comments whose rise is beyond chance (z ≥ 1.96), but for
    negations by themselves; of phrases that lie in one another only the stronger is kept, unless most of the comments differ.
    """
    now, said, n_after = _counted(after, longest=longest)
    was, _, n_before = _counted(before, longest=longest)
    found: list[tuple[Phrase, set[str]]] = []
    odds = log_odds(now, was, n_after=n_after, n_before=n_before)
    ranked = sorted(odds.items(), key=lambda item: (-item[1][1], -len(item[0]), item[0]))
    for word, (delta, z) in ranked:
        if z < LEAST_Z or len(found) >= top:
            break
        if now[word] >= MIN_COUNT and not _told(word, set(said[word]), found):
            phrase = Phrase(word, z, delta, was[word], now[word], tuple(said[word][:ids]))
            found.append((phrase, set(said[word])))
    return [phrase for phrase, _ in found]


def _counted(
    stream: Iterable[tuple[str, str, str]], *, longest: int
) -> tuple[Counter[str], dict[str, list[str]], int]:
    """In how many comments each word and phrase occurs, in which, and how many comments there are."""
    said: dict[str, list[str]] = {}
    comments = list(stream)
    for number, text, lang in comments:
        for word in dict.fromkeys([*terms(text, lang), *phrases(text, lang, longest=longest)]):
            if word in NOT_ALONE:
                continue
            said.setdefault(word, []).append(number)
    return Counter({word: len(numbers) for word, numbers in said.items()}), said, len(comments)


def _told(word: str, numbers: set[str], found: Sequence[tuple[Phrase, set[str]]]) -> bool:
    """Whether a phrase already kept says the same of mostly the same comments."""
    for phrase, others in found:
        if word in phrase.phrase or phrase.phrase in word:
            shared = len(numbers & others)
            if shared >= 0.5 * min(len(numbers), len(others)):
                return True
    return False
