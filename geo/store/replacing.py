"""Reports that change: a newer version in the place of an older one, or a report erased with all its words.

Neither is taken back by an undo: a replaced report can be replaced again, and erased words are gone. An erased report
keeps its id and its hash, so that adding it again does not bring it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select, update

from geo.errors import StoreError
from geo.records import Claim, Extraction
from geo.store import log, rows, words
from geo.store.deriving import UNREVIEWED, Changed, Verdict, derive
from geo.store.log import Change
from geo.store.review import joined, report_state
from geo.store.schema import (
    claim_mentions,
    claims,
    events,
    log_touched,
    mentions,
    pairs,
    past_events,
    reports,
    skips,
    timexes,
)
from geo.store.writing import Writer


def put_newer(writer: Writer, report_id: str, newer: Extraction, *, who: str, why: str) -> str:
    """Add a newer version of a report in the place of an older one; the id under which it is kept.

    Claims that say the same words of the same name take over what people decided on the older ones. Both versions are
    kept; the older one's claims are in no event any more.
    """
    row = writer.read.report_row(report_id)
    if row["successor"] is not None or row["erased"]:
        raise StoreError(f"report {report_id!r} was replaced or erased before; name its newest version")
    before = report_state(writer.read, report_id)
    older = writer.read.extraction(report_id)
    added = writer.add(newer, None)
    if added is None:
        raise StoreError(f"the newer version of report {report_id!r} is in the store already, word for word")
    same = _same_words(older, added)
    _carry(writer, same)
    touched = neighbours_of(writer, older)
    verdicts = _verdicts(writer, older, {old.claim_id: new.claim_id for old, new in same})
    now = writer.read.report_row(added.report.report_id)
    writer.conn.execute(update(reports).where(reports.c.id == row["id"]).values(successor=now["id"]))
    seeds = [*writer.read.claims_of_reports({added.report.report_id, *touched})]
    changed = derive(writer, seeds, verdicts, leaving=older.claims)
    log.append(
        writer,
        who=who,
        action="replace",
        why=why,
        changes={f"report:{report_id}": Change(before=before, after=report_state(writer.read, report_id))},
    )
    told = {v.event_id for v in verdicts} - {e.event_id for pair in changed for e in pair if e}
    joined(writer, [*changed, *_still(writer, told)], who)
    return added.report.report_id


def erase(writer: Writer, report_id: str, *, who: str, why: str) -> None:
    """Take the words of a report, and of the versions that it replaced, away everywhere.

    Gone are text, names, quotes, past states of events, and the log's bodies that tell of them.
    """
    if writer.read.report_row(report_id)["erased"]:
        raise StoreError(f"report {report_id!r} is erased already")
    for version in _versions(writer, report_id):
        _erase(writer, version, who=who, why=why)
    words.tidy(writer.conn)


def _versions(writer: Writer, report_id: str) -> list[str]:
    """A report and the versions that it replaced, newest first; those that are erased left out."""
    found: list[str] = []
    row: RowMapping | None = writer.read.report_row(report_id)
    while row is not None:
        if not row["erased"]:
            found.append(row["report_id"])
        row = writer.conn.execute(select(reports).where(reports.c.successor == row["id"])).mappings().first()
    return found


def _erase(writer: Writer, report_id: str, *, who: str, why: str) -> None:
    row = writer.read.report_row(report_id)
    before = report_state(writer.read, report_id)
    gone = writer.read.extraction(report_id)
    ids = [c.claim_id for c in gone.claims]
    touched = neighbours_of(writer, gone)
    held = select(events.c.event_id).join(claims, claims.c.event == events.c.id).where(claims.c.report == row["id"])
    named = set(writer.conn.execute(held).scalars())
    changed = derive(writer, writer.read.claims_of_reports(touched), leaving=gone.claims)
    words.take_reports(writer.conn, [(row["id"], row["title"], row["text"])])
    _delete(writer, row["id"], ids)
    blank: dict[str, Any] = {"title": "", "text": "", "url": None, "erased": True}
    writer.conn.execute(update(reports).where(reports.c.id == row["id"]).values(blank))
    bodies = _scrub(writer, report_id, ids, named)
    log.append(
        writer,
        who=who,
        action="erase",
        why=why,
        changes={
            f"report:{report_id}": Change(before=before, after=report_state(writer.read, report_id)),
            "log": Change(before=None, after={"bodies": sorted(bodies)}),
        },
    )
    told = _reviewed(writer, bodies) - {e.event_id for pair in changed for e in pair if e}
    joined(writer, [*changed, *_still(writer, told)], who)


def _same_words(older: Extraction, newer: Extraction) -> list[tuple[Claim, Claim]]:
    """Claims of both versions that say the same words of the same name, in reading order."""
    waiting: dict[tuple[str, str], list[Claim]] = {}
    for claim in older.claims:
        waiting.setdefault((claim.quote.text, claim.mentions[0].text), []).append(claim)
    alike = ((waiting.get((c.quote.text, c.mentions[0].text)), c) for c in newer.claims)
    return [(found.pop(0), claim) for found, claim in alike if found]


def _carry(writer: Writer, same: list[tuple[Claim, Claim]]) -> None:
    """Give newer claims what people decided on the older ones: corrected fields, and pairs kept apart or together."""
    for old, new in same:
        chosen = old.mentions[0].reason.startswith("chosen by ")
        if chosen or log.last_touch(writer.conn, f"claim:{old.claim_id}") is not None:
            row = rows.claim_out(replace(new, place=old.place, days=old.days, type=old.type), writer.place)
            told = {
                name: row[name]
                for name in ("place", "type", "first_day", "last_day", "date_basis", "edtf", "day_words")
            }
            told |= {"role": old.role, "modality": old.modality, "subtype": old.subtype}
            writer.conn.execute(update(claims).where(claims.c.claim_id == new.claim_id).values(told))
        for column in (pairs.c.a, pairs.c.b):
            kept = writer.conn.execute(select(pairs).where(column == old.claim_id)).all()
            for pair in kept:
                a, b = sorted((new.claim_id, pair.b if column is pairs.c.a else pair.a))
                writer.conn.execute(pairs.insert().values(a=a, b=b, kind=pair.kind))


def neighbours_of(writer: Writer, extraction: Extraction) -> set[str]:
    """The other reports whose claims share an event with this one's."""
    ids = select(reports.c.id).where(reports.c.report_id == extraction.report.report_id).scalar_subquery()
    shared = select(claims.c.event).where(claims.c.report == ids, claims.c.event.is_not(None))
    chosen = select(reports.c.report_id).join(claims, claims.c.report == reports.c.id).where(claims.c.event.in_(shared))
    return set(writer.conn.execute(chosen.distinct()).scalars()) - {extraction.report.report_id}


def _delete(writer: Writer, report: int, claim_ids: list[str]) -> None:
    named = select(mentions.c.id).where(mentions.c.report == report)
    claimed = select(claims.c.id).where(claims.c.report == report)
    writer.conn.execute(delete(claim_mentions).where(claim_mentions.c.claim.in_(claimed)))
    writer.conn.execute(delete(skips).where(skips.c.mention.in_(named)))
    writer.conn.execute(delete(timexes).where(timexes.c.report == report))
    writer.conn.execute(delete(claims).where(claims.c.report == report))
    writer.conn.execute(delete(mentions).where(mentions.c.report == report))
    writer.conn.execute(delete(pairs).where(pairs.c.a.in_(claim_ids) | pairs.c.b.in_(claim_ids)))


def _scrub(writer: Writer, report_id: str, claim_ids: list[str], event_ids: set[str]) -> set[int]:
    """Empty the past states and the log bodies that may hold the report's words; the numbers of those entries."""
    quoted = rows.dumps(rows.dumps(report_id))[1:-1]  # a list in JSON, itself in JSON
    told = or_(past_events.c.event_id.in_(event_ids), past_events.c.body.contains(quoted, autoescape=True))
    writer.conn.execute(update(past_events).where(told).values(body=None))
    records = [f"claim:{c}" for c in claim_ids] + [f"event:{e}" for e in event_ids]
    chosen = select(log_touched.c.seq).where(log_touched.c.record.in_(records))
    bodies = set(writer.conn.execute(chosen).scalars())
    for name in (report_id, *claim_ids):  # pairs of claims, names of the report
        holding = select(log_touched.c.seq).where(log_touched.c.record.contains(name, autoescape=True))
        bodies |= set(writer.conn.execute(holding).scalars())
    log.erase_bodies(writer.conn, bodies)
    return bodies


def _verdicts(writer: Writer, older: Extraction, newer: dict[str, str]) -> list[Verdict]:
    """What stands on the events of an older version, on the claims that say the same in the newer one."""
    ids = [c.claim_id for c in older.claims]
    chosen = select(claims.c.event).where(claims.c.claim_id.in_(ids), claims.c.event.is_not(None)).distinct()
    found = writer.read.events(writer.conn.execute(chosen).scalars().all())
    verdicts = [Verdict.of(event) for event in found.values() if event.status != UNREVIEWED]
    return [replace(v, claim_ids=tuple(newer.get(c, c) for c in v.claim_ids)) for v in verdicts]


def _reviewed(writer: Writer, seqs: set[int]) -> set[str]:
    """The events that these entries spoke of, as far as they stand and are reviewed."""
    records = writer.conn.execute(select(log_touched.c.record).where(log_touched.c.seq.in_(seqs))).scalars()
    named = {record.partition(":")[2] for record in records if record.startswith("event:")}
    chosen = select(events.c.event_id).where(events.c.event_id.in_(named), events.c.status != UNREVIEWED)
    return set(writer.conn.execute(chosen).scalars())


def _still(writer: Writer, event_ids: set[str]) -> list[Changed]:
    """Events as they stand, to be bound to the log again; those that are gone are left out."""
    chosen = select(events.c.id).where(events.c.event_id.in_(event_ids)).order_by(events.c.id)
    return [(e, e) for e in writer.read.events(writer.conn.execute(chosen).scalars().all()).values()]
