from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from feedback_nlp.classifiers import load, shipped
from feedback_nlp.errors import TrainingError
from feedback_nlp.text.language import language
from feedback_nlp.training.behaviour import Case, cases, run
from feedback_nlp.training.behaviour.cases import KINDS, expand
from feedback_nlp.training.behaviour.changes import CHANGES

GROUPS = {
    "negation", "double negation", "contrast", "comparison", "conditional", "question", "sarcasm", "idiom and slang",
    "numbers", "emoji", "cantonese", "traditional = simplified", "typos", "spacing and punctuation", "case and width",
    "names swapped", "complaint or mere dislike", "leaving and returning", "then and now", "facts without attitude",
    "severity",
}  # fmt: skip


@pytest.fixture(scope="module")
def suite() -> list[Case]:
    return cases()


def test_the_suite_is_as_large_as_promised(suite: list[Case]) -> None:
    assert len({(case.text, case.other, case.kind) for case in suite}) == len(suite)
    assert len(suite) >= 1500
    assert len({(case.lang, case.template, case.kind) for case in suite}) >= 40
    assert min(Counter(case.lang for case in suite).values()) >= 700
    assert {case.kind for case in suite} == set(KINDS)
    assert {case.group for case in suite} == GROUPS


def test_no_text_is_asked_for_two_answers(suite: list[Case]) -> None:
    answers: dict[str, Any] = {}
    for case in suite:
        if case.kind == "minimum":
            assert answers.setdefault(case.text, case.expect) == case.expect, case.text


def test_every_case_expects_something(suite: list[Case]) -> None:
    for case in suite:
        assert case.expect if case.kind != "invariance" else case.other, case.template
        assert "{" not in case.text, case.text


def test_texts_are_in_their_language(suite: list[Case]) -> None:
    wrong = [case.text for case in suite if case.lang == "en" and language(case.text) == "zh"]
    assert not wrong


@pytest.mark.parametrize(
    ("change", "text", "changed"),
    [
        ("traditional", "质量太差", "質量太差"),
        ("spaced", "质量太差了", "质量 太差 了"),
        ("unpunctuated", "好，很好！", "好 很好"),
        ("repeat", "差", "差差差差"),
        ("swap_letters", "a terrible day", "a terirble day"),
        ("wide", "OK!", "ＯＫ！"),
        ("exclaimed", "bad", "bad!!!"),
    ],
)
def test_changes(change: str, text: str, changed: str) -> None:
    assert CHANGES[change](text) == changed


def test_pass_rates_by_hand(keywords: Any) -> None:
    template = {
        "lang": "en",
        "text": "{w}",
        "expect": {"sentiment": "positive"},
        "slots": {"w": ["good", "nice"]},
    }
    contrast = {
        "lang": "en", "kind": "direction", "text": "good", "then": "good {w}", "slots": {"w": ["but bad", "!"]},
        "expect": {"p_positive": "down"},
    }  # fmt: skip
    same = {"lang": "en", "kind": "invariance", "text": "bad", "change": "upper"}
    tried = [case for t in (template, contrast, same) for case in expand(t, group="g", slots={})]
    found = run(keywords, suite=tried)
    rates = {row.kind: (row.cases, row.passed) for row in found.rates.itertuples()}
    assert rates == {"minimum": (2, 1), "direction": (2, 1), "invariance": (1, 0)}
    assert found.failures["wrong"].tolist()[0] == "sentiment neutral, not positive"
    assert len(found.failures) == 3


def test_a_template_that_cannot_be_expanded() -> None:
    with pytest.raises(TrainingError, match="no words for the blank 'x'"):
        list(expand({"lang": "en", "text": "{x}"}, group="g", slots={}))
    with pytest.raises(TrainingError, match="unknown change 'turn'"):
        list(expand({"lang": "en", "text": "x", "change": "turn"}, group="g", slots={}))
    with pytest.raises(TrainingError, match="unknown kind 'maximum'"):
        list(expand({"lang": "en", "text": "x", "kind": "maximum"}, group="g", slots={}))


@pytest.mark.skipif("feedback-zh-en" not in shipped(), reason="the shipped model is not in this checkout")
def test_the_shipped_model_passes_most(suite: list[Case]) -> None:
    found = run(load(), suite=suite)
    print(found.rates.to_string())  # noqa: T201  (shown by pytest -s)
    assert found.rates["passed"].sum() / found.rates["cases"].sum() > 0.6
