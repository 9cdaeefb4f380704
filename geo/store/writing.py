"""Write reports, claims and events within one transaction; every replaced state of an event is kept as past."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, Executable, Table, bindparam, delete, func, insert, select, update

from geo.errors import StoreError
from geo.records import Claim, Event, Extraction, Mention, Place, Skip
from geo.store import rows, words
from geo.store.reading import Reader, parts
from geo.store.rows import Row
from geo.store.schema import (
    changes,
    claim_mentions,
    claims,
    event_blocks,
    events,
    mentions,
    past_events,
    places,
    reports,
    runs,
    skips,
    timexes,
)

# built once: SQLAlchemy takes longer to build such a statement than SQLite to run it
_INSERT_EVENT: Final = insert(events)
_UPDATE_EVENT: Final = (
    update(events)
    .where(events.c.id == bindparam("of"))
    .values({c.name: bindparam(c.name) for c in events.c if c.name != "id"})
)
_DELETE_EVENT: Final = delete(events).where(events.c.id == bindparam("of"))
_INSERT_BLOCK: Final = insert(event_blocks)
_INSERT_PAST: Final = insert(past_events)
_LEAD: Final = (
    update(claims).where(claims.c.claim_id == bindparam("of")).values(event=bindparam("to"), event_ord=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Run:
    """What made the claims: versions of the code, the gazetteer and the model."""

    code: str
    gazetteer: str = ""
    model: str = ""


class Writer:
    """Writes within one transaction, which is one version of the store."""

    def __init__(self, conn: Connection, what: str, known: Mapping[Place, int] | None = None) -> None:
        self.conn = conn
        self.read = Reader(conn)
        self.places: dict[Place, int] = dict(known or {})
        self._next: dict[str, int] = {}
        self.moment = time.time_ns() // 1000
        last, moment = conn.execute(select(func.max(changes.c.version), func.max(changes.c.moment))).one()
        self.moment = max(self.moment, (moment or 0) + 1)
        self.version: int = (last or 0) + 1
        conn.execute(insert(changes), {"version": self.version, "moment": self.moment, "what": what})

    def new_id(self, table: Table) -> int:
        """The next row id of a table; nobody else writes meanwhile."""
        if table.name not in self._next:
            self._next[table.name] = (self.conn.execute(select(func.max(table.c.id))).scalar() or 0) + 1
        self._next[table.name] += 1
        return self._next[table.name] - 1

    def skip_ids(self, table: Table, many: int) -> None:
        """Leave out so many row ids, which were given to rows written in bulk."""
        self._next[table.name] += many

    def place(self, place: Place) -> int:
        """The row id of a place, which is written if it is new."""
        if place not in self.places:
            self.put_places([place])
        return self.places[place]

    def put_places(self, wanted: Iterable[Place]) -> None:
        """Write those of these places that are new."""
        told = {place: rows.place_out(place) for place in wanted if place not in self.places}
        if not told:
            return
        at: dict[str, int] = {}
        for part in parts(row["key"] for row in told.values()):
            at |= {
                row.key: row.id
                for row in self.conn.execute(select(places.c.key, places.c.id).where(places.c.key.in_(part)))
            }
        fresh: dict[str, Row] = {}
        for place, row in told.items():
            if row["key"] not in at:
                at[row["key"]] = self.new_id(places)
                fresh[row["key"]] = {"id": at[row["key"]], **row}
            self.places[place] = at[row["key"]]
        if fresh:
            self.conn.execute(insert(places), list(fresh.values()))

    def run(self, run: Run | None) -> int | None:
        """The row id of a run."""
        if run is None:
            return None
        key = rows.digest([run.code, run.gazetteer, run.model])
        known: int | None = self.conn.execute(select(runs.c.id).where(runs.c.key == key)).scalar()
        if known is not None:
            return known
        row_id = self.new_id(runs)
        told = {"code": run.code, "gazetteer": run.gazetteer, "model": run.model}
        self.conn.execute(insert(runs).values(id=row_id, key=key, started=self.moment, **told))
        return row_id

    def add(self, extraction: Extraction, run: int | None) -> Extraction | None:
        """Write a report with all that it yielded; None if the store holds it. Its claims are in no event yet.

        A report whose id belongs to another report is given an id of its own, and told back under it.
        """
        key = rows.report_hash(extraction.report)
        if self.conn.execute(select(reports.c.id).where(reports.c.hash == key)).first():
            return None
        given = extraction.report.report_id
        if self.conn.execute(select(reports.c.id).where(reports.c.report_id == given)).first():
            extraction = renamed(extraction, f"{given}~{key[:8]}")
        report = extraction.report
        self.put_places(_places(extraction))
        row_id = self.new_id(reports)
        row = {**rows.report_out(report), "id": row_id, "hash": key, "run": run, "since": self.version, "erased": False}
        self.conn.execute(insert(reports), row)
        words.put_reports(self.conn, [(row_id, report.title, report.text)])
        at = self._put_mentions(row_id, extraction.mentions)
        self.put_skips(enumerate(extraction.skips), at)
        if extraction.timexes:
            told = [{"report": row_id, "ord": n, **rows.timex_out(t)} for n, t in enumerate(extraction.timexes)]
            self.conn.execute(insert(timexes), told)
        self.put_claims(row_id, extraction.claims, at)
        return extraction

    def _put_mentions(self, report: int, found: Sequence[Mention]) -> dict[tuple[str, int, int], tuple[int, Mention]]:
        at: dict[tuple[str, int, int], tuple[int, Mention]] = {}
        told = []
        for n, mention in enumerate(found):
            row_id = self.new_id(mentions)
            at[mention.field, mention.start, mention.end] = (row_id, mention)
            told.append({"id": row_id, "report": report, "ord": n, **rows.mention_out(mention, self.place)})
        if told:
            self.conn.execute(insert(mentions), told)
        if len(at) != len(found):
            raise StoreError(f"report {found[0].report_id!r} has two mentions at the same place")
        return at

    def put_skips(
        self, found: Iterable[tuple[int, Skip]], at: Mapping[tuple[str, int, int], tuple[int, Mention]]
    ) -> None:
        """Set names aside, each with its number."""
        told = []
        for n, skip in found:
            row_id, body = self._link(skip.mention, at)
            told.append({"mention": row_id, "ord": n, "reason": skip.reason, "body": body})
        if told:
            self.conn.execute(insert(skips), told)

    def put_claims(
        self,
        report: int,
        found: Sequence[Claim],
        at: Mapping[tuple[str, int, int], tuple[int, Mention]],
        *,
        first: int = 0,
    ) -> None:
        """Write claims of one report, and the mentions that they rest on; `first` is the number of the first."""
        told, links = [], []
        for n, claim in enumerate(found, start=first):
            row_id = self.new_id(claims)
            row = rows.claim_out(claim, self.place)
            told.append({"id": row_id, "report": report, "ord": n, "event": None, "event_ord": 0, **row})
            links += self._links(row_id, claim, at)
        if told:
            self.conn.execute(insert(claims), told)
            self.conn.execute(insert(claim_mentions), links)

    def put_links(self, row_id: int, claim: Claim, at: Mapping[tuple[str, int, int], tuple[int, Mention]]) -> None:
        """Write anew which names a claim rests on, by the claim's row id."""
        self.conn.execute(delete(claim_mentions).where(claim_mentions.c.claim == row_id))
        self.conn.execute(insert(claim_mentions), self._links(row_id, claim, at))

    def _links(self, row_id: int, claim: Claim, at: Mapping[tuple[str, int, int], tuple[int, Mention]]) -> list[Row]:
        linked = ((n, self._link(mention, at)) for n, mention in enumerate(claim.mentions))
        return [{"claim": row_id, "ord": n, "mention": mention, "body": body} for n, (mention, body) in linked]

    def _link(self, mention: Mention, at: Mapping[tuple[str, int, int], tuple[int, Mention]]) -> tuple[int, str | None]:
        try:
            row_id, kept = at[mention.field, mention.start, mention.end]
        except KeyError:
            raise StoreError(
                f"report {mention.report_id!r}: {mention.text!r} at {mention.start} is not among its mentions"
            ) from None
        return row_id, None if mention == kept else rows.dumps(rows.mention_out(mention, self.place))

    def settle(self, existing: Mapping[int, Event], wanted: Sequence[Event], keys: Mapping[str, set[str]]) -> None:
        """Put the wanted events in the place of the existing ones; `keys` are their blocks, by event_id."""
        at = {event.event_id: row_id for row_id, event in existing.items()}
        leaving = at.keys() - {event.event_id for event in wanted}
        changed = [event for event in wanted if event.event_id not in at or event != existing[at[event.event_id]]]
        self._release([at[e] for e in leaving] + [at[e.event_id] for e in changed if e.event_id in at])
        told = [{**rows.event_out(e, self.place), "since": self.version, "of": at.get(e.event_id)} for e in changed]
        fresh = [{**row, "id": self.new_id(events)} for row in told if row["of"] is None]
        again = [{**row, "id": row["of"]} for row in told if row["of"] is not None]
        self._put(_INSERT_EVENT, [{k: v for k, v in row.items() if k != "of"} for row in fresh])
        self._put(_UPDATE_EVENT, again)
        words.put_events(self.conn, [(row["id"], words.event_text(row)) for row in (*fresh, *again)])
        ids = {row["event_id"]: row["id"] for row in (*fresh, *again)}
        self.put_blocks({ids[e.event_id]: keys[e.event_id] for e in changed})
        led = [(ids[e.event_id], n, c.claim_id) for e in changed for n, c in enumerate(e.claims)]
        self._put(_LEAD, [{"to": to, "at": n, "of": claim_id} for to, n, claim_id in led])
        self._put(_DELETE_EVENT, [{"of": at[event_id]} for event_id in sorted(leaving)])

    def put_blocks(self, keys: Mapping[int, set[str]]) -> None:
        """Write the blocks of events, by row id."""
        self._put(_INSERT_BLOCK, [{"event": row_id, "key": key} for row_id in keys for key in sorted(keys[row_id])])

    def _put(self, statement: Executable, told: Sequence[Row]) -> None:
        if told:
            self.conn.execute(statement, told)

    def _release(self, row_ids: Sequence[int]) -> None:
        """Keep the present state of these events as past, and free their claims and blocks."""
        for part in parts(row_ids):
            was = self.conn.execute(select(events).where(events.c.id.in_(part))).mappings().all()
            words.take_events(self.conn, [(row["id"], words.event_text(row)) for row in was])
            self._keep_past([dict(row) for row in was if row["since"] != self.version])
            self.conn.execute(update(claims).where(claims.c.event.in_(part)).values(event=None))
            self.conn.execute(delete(event_blocks).where(event_blocks.c.event.in_(part)))

    def _keep_past(self, was: Sequence[Row]) -> None:
        held: dict[int, list[str]] = {row["id"]: [] for row in was}
        chosen = select(claims.c.event, claims.c.claim_id).where(claims.c.event.in_(held)).order_by(claims.c.event_ord)
        for row_id, claim_id in self.conn.execute(chosen) if was else ():
            held[row_id].append(claim_id)
        self._put(
            _INSERT_PAST,
            [
                {
                    "event_id": row["event_id"],
                    "since": row["since"],
                    "until": self.version,
                    "body": rows.dumps({**row, "claims": held[row["id"]]}),
                }
                for row in was
            ],
        )


def renamed(extraction: Extraction, report_id: str) -> Extraction:
    """The same extraction under another report_id, and its claims under ids of their own."""
    tail = report_id.rpartition("~")[2]

    def mention(old: Mention) -> Mention:
        return replace(old, report_id=report_id)

    return replace(
        extraction,
        report=replace(extraction.report, report_id=report_id),
        mentions=tuple(mention(m) for m in extraction.mentions),
        claims=tuple(
            replace(
                c,
                claim_id=f"{c.claim_id}~{tail}",
                report_id=report_id,
                mentions=tuple(mention(m) for m in c.mentions),
            )
            for c in extraction.claims
        ),
        skips=tuple(replace(s, mention=mention(s.mention)) for s in extraction.skips),
    )


def _places(extraction: Extraction) -> set[Place]:
    found = {claim.place for claim in extraction.claims}
    told = [*extraction.mentions, *(m for c in extraction.claims for m in c.mentions)]
    for mention in [*told, *(s.mention for s in extraction.skips)]:
        found.update(c.place for c in mention.runners_up)
        if mention.place:
            found.add(mention.place)
    return found
