from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.text.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("line\r\x08\x9b2J", "line\\x0d\\x08\\x9b2J"),
        ("一行\n\t两行 👍🏽 é", "一行\n\t两行 👍🏽 é"),
        ("[bold]列[/]", "[bold]列[/]"),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_once_is_enough(text: str) -> None:
    assert visible(visible(text)) == visible(text)
