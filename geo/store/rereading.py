"""Reports that are read again: what the machine says of them now in the place of what it said; what people said stays.

A claim stays as it is where an event that people reviewed holds it, or where somebody decided something of it or of a
name that it rests on. Every other claim, name and reason gives way to the new reading, and a new claim that would lead
with a name of a claim that stays is left out. Of one reading and the next, claims of the same words keep their id, and
so do their events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from geo.errors import StoreError
from geo.records import Extraction, Mention, Skip
from geo.store import log, rows
from geo.store.deriving import UNREVIEWED, derive
from geo.store.listing import CURRENT
from geo.store.log import Change
from geo.store.replacing import neighbours_of
from geo.store.review import joined, report_state
from geo.store.schema import (
    claim_mentions,
    claims,
    events,
    log_touched,
    mentions,
    pairs,
    reports,
    review_log,
    skips,
    timexes,
)
from geo.store.writing import Run, Writer

BY_HAND: Final = "hand-"  # begins the ids of reports that people wrote themselves, which nobody reads again
NO_REASON: Final = "no_event"
At = tuple[str, int, int]
Rows = dict[At, tuple[int, Mention]]


def outdated(conn: Connection, outlet: str) -> list[str]:
    """The ids of an outlet's reports that were last read before something was said of it, oldest first."""
    said = select(func.max(review_log.c.version)).join(log_touched, log_touched.c.seq == review_log.c.seq)
    last = conn.execute(said.where(log_touched.c.record == f"outlet:{outlet}")).scalar() or 0
    chosen = select(reports.c.report_id).where(reports.c.source == outlet, reports.c.since < last, *CURRENT)
    chosen = chosen.where(reports.c.report_id.not_like(f"{BY_HAND}%")).order_by(reports.c.id)
    return list(conn.execute(chosen).scalars())


def read_again(writer: Writer, readings: Iterable[Extraction], run: Run | None, *, who: str, why: str) -> int:
    """Put these readings in the place of the earlier ones, with one entry of the log; how many say something else."""
    made_by = writer.run(run)
    changed = [reading.report.report_id for reading in readings if _put(writer, reading, made_by, who)]
    if changed:
        states = {f"report:{r}": report_state(writer.read, r) for r in changed}
        same = {record: Change(before=state, after=state) for record, state in states.items()}
        log.append(writer, who=who, action="read", why=why, changes=same)
    return len(changed)


def _put(writer: Writer, reading: Extraction, run: int | None, who: str) -> bool:
    """Put one reading in the place of the earlier one; whether it says anything else."""
    report_id = reading.report.report_id
    row = writer.read.report_row(report_id)
    if row["successor"] is not None or row["erased"]:
        return False  # meanwhile: what stands for it now was read anew, or is gone for good
    if rows.report_hash(reading.report) != row["hash"]:
        raise StoreError(f"report {report_id!r} has other words than the store's; put it in as a newer version")
    before = writer.read.extraction(report_id)
    firm = _firm(writer, before)
    after = combined(before, reading, firm)
    told = {"since": writer.version, "run": run or row["run"], "language": reading.report.language}
    writer.conn.execute(update(reports).where(reports.c.id == row["id"]).values(told))
    if _told(after) == _told(before):
        return False
    touched = neighbours_of(writer, before)
    _rewrite(writer, row["id"], before, after, firm.names)
    stays = {c.claim_id for c in after.claims}
    leaving = [c for c in before.claims if c.claim_id not in stays]
    gone = {c.claim_id for c in leaving}
    seeds = [c for c in writer.read.claims_of_reports({report_id, *touched}) if c.claim_id not in gone]
    joined(writer, derive(writer, seeds, leaving=leaving), who)
    _drop(writer, row["id"])
    return True


def _told(extraction: Extraction) -> tuple[object, ...]:
    return extraction.mentions, extraction.timexes, extraction.claims, frozenset(extraction.skips)


# --- what stays ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Firm:
    """What people had a hand in: claims by id, and names by where they stand."""

    claims: frozenset[str]
    names: frozenset[At]


def _firm(writer: Writer, before: Extraction) -> Firm:
    """The claims of reviewed events, all that the log speaks of, and what hangs on it."""
    conn, ids = writer.conn, [c.claim_id for c in before.claims]
    held = select(claims.c.claim_id).join(events, claims.c.event == events.c.id)
    found = set(conn.execute(held.where(claims.c.claim_id.in_(ids), events.c.status != UNREVIEWED)).scalars())
    found |= {i for pair in conn.execute(select(pairs.c.a, pairs.c.b).where(_of_pairs(ids))) for i in pair}
    told = {f"{kind}:{i}": i for kind in ("claim", "made", "publish") for i in ids}
    found |= {told[record] for record in _spoken_of(conn, told)}
    keys = {
        f"{kind}:{m.field}:{m.start}:{m.report_id}": _at(m) for kind in ("mention", "skip") for m in before.mentions
    }
    names = {keys[record] for record in _spoken_of(conn, keys)}
    found |= {c.claim_id for c in before.claims if any(_at(m) in names for m in c.mentions)}
    return Firm(frozenset(found), frozenset(names))


def _of_pairs(ids: Sequence[str]) -> Any:
    return or_(pairs.c.a.in_(ids), pairs.c.b.in_(ids))


def _spoken_of(conn: Connection, records: Collection[str]) -> set[str]:
    return set(conn.execute(select(log_touched.c.record).where(log_touched.c.record.in_(records))).scalars())


def combined(before: Extraction, reading: Extraction, firm: Firm) -> Extraction:
    """The new reading of a report with what is firm of the earlier one; every mention in a claim or set aside."""
    kept = [c for c in before.claims if c.claim_id in firm.claims]
    fixed = firm.names | {_at(m) for c in kept for m in c.mentions}
    taken = [m for m in before.mentions if _at(m) in fixed]
    free = [m for m in reading.mentions if not _meets(m, taken)]
    at = {_at(m) for m in free}
    fresh = [
        replace(c, mentions=tuple(m for m in c.mentions if _at(m) in at))
        for c in reading.claims
        if c.claim_id not in firm.claims and _at(c.mentions[0]) in at
    ]
    found = sorted((*taken, *free), key=lambda m: (m.field != "title", m.start))
    told = sorted((*kept, *fresh), key=lambda c: (c.quote.field != "title", c.quote.start, c.mentions[0].start))
    claimed = {_at(m) for c in told for m in c.mentions}
    aside = {_at(s.mention): s for s in reading.skips} | {
        _at(s.mention): s for s in before.skips if _at(s.mention) in fixed
    }
    skipped = (aside.get(_at(m)) or Skip(mention=m, reason=NO_REASON) for m in found if _at(m) not in claimed)
    return replace(reading, mentions=tuple(found), claims=tuple(told), skips=tuple(skipped))


def _meets(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(m.field == mention.field and m.start < mention.end and mention.start < m.end for m in others)


def _at(mention: Mention) -> At:
    return mention.field, mention.start, mention.end


# --- writing it ------------------------------------------------------------------------------------------------------


def _rewrite(writer: Writer, report: int, before: Extraction, after: Extraction, firm: frozenset[At]) -> None:
    """Bring a report's rows from one reading to the next; what goes is numbered below 0, and stays until `_drop`."""
    for table in (mentions, claims):
        writer.conn.execute(update(table).where(table.c.report == report).values(ord=-1 - table.c.ord))
    at = _put_mentions(writer, report, before, after)
    _put_claims(writer, report, before, after, at)
    _put_skips(writer, after, at, firm)
    writer.conn.execute(delete(timexes).where(timexes.c.report == report))
    told = [{"report": report, "ord": n, **rows.timex_out(t)} for n, t in enumerate(after.timexes)]
    if told:
        writer.conn.execute(insert(timexes), told)


def _put_mentions(writer: Writer, report: int, before: Extraction, after: Extraction) -> Rows:
    """Write the names that are new or tell something else, and number all; the row of each."""
    chosen = select(mentions.c.id, mentions.c.field, mentions.c.start, mentions.c.end)
    here = {(r.field, r.start, r.end): r.id for r in writer.conn.execute(chosen.where(mentions.c.report == report))}
    was = {_at(m): m for m in before.mentions}
    at: Rows = {}
    for n, mention in enumerate(after.mentions):
        row_id = here.get(_at(mention))
        told = {} if was.get(_at(mention)) == mention else rows.mention_out(mention, writer.place)
        if row_id is None:
            row_id = writer.new_id(mentions)
            writer.conn.execute(insert(mentions).values(id=row_id, report=report, ord=n, **told))
        else:
            writer.conn.execute(update(mentions).where(mentions.c.id == row_id).values(ord=n, **told))
        at[_at(mention)] = (row_id, mention)
    return at


def _put_claims(writer: Writer, report: int, before: Extraction, after: Extraction, at: Rows) -> None:
    """Write the claims that are new or tell something else, and number all."""
    was = {c.claim_id: c for c in before.claims}
    for n, claim in enumerate(after.claims):
        mine = claims.c.claim_id == claim.claim_id
        if claim.claim_id not in was:
            writer.put_claims(report, [claim], at, first=n)
            continue
        told = {} if was[claim.claim_id] == claim else rows.claim_out(claim, writer.place)
        writer.conn.execute(update(claims).where(mine).values(ord=n, **told))
        if was[claim.claim_id].mentions != claim.mentions:
            writer.put_links(writer.conn.execute(select(claims.c.id).where(mine)).scalar_one(), claim, at)


def _put_skips(writer: Writer, after: Extraction, at: Rows, firm: frozenset[At]) -> None:
    """Write the reasons anew, but for names that the log speaks of."""
    free = [row_id for name, (row_id, _) in at.items() if name not in firm]
    writer.conn.execute(delete(skips).where(skips.c.mention.in_(free)))
    writer.put_skips([(n, skip) for n, skip in enumerate(after.skips) if _at(skip.mention) not in firm], at)


def _drop(writer: Writer, report: int) -> None:
    """Take away what was left below 0, which no event holds any more."""
    gone = select(claims.c.id).where(claims.c.report == report, claims.c.ord < 0)
    lost = select(mentions.c.id).where(mentions.c.report == report, mentions.c.ord < 0)
    writer.conn.execute(delete(claim_mentions).where(claim_mentions.c.claim.in_(gone)))
    writer.conn.execute(delete(claims).where(claims.c.report == report, claims.c.ord < 0))
    writer.conn.execute(delete(skips).where(skips.c.mention.in_(lost)))
    writer.conn.execute(delete(mentions).where(mentions.c.report == report, mentions.c.ord < 0))
