"""What became of the queue's entries: a file of one JSON object a line, only ever appended to, so that it merges and can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from feedback_nlp.errors import FormatError, UnknownName

OPEN, TAKEN, ANSWERED, DISMISSED = "open", "taken", "answered", "dismissed"
STATES = (OPEN, TAKEN, ANSWERED, DISMISSED)
CLOSED = (ANSWERED, DISMISSED)


@dataclass(frozen=True, slots=True)
class Event:
    """One change: which comment, to which state, when (UTC, ISO 8601), by whom and why, as far as it was told."""

    id: str
    state: str
    at: str
    by: str = ""
    note: str = ""


class Journal:
    """A journal file. It need not exist yet; what it holds is read anew each time, so several people can share it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def events(self) -> list[Event]:
        """All changes, oldest first. A last line that was cut off while it was written is left out.

        Raises:
            FormatError: another line is no event; the message says which.
        """
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").split("\n")
        whole, tail = lines[:-1], lines[-1]
        found = [self._event(line, number) for number, line in enumerate(whole, start=1) if line.strip()]
        if tail.strip():
            with suppress(FormatError):
                found.append(self._event(tail, len(lines)))
        return found

    def states(self) -> dict[str, str]:
        """The last state of every comment that ever had one; all others are open."""
        return {event.id: event.state for event in self.events()}

    def record(
        self,
        ids: str | Iterable[str],
        state: str,
        *,
        by: str = "",
        note: str = "",
        at: datetime | None = None,
    ) -> None:
        """Append a change for one comment or several; `at` is now unless given.

        Raises:
            UnknownName: there is no such state.
        """
        if state not in STATES:
            raise UnknownName("state", state, STATES)
        when = (at or datetime.now(timezone.utc)).astimezone(timezone.utc).isoformat(timespec="seconds")
        named = [ids] if isinstance(ids, str) else list(ids)
        lines = [
            json.dumps(asdict(Event(identity, state, when, by, note)), ensure_ascii=False) + "\n"
            for identity in named
        ]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(self._mended() + "".join(lines))

    def _mended(self) -> str:
        """A line end, where the file lacks its last one."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return ""
        with self.path.open("rb") as file:
            file.seek(-1, 2)
            return "" if file.read(1) == b"\n" else "\n"

    def _event(self, line: str, number: int) -> Event:
        try:
            event = Event(**json.loads(line))
            if event.state in STATES and isinstance(event.id, str):
                return event
        except (ValueError, TypeError):
            pass
        raise FormatError(
            f"{self.path.name}, line {number}: not an event of a journal. "
            f'Each line reads {{"id": …, "state": one of {", ".join(STATES)}, "at": …}}. Mend or remove the line.'
        )
