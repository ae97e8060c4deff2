"""Comments in two columns: what was liked and what was not. Reading one of them alone would tell half, so they are joined."""

from __future__ import annotations

from collections.abc import Sequence

from feedback_nlp.collectors.found import GIVEN, Found
from feedback_nlp.collectors.headers import match

# Names of the good half, names of the bad half.
_HALVES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("pros", "*pros", "advantages"), ("cons", "*cons", "disadvantages")),
    (
        (
            "positive_review",
            "positive_comment*",
            "*positive_feedback",
            "positives",
            "liked",
            "review_positive",
        ),
        (
            "negative_review",
            "negative_comment*",
            "*negative_feedback",
            "negatives",
            "disliked",
            "review_negative",
        ),
    ),
    (("*like best*", "*like most*", "*did you like*"), ("*dislike*", "*like least*")),
    (
        ("优点", "好评内容", "满意的地方", "满意之处"),
        ("缺点", "差评内容", "不满意的地方", "不满意之处", "不足"),
    ),
    (("最满意", "*最满意*"), ("最不满意", "*最不满意*")),
)


def join_halves(found: dict[str, Found], headers: Sequence[str]) -> list[str]:
    """Make both halves the text where the text found is one of them, or none was found by name; and a note on it."""
    text = found.get("text")
    if text is not None and text.how == GIVEN:
        return []
    for good, bad in _HALVES:
        worse = match(bad, headers)
        better = match(good, headers, taken=[worse] if worse else [])
        if better is None or worse is None:
            continue
        halves = (better, worse)
        if text is None or text.headers[0] in halves:
            found["text"] = Found(halves, "name", 0.8, "what was liked and what was not")
            return [f"comments are in two columns: {better} and {worse} are joined"]
    return []
