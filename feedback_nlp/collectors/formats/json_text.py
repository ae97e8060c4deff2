"""JSON values one after another from a stream of text, in bounded memory, going on after a broken one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from feedback_nlp.collectors.formats.base import Fault

MAX_VALUE = 8 << 20
AHEAD = 1 << 16

BROKEN, CUT, DEEP = "broken_json", "cut_json", "nested_too_deep"

_SPACE = re.compile(r"[\s\ufeff\0]*")
_CLOSINGS = re.compile(r"[\s,\]}]*")
_BETWEEN = re.compile(r"[\s,;\ufeff\0\x1e]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
# Where a record may begin again after a broken one.
_NEXT_RECORD = re.compile(r"\}\s*,?\s*(?=\{)|\n\s*(?=\{\s*\"|\{\s*\n)")


DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


class JsonText:
    """A window on a stream of text that moves along as values are taken."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self.text = ""
        self.place = 0
        self.ended = False
        self._firsts: set[str] = set()

    def more(self) -> bool:
        """Read on, dropping what is behind; false at the end of the stream."""
        self.text, self.place = self.text[self.place :], 0
        # At least doubling keeps the work linear in the size of a value.
        wanted = max(AHEAD, len(self.text))
        parts, got = [self.text], 0
        while got < wanted:
            block = next(self._blocks, None)
            if block is None:
                self.ended = True
                break
            parts.append(block)
            got += len(block)
        self.text = "".join(parts)
        return got > 0

    def skip(self, pattern: re.Pattern[str] = _SPACE) -> str:
        """Pass over `pattern` and give the character that follows, empty at the end."""
        while True:
            match = pattern.match(self.text, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self.text) or not self.more():
                return self.text[self.place : self.place + 1]

    def value(self) -> Any:
        """The next value, or a Fault; after a fault the place is where a record may begin again."""
        while True:
            try:
                found, end = DECODER.raw_decode(self.text, self.place)
            except json.JSONDecodeError as error:
                if self._may_be_cut(error) and len(self.text) - self.place < MAX_VALUE and self.more():
                    continue
                return self.fault(CUT if self.ended and self._may_be_cut(error) else BROKEN)
            except RecursionError:
                self._skip_nested()
                return Fault(DEEP)
            except ValueError:
                # An integer of thousands of digits.
                return self.fault(BROKEN)
            # A number at the very end of the window may go on in the next piece.
            if end == len(self.text) and isinstance(found, (int, float)) and self.more():
                continue
            self.place = end
            if isinstance(found, dict) and len(self._firsts) < 16:
                self._firsts.update(list(found)[:1])
            return found

    def _skip_nested(self) -> None:
        """Pass over a value by its brackets alone, to where they are all closed."""
        depth = 0
        while True:
            for token in _TOKEN.finditer(self.text, self.place):
                depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
                if depth <= 0:
                    self.place = token.end()
                    return
            self.place = len(self.text)
            if not self.more():
                return

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos + 16 >= len(self.text)

    def fault(self, reason: str) -> Fault:
        """Move to where the next record begins, as far as can be told."""
        begins = self._beginning()
        while True:
            match = begins.search(self.text, self.place + 1)
            if match:
                self.place = match.end()
                return Fault(reason if reason == DEEP else BROKEN)
            self.place = max(self.place, len(self.text) - 256)
            if not self.more():
                self.place = len(self.text)
                return Fault(reason)

    def _beginning(self) -> re.Pattern[str]:
        """Records of one dump begin with the same names, which nested objects seldom share."""
        if not self._firsts:
            return _NEXT_RECORD
        names = "|".join(re.escape(json.dumps(name, ensure_ascii=False)) for name in sorted(self._firsts))
        return re.compile(rf"(?=\{{\s*(?:{names})\s*:)")


def values(text: JsonText, closing: str) -> Iterator[Any]:
    """Values up to `closing` (`]`, or empty for the end of the stream), each or the Fault in its place."""
    faulty = False
    while True:
        following = text.skip(_BETWEEN)
        if not following:
            if closing and not faulty:
                yield Fault(CUT)
            return
        if following == closing:
            text.place += 1
            # After a fault the bracket may have closed a list inside the broken record.
            if not faulty or text.skip(_CLOSINGS) != "{":
                return
        elif following in "]})":
            text.place += 1
        else:
            found = text.value()
            faulty = faulty or isinstance(found, Fault)
            yield found


def members(text: JsonText) -> Iterator[tuple[str, Any]]:
    """Names and values of an object whose opening brace is passed."""
    while True:
        following = text.skip(_BETWEEN)
        if following == "}":
            text.place += 1
            return
        if not following:
            yield "", Fault(CUT)
            return
        name = text.value() if following == '"' else Fault(BROKEN)
        if isinstance(name, str) and text.skip() == ":":
            text.place += 1
            text.skip()
            yield name, text.value()
            continue
        # The name is lost; a record that follows can still be read.
        yield "", text.value() if following == "{" else text.fault(BROKEN)
