"""Claims and decisions to events, in the store: only those that could be touched are worked out anew.

An event is what `geo.merge` makes of the claims and of what people decided (pairs of claims kept apart or together).
So the events are the same whatever the order in which reports came and decisions were taken back. What people said
of an event as a whole (its status) stays with the event that holds most of its claims. A rejected event takes no
more part in merging, and the machine never unites two events that people have reviewed.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from sqlalchemy import delete, or_, select

from geo import merge
from geo.records import Claim, Event, Extraction, Report, Status
from geo.store.reading import parts
from geo.store.schema import claims, event_blocks, pairs
from geo.store.writing import Writer

UNREVIEWED: Final = "unreviewed"
REJECTED: Final = "rejected"
BLOCKED_AT_ONCE: Final = 500  # events read into memory with their claims
DECIDED: Final = ("title", "type", "subtype", "trigger", "modality", "place", "days")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people said of an event as a whole: its status, and what it then said of itself.

    `claim_ids` are the claims that it then had; by them it is found again. `decided` holds the fields named in DECIDED
    as they were seen, or None where they are to be worked out anew.
    """

    event_id: str
    status: Status
    claim_ids: tuple[str, ...]
    decided: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, event: Event) -> Verdict:
        """The verdict that stands on an event."""
        decided = {name: getattr(event, name) for name in DECIDED}
        return cls(event.event_id, event.status, tuple(c.claim_id for c in event.claims), decided)


Changed = tuple[Event | None, Event | None]


def derive(
    writer: Writer, seeds: Sequence[Claim], verdicts: Iterable[Verdict] = (), *, leaving: Sequence[Claim] = ()
) -> list[Changed]:
    """Work out anew the events of these claims (all of a report's, or none) and of all that they may join.

    `verdicts` are new ones, "unreviewed" where one is taken back; claims that are `leaving` are in no event afterwards.
    What comes back are the reviewed events that changed, before and after.
    """
    return Derivation(writer, seeds, verdicts, leaving).run()


def block_anew(writer: Writer) -> None:
    """Write the blocks of all events anew, in a store whose blocks an earlier version of `geo.merge` gave."""
    chosen = select(claims.c.event).where(claims.c.event.is_not(None)).distinct()
    held = list(writer.conn.execute(chosen).scalars())
    writer.conn.execute(delete(event_blocks))
    for part in parts(held, BLOCKED_AT_ONCE):
        found = writer.read.events(part)
        told = writer.read.reports({c.report_id for e in found.values() for c in e.claims})
        writer.put_blocks({row_id: _keys(event, told) for row_id, event in found.items()})


class Derivation:
    """One derivation: the pool of events that may be touched, and what becomes of them."""

    def __init__(
        self, writer: Writer, seeds: Sequence[Claim], verdicts: Iterable[Verdict], leaving: Sequence[Claim]
    ) -> None:
        self.writer = writer
        self.told = {v.event_id: v for v in verdicts}
        self.seeds = {c.claim_id: c for c in seeds}
        self.leaving = {c.claim_id for c in leaving}
        self.reports: dict[str, Report] = writer.read.reports({c.report_id for c in seeds})
        self.decisions = self._decisions(self.seeds)
        fresh = self._tellings(seeds)
        keys = {key for telling in fresh for key in merge.blocks(telling)}
        self.existing = writer.read.events(sorted(self._holding() | self._near(keys)))
        self.reports |= writer.read.reports({c.report_id for e in self.existing.values() for c in e.claims})
        self.decisions = self._decisions(
            self.seeds.keys() | {c.claim_id for e in self.existing.values() for c in e.claims}
        )
        self.verdicts = self._verdicts()

    def run(self) -> list[Changed]:
        """Merge the pool, give the verdicts to the events that they were said of, and write what changed."""
        before = {e.event_id: e for e in self.existing.values()}
        shut = {c for v in self.verdicts if v.status == REJECTED for c in v.claim_ids}
        pool = {c.claim_id: c for e in self.existing.values() for c in e.claims} | self.seeds
        pool = {claim_id: c for claim_id, c in pool.items() if claim_id not in self.leaving}
        held = [[pool[c] for c in v.claim_ids if c in pool] for v in self.verdicts if v.status == REJECTED]
        wanted = [self._one(some) for some in held if some]
        wanted += self._merged([c for c in pool.values() if c.claim_id not in shut])
        wanted = self._named(self._judged(wanted))
        keys = {e.event_id: _keys(e, self.reports) for e in wanted}
        self.writer.settle(self.existing, wanted, keys)
        reviewed = [e for e in wanted if e.status != UNREVIEWED]
        gone = before.keys() - {e.event_id for e in wanted} - self.told.keys()
        changed: list[Changed] = [(before.get(e.event_id), e) for e in reviewed if before.get(e.event_id) != e]
        return changed + [(before[e], None) for e in sorted(gone) if before[e].status != UNREVIEWED]

    def _merged(self, pool: Sequence[Claim]) -> list[Event]:
        """The events of a pool of claims; reviewed events that it would unite stay apart, and out of it."""
        reviewed = {c: v for v in self.verdicts if v.status != REJECTED for c in v.claim_ids}
        found = merge.merge(self._tellings(pool), self.reports, self.decisions)
        clashing: set[str] = set()
        for event in found:
            owners = {reviewed[c.claim_id].event_id for c in event.claims if c.claim_id in reviewed}
            if len(owners) > 1 and not self._bound(event):
                clashing |= owners
        if not clashing:
            return found
        kept = [self._apart(v, pool) for v in self.verdicts if v.event_id in clashing]
        out = {c.claim_id for e in kept for c in e.claims}
        self.verdicts = [v for v in self.verdicts if v.event_id not in clashing]
        return kept + self._merged([c for c in pool if c.claim_id not in out])

    def _apart(self, verdict: Verdict, pool: Sequence[Claim]) -> Event:
        """A reviewed event that the machine would unite with another: as it stands, or as it was decided just now."""
        if verdict.event_id not in self.told:
            return next(e for e in self.existing.values() if e.event_id == verdict.event_id)
        made = self._one([c for c in pool if c.claim_id in verdict.claim_ids])
        return replace(made, event_id=verdict.event_id, status=verdict.status, **dict(verdict.decided or {}))

    def _bound(self, event: Event) -> bool:
        """Whether a person put claims of this event together."""
        held = {c.claim_id for c in event.claims}
        return any(pair <= held for pair in self.decisions.together)

    def _judged(self, wanted: Sequence[Event]) -> list[Event]:
        """The events with their verdicts: each to the one that holds most of its claims, and one an event."""
        home = {c.claim_id: n for n, e in enumerate(wanted) for c in e.claims}
        judged = list(wanted)
        for verdict in sorted(self.verdicts, key=lambda v: v.event_id):
            votes = Counter(home[c] for c in verdict.claim_ids if c in home)
            if not votes:
                continue
            at = min(votes, key=lambda n: (-votes[n], n))
            if judged[at].status == UNREVIEWED:
                told = dict(verdict.decided or {})
                judged[at] = replace(judged[at], event_id=verdict.event_id, status=verdict.status, **told)
        return judged

    def _named(self, wanted: Sequence[Event]) -> list[Event]:
        """The same events, none under the id of another: a reviewed one keeps its id, whatever claims it has gained."""
        taken = {e.event_id for e in wanted if e.status != UNREVIEWED}
        named = []
        for event in wanted:
            if event.status == UNREVIEWED and event.event_id in taken:
                first = min(c.claim_id for c in event.claims)
                event = replace(event, event_id="e" + hashlib.sha256(f"{first} apart".encode()).hexdigest()[:15])  # noqa: PLW2901
            named.append(event)
        return named

    def _tellings(self, pool: Iterable[Claim]) -> list[Event]:
        """The tellings of each report, divided where a person split within one."""
        by_report: dict[str, list[Claim]] = defaultdict(list)
        for claim in pool:
            by_report[claim.report_id].append(claim)
        return [t for report_id, held in by_report.items() for t in self._within(self.reports[report_id], held)]

    def _within(self, report: Report, held: Sequence[Claim]) -> list[Event]:
        found = merge.within(Extraction(report=report, mentions=(), timexes=(), claims=tuple(held), skips=()))
        divided = []
        for telling in found:
            groups = _divided(telling.claims, self.decisions.apart)
            if len(groups) == 1:
                divided.append(telling)
                continue
            for group in groups:
                divided += self._within(report, group)
        return divided

    def _one(self, held: Sequence[Claim]) -> Event:
        """One event of these claims, whatever the machine thinks of it."""
        ids = [c.claim_id for c in held]
        bound = merge.Decisions(together=frozenset(frozenset(pair) for pair in combinations(ids, 2)))
        (event,) = merge.merge(self._tellings(held), self.reports, bound)
        return event

    def _holding(self) -> set[int]:
        """The events that hold the seeds, or a claim that a person has put together with one."""
        found: set[int] = set()
        conn = self.writer.conn
        for part in parts(self.seeds.keys() | self.leaving):
            bound = conn.execute(select(pairs.c.a, pairs.c.b).where(or_(pairs.c.a.in_(part), pairs.c.b.in_(part))))
            ids = {c for pair in bound for c in pair} | set(part)
            chosen = select(claims.c.event).where(claims.c.claim_id.in_(ids), claims.c.event.is_not(None))
            found.update(conn.execute(chosen).scalars())
        return found

    def _near(self, keys: Collection[str]) -> set[int]:
        found: set[int] = set()
        for part in parts(keys):
            chosen = select(event_blocks.c.event).where(event_blocks.c.key.in_(part)).distinct()
            found.update(self.writer.conn.execute(chosen).scalars())
        return found

    def _decisions(self, held: Collection[str]) -> merge.Decisions:
        found: dict[str, set[frozenset[str]]] = {"apart": set(), "together": set()}
        for part in parts(held):
            for row in self.writer.conn.execute(select(pairs).where(pairs.c.a.in_(part))):
                found[row.kind].add(frozenset((row.a, row.b)))
        return merge.Decisions(apart=frozenset(found["apart"]), together=frozenset(found["together"]))

    def _verdicts(self) -> list[Verdict]:
        standing = {e.event_id: Verdict.of(e) for e in self.existing.values() if e.status != UNREVIEWED}
        return [v for v in (standing | self.told).values() if v.status != UNREVIEWED]


def _keys(event: Event, reports: Mapping[str, Report]) -> set[str]:
    return {key for telling in merge.tellings(event, reports) for key in merge.blocks(telling)}


def _divided(held: Sequence[Claim], apart: frozenset[frozenset[str]]) -> list[list[Claim]]:
    """The claims in groups of which none has two that a person keeps apart; one group where nobody does."""
    groups: list[list[Claim]] = []
    for claim in held:
        for group in groups:
            if not any(frozenset((claim.claim_id, other.claim_id)) in apart for other in group):
                group.append(claim)
                break
        else:
            groups.append([claim])
    return groups
