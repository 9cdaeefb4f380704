"""What to decide next: the names and events whose decision would change most, first.

A decision on a name is worth as many mentions as it probably sets right: the sum of 1 - confidence over them, be it one
or forty. A decision on one event is worth the doubt of the name that it alone rests on, or its own: half of it, and up
to the whole where its confidence lies near a threshold, for there it decides what is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final, Literal

from geo.claims import LIKELY, POSSIBLE
from geo.records import Mention, Place, Status

THRESHOLDS: Final = (POSSIBLE, LIKELY)
_NEAR: Final = 0.06  # how far from a threshold a confidence still counts as near
_AGAIN: Final = 2  # mentions from which a name is asked about as a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A name in one outlet that nobody has decided; `doubt` is how many of its mentions are probably wrong."""

    name: str
    outlet: str | None
    event_id: str
    mentions: int
    reports: int
    doubt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An event that nobody has reviewed, and its confidence."""

    event_id: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One claim at a place that a name stands for, as believed now; `decided` says who chose its place."""

    event_id: str
    claim_id: str
    report_id: str
    outlet: str | None
    headline: str
    place: Place
    status: Status
    decided: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A name that made no event, and why; `key` ("FIELD:START:REPORT_ID") is what a decision on it names."""

    key: str
    name: str
    reason: str
    report_id: str
    outlet: str | None
    decided: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to decide: a name in an outlet, or an event. `gain` is what it is worth, in places set right."""

    kind: Literal["name", "event"]
    event_id: str
    gain: float
    name: str = ""
    outlet: str | None = None
    mentions: int = 1
    reports: int = 1


def order(doubts: Iterable[Doubt], opened: Iterable[Open], *, thresholds: Sequence[float] = THRESHOLDS) -> list[Task]:
    """All tasks, the one worth most first; an event that a name's task shows is not asked about twice."""
    told = list(doubts)
    alone = {d.event_id: d.doubt for d in told if d.mentions < _AGAIN}
    names = [
        Task(
            kind="name", event_id=d.event_id, gain=d.doubt, name=d.name, outlet=d.outlet, mentions=d.mentions,
            reports=d.reports,
        )
        for d in told
        if d.mentions >= _AGAIN
    ]  # fmt: skip
    shown = {task.event_id for task in names}
    events = [
        Task(
            kind="event", event_id=one.event_id,
            gain=max(event_gain(one.confidence, thresholds), alone.get(one.event_id, 0.0)),
        )
        for one in opened
        if one.event_id not in shown
    ]  # fmt: skip
    return sorted((*names, *events), key=lambda task: (-task.gain, task.event_id))


def event_gain(confidence: float, thresholds: Sequence[float] = THRESHOLDS) -> float:
    """What deciding one event is worth: half its doubt, up to the whole of it near a threshold.

    >>> event_gain(0.45) > event_gain(0.3) > event_gain(0.95)
    True
    """
    near = max((exp(-(((confidence - t) / _NEAR) ** 2)) for t in thresholds), default=0.0)
    return (1 - confidence) * (0.5 + 0.5 * near)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a decision on a name would change: how many claims, events and reports, and the places they leave."""

    claims: int
    events: tuple[str, ...]
    claim_ids: tuple[str, ...]
    reports: int
    moved: int
    reopened: int
    left_alone: int
    places: tuple[tuple[Place, int], ...]


def preview(standing: Iterable[Standing], place: Place | None, *, but: str = "") -> Change:
    """What choosing a place for these would change; rejected events and names that people decided are left alone.

    `but` is the event that is being decided, which is never left alone.
    """
    told = list(standing)
    taken = [s for s in told if s.event_id == but or (s.decided is None and s.status != "rejected")]
    moved = [s for s in taken if place is None or s.place.place_id != place.place_id]
    count: dict[Place, int] = defaultdict(int)
    for one in moved:
        count[one.place] += 1
    return Change(
        claims=len(taken),
        events=tuple(dict.fromkeys(s.event_id for s in taken)),
        claim_ids=tuple(s.claim_id for s in taken),
        reports=len({s.report_id for s in taken}),
        moved=len(moved),
        reopened=len({s.event_id for s in taken if s.status in ("accepted", "corrected") and s.event_id != but}),
        left_alone=len(told) - len(taken),
        places=tuple(sorted(count.items(), key=lambda item: (-item[1], item[0].place_id))),
    )


def spellings(name: str) -> tuple[str, ...]:
    """The ways of writing a name that count as the same name: as it is, and without a possessive.

    >>> spellings("Kherson's")
    ("Kherson's", 'Kherson', 'Kherson’s')
    """
    base = name.removesuffix("'s").removesuffix("’s")
    return tuple(dict.fromkeys((name, base, f"{base}'s", f"{base}’s")))


def named(found: Iterable[tuple[Mention, str | None]]) -> list[Doubt]:
    """The names in doubt among mentions with their outlets, as the store would list them; the report for the event."""
    groups: dict[tuple[str, str | None], list[Mention]] = defaultdict(list)
    for mention, outlet in found:
        groups[mention.text, outlet].append(mention)
    doubts = [
        Doubt(
            name=name, outlet=outlet, event_id=min(held, key=lambda m: m.confidence or 0.0).report_id,
            mentions=len(held), reports=len({m.report_id for m in held}),
            doubt=sum(1 - (m.confidence or 0.0) for m in held),
        )
        for (name, outlet), held in groups.items()
    ]  # fmt: skip
    return sorted(doubts, key=lambda d: (-d.doubt, d.name, d.outlet or ""))
