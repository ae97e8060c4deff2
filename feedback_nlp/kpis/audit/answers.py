"""What a person may answer about a comment, and how each answer is written, in a spreadsheet or by a key."""

from __future__ import annotations

from dataclasses import dataclass

from feedback_nlp.records import SENTIMENTS


@dataclass(frozen=True, slots=True)
class Question:
    """One label of an audit: its column, its allowed keys and the value each stands for, and other spellings read."""

    column: str
    ask: str
    keys: dict[str, object]
    spellings: dict[str, str]

    @property
    def header(self) -> str:
        """The column's heading in a spreadsheet, which names the allowed keys."""
        return f"{self.column} ({'/'.join(self.keys)})"


_YES_NO: dict[str, object] = {"y": True, "n": False}
_YES_NO_SPELLINGS = {
    "yes": "y", "true": "y", "1": "y", "是": "y", "no": "n", "false": "n", "0": "n", "否": "n", "不是": "n",
}  # fmt: skip
_SENTIMENT_SPELLINGS = {
    "negative": "n", "neutral": "0", "positive": "p", "mixed": "m",
    "负": "n", "负面": "n", "中": "0", "中性": "0", "正": "p", "正面": "p", "混合": "m",
}  # fmt: skip

QUESTIONS: tuple[Question, ...] = (
    Question(
        "sentiment",
        "sentiment 情感: n negative 负面, 0 neutral 中性, p positive 正面, m mixed 褒贬参半",
        dict(zip("n0pm", SENTIMENTS, strict=True)),
        _SENTIMENT_SPELLINGS,
    ),
    Question(
        "complaint",
        "complaint 投诉: does it report a concrete problem that could be fixed 是否有具体问题？y/n",
        _YES_NO,
        _YES_NO_SPELLINGS,
    ),
    Question(
        "severity",
        "severity 严重程度: 0 none 无, 1 minor 轻, 2 serious 重, 3 critical 危急",
        {"0": 0, "1": 1, "2": 2, "3": 3},
        {"0.0": "0", "1.0": "1", "2.0": "2", "3.0": "3"},
    ),
    Question(
        "leaving",
        "leaving 流失: says they leave, or warns others off 表示不再来或劝退？y/n",
        _YES_NO,
        _YES_NO_SPELLINGS,
    ),
    Question(
        "returning",
        "returning 回头: says they come back, or recommends 表示会再来或推荐？y/n",
        _YES_NO,
        _YES_NO_SPELLINGS,
    ),
)
BY_COLUMN = {question.column: question for question in QUESTIONS}


def read_key(question: Question, written: str) -> str | None:
    """The key that `written` stands for, None where it stands for nothing allowed."""
    answer = written.strip().lower()
    key = question.spellings.get(answer, answer)
    return key if key in question.keys else None


def implied(column: str, keys: dict[str, str]) -> str | None:
    """The key of a question that the other answers settle: what is no complaint has severity 0."""
    return "0" if column == "severity" and keys.get("complaint") == "n" else None
