"""Groups of comments that say nearly the same, kept in bounded memory while rows stream by."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log2

from feedback_nlp.triage.priority import reach
from feedback_nlp.triage.signatures import LIKE, Signature, band_keys, resemblance

MOST_IDS = 200


@dataclass(slots=True)
class Member:
    """A row as grouping sees it. `heat` is log2 of its heat at day 0, so that order holds whatever "now" is; `days` is its
    time, NaN where unknown; `row` is where to find it."""

    id: str
    row: object
    heat: float
    days: float
    engagement: float
    sign: Signature


@dataclass(slots=True)
class Group:
    """Comments that say nearly the same; `head`, the one with the most heat, stands for all."""

    number: int
    head: Member
    size: int = 1
    engagement: float = 0.0
    ids: list[str] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """Order of the group within its pool: its head's heat times its reach, as log2."""
        return self.head.heat + log2(float(reach(self.size + self.engagement)))


class Pool:
    """The hottest `capacity` groups met so far. A group that falls out is forgotten, with its size.

    Dated and undated groups need two pools: how they compare is known only when the newest comment is.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._groups: dict[int, Group] = {}
        self._signs: dict[int, Signature] = {}  # of the member that opened each group: a group does not drift
        self._bands: dict[int, int] = {}
        self._heap: list[tuple[float, int, int]] = []
        self._numbers = itertools.count()

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def __len__(self) -> int:
        return len(self._groups)

    def find(self, sign: Signature) -> Group | None:
        """The group most like a text, if any is like it enough."""
        numbers = {self._bands[key] for key in band_keys(sign) if key in self._bands}
        alike = [(resemblance(self._signs[n], sign), -n) for n in numbers]
        best = max(alike, default=(0.0, 0))
        return self._groups[-best[1]] if best[0] >= LIKE else None

    def count(self, member: Member) -> None:
        """Take a row into the group it is like, or into a new one, unless that would be lighter than all a full pool holds."""
        group = self.find(member.sign)
        if group is None:
            self._open(member)
            return
        group.size += 1
        group.engagement += member.engagement
        if member.heat > group.head.heat:
            group.head = member
            group.ids.insert(0, member.id)
            del group.ids[MOST_IDS:]
        elif len(group.ids) < MOST_IDS:
            group.ids.append(member.id)
        self._push(group)

    def _open(self, member: Member) -> None:
        group = Group(next(self._numbers), member, engagement=member.engagement, ids=[member.id])
        if len(self._groups) >= self._capacity:
            if group.weight <= self._lightest():
                return
            self._forget_lightest()
        self._groups[group.number] = group
        for key in band_keys(member.sign):
            self._bands.setdefault(key, group.number)
        self._signs[group.number] = member.sign
        self._push(group)

    def _push(self, group: Group) -> None:
        heapq.heappush(self._heap, (group.weight, -group.number, group.number))
        if len(self._heap) > 8 * self._capacity:
            self._heap = [(g.weight, -g.number, g.number) for g in self._groups.values()]
            heapq.heapify(self._heap)

    def _lightest(self) -> float:
        """Weight of the lightest group. A weight only grows, so an entry that differs from its group's is stale."""
        while True:
            weight, _, number = self._heap[0]
            group = self._groups.get(number)
            if group is not None and group.weight == weight:
                return weight
            heapq.heappop(self._heap)

    def _forget_lightest(self) -> None:
        self._lightest()
        _, _, number = heapq.heappop(self._heap)
        del self._groups[number]
        for key in band_keys(self._signs.pop(number)):
            if self._bands.get(key) == number:
                del self._bands[key]
