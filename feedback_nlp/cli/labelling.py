"""The terminal's side of labelling an audit: show a comment, take a key, save after every comment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from feedback_nlp.kpis import audit
from feedback_nlp.kpis.audit.label import QUIT, fill, press, start


def label_sheet(path: Path, *, ask: Callable[[str], str], say: Callable[[str], None]) -> tuple[int, int]:
    """Ask until all is answered or the person leaves; give the number of comments done and of all.

    Raises:
        InputError: the sheet cannot be read.
    """
    sheet = audit.read(path, unlabelled=True)
    state = start(sheet)
    say("Answer with a key; u takes the last answer back, s skips a question, q stops (all is saved).")
    shown = -1
    while (asked := state.asking) is not None:
        position, question = asked
        if position != shown:
            shown = position
            say(f"\n[{position + 1}/{state.rows}] {sheet['text'].iloc[position]}")
        state = press(state, _answer(ask, f"  {question.ask}"))
        audit.write(fill(sheet, state), path)
    return state.done, state.rows


def _answer(ask: Callable[[str], str], prompt: str) -> str:
    """A key; the end of the input means to stop."""
    try:
        return ask(prompt)
    except (EOFError, KeyboardInterrupt):
        return QUIT
