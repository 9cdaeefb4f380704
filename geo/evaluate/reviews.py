"""How right the machine was on what people decided: by type, level, outlet and confidence, each with an interval.

An event counts once people accepted, corrected or rejected it; what the machine had said of it stands in the log. Of a
rejected event nothing was right. Where people only chose the place of its name, its place counts and nothing else.
What people told of themselves, by hand or at a name that the machine had set aside, says nothing of the machine.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.claims import likelihood
from geo.store import Entry, Store

Z: Final = 1.959964  # of the normal distribution, for 95 %
PARTS: Final = ("event", "place", "days", "type")
_DAYS: Final = ("first_day", "last_day")
_DECIDED: Final = ("accepted", "corrected", "rejected")
BY_HAND: Final = "hand-"  # begins the ids of reports that people wrote on the review page
_NO_OUTLET: Final = "outlet unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One event with the machine's type and level, and which of its parts were right; None where nobody decided."""

    type: str
    level: str
    outlets: tuple[str, ...]
    confidence: float
    right: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of one group (say, of all strikes) how many were decided and right in one part, with the 95 % interval."""

    part: str
    by: str
    group: str
    decided: int
    right: int
    share: float
    low: float
    high: float


def wilson(right: int, decided: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> [round(v, 3) for v in wilson(8, 10)]
    [0.49, 0.943]
    """
    if decided == 0:
        return 0.0, 1.0
    share = right / decided
    widened = 1 + Z**2 / decided
    middle = (share + Z**2 / (2 * decided)) / widened
    half = Z / widened * math.sqrt(share * (1 - share) / decided + Z**2 / (4 * decided**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def scorecard(store: Store) -> list[Line]:
    """All lines: the whole first, then by confidence, type, level and outlet; none where nobody decided anything."""
    told = list(judged(store))
    lines = []
    for by, groups in (
        ("all", lambda _: ("all",)),
        ("confidence", lambda j: (likelihood(j.confidence),)),
        ("type", lambda j: (j.type,)),
        ("level", lambda j: (j.level,)),
        ("outlet", lambda j: j.outlets),
    ):
        lines += list(_lines(by, told, groups))
    return lines


def _lines(by: str, told: Iterable[Judged], groups: Any) -> Iterator[Line]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in told:
        for group in groups(one):
            for part in PARTS:
                if (good := one.right[part]) is not None:
                    counts[group, part][0] += 1
                    counts[group, part][1] += good
    sizes: dict[str, int] = defaultdict(int)
    for (group, _), (decided, _) in counts.items():
        sizes[group] = max(sizes[group], decided)
    for group in sorted(sizes, key=lambda g: (-sizes[g], g)):
        for part in PARTS:
            if (group, part) in counts:
                decided, right = counts[group, part]
                low, high = wilson(right, decided)
                yield Line(
                    part=part, by=by, group=group, decided=decided, right=right,
                    share=right / decided, low=low, high=high,
                )  # fmt: skip


def judged(store: Store) -> Iterator[Judged]:
    """The events that people decided, with what the machine had said of them."""
    standing = _standing(store.log())
    made = {r.partition(":")[2] for e in standing for r in e.changes or {} if r.startswith("made:")}
    first: dict[str, Mapping[str, Any]] = {}
    named: set[str] = set()
    last: dict[str, Mapping[str, Any]] = {}
    for entry in reversed(standing):
        changes = entry.changes or {}
        chose = entry.action == "correct" and any(record.startswith("mention:") for record in changes)
        for record, change in changes.items():
            if not record.startswith("event:") or entry.action in ("note", "join"):
                continue
            if change.before is not None and change.before.get("decided"):
                first.setdefault(record, change.before)
            if change.after is not None:
                last[record] = change.after
            named.update({record} if chose else ())
    table = store.load()
    facts = {f"event:{row.event_id}": row for row in table.itertuples()}
    for record, machine in first.items():
        row, now = facts.get(record), last.get(record)
        if row is not None and (made.issuperset(machine["claims"]) or all(r.startswith(BY_HAND) for r in row.reports)):
            continue
        if row is not None and now is not None and (row.status in _DECIDED or record in named):
            yield _judged(machine["decided"], now, row)


def _judged(machine: Mapping[str, Any], now: Mapping[str, Any], row: Any) -> Judged:
    right: dict[str, bool | None] = dict.fromkeys(PARTS)
    people = now["decided"] or machine
    if row.status == "rejected":
        right["event"] = False
    else:
        right["place"] = machine["place"]["place_id"] == people["place"]["place_id"]
    if row.status in ("accepted", "corrected"):
        right["event"] = True
        right["days"] = all(machine["days"][day] == people["days"][day] for day in _DAYS)
        right["type"] = machine["type"] == people["type"]
    return Judged(
        type=machine["type"],
        level=machine["place"]["level"],
        outlets=tuple(row.outlets) or (_NO_OUTLET,),
        confidence=row.confidence,
        right=right,
    )


def _standing(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that nobody has taken back, latest first; those that only take back are left out."""
    gone: set[int] = set()
    told = []
    for one in entries:  # latest first: an undo that was itself undone takes nothing back
        if one.undoes is not None and one.seq not in gone:
            gone.add(one.undoes)
        told.append(one)
    return [one for one in told if one.seq not in gone and one.undoes is None]


def main(store: Store) -> str:
    """The scorecard as text: for each group the share right of what was decided, with its 95 % interval."""
    lines = scorecard(store)
    if not lines:
        return "no event has been decided yet; review some first\n"
    text = ["how right the machine was on what people decided (share, 95 % interval, decided)"]
    by = part = ""
    for line in sorted(lines, key=lambda one: PARTS.index(one.part)):
        if (line.part, line.by) != (part, by):
            part, by = line.part, line.by
            text.append(f"{part}, {by}" if by != "all" else part)
        text.append(f"  {line.group:24.24} {line.share:6.1%}  {line.low:6.1%} to {line.high:6.1%} {line.decided:7,}")
    return "\n".join(text) + "\n"
