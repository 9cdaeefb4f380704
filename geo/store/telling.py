"""Names that were set aside and are told of after all: a person says what happened there, in a sentence of the report.

The claim that this makes stands beside those that the machine made. Its record in the log is "made:CLAIM_ID", what may
change of it is "claim:CLAIM_ID" as for every claim, and the reason for which the name was set aside is "skip:NAME".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import delete, func, insert, or_, select

from geo import sentences
from geo.errors import NotFound, StoreError
from geo.records import Claim, Days, EventType, Place
from geo.store import rows
from geo.store.log import State
from geo.store.reading import Reader
from geo.store.schema import claim_mentions, claims, mentions, pairs, reports, skips
from geo.store.writing import Writer

_MADE: Final = ("confidence", "quote_field", "quote_start", "quote_end", "quote")
_BLANK: Final = {
    "type": "other", "subtype": "", "trigger": "", "role": "place", "modality": "actual", "said_by": "",
    "counts": "[]", **rows.days_out(Days()),
}  # fmt: skip


def row_of(reader: Reader, key: str) -> int | None:
    """The row of a name, by "FIELD:START:REPORT_ID"; None where there is none."""
    field, start, report_id = key.split(":", 2)
    chosen = select(mentions.c.id).join(reports).where(reports.c.report_id == report_id)
    return reader.conn.execute(chosen.where(mentions.c.field == field, mentions.c.start == int(start))).scalar()


def telling(reader: Reader, key: str, kind: EventType, days: Days, place: Place) -> dict[str, State]:
    """The records of a claim that a name set aside is to lead, by name, but for the name's own."""
    row_id = row_of(reader, key)
    if row_id is None:
        raise NotFound(f"there is no name at {key!r} in this store")
    aside = skip_state(reader, key)
    if aside is None:
        raise StoreError(f"the name at {key!r} leads or supports a claim already; correct that one")
    named = reader.conn.execute(select(mentions.c.field, mentions.c.start).where(mentions.c.id == row_id)).one()
    report_id = key.split(":", 2)[2]
    text = reader.reports({report_id})[report_id].field(named.field)
    start, end = next((s, e) for s, e in sentences.split(text) if s <= named.start < e)
    claim_id = "c" + hashlib.sha256(f"{key} told".encode()).hexdigest()[:15]
    made = {"name": key, "confidence": 1.0, "quote_field": named.field, "quote_start": start, "quote_end": end}
    told = {name: _BLANK[name] for name in ("subtype", "role", "modality")}
    told |= {"type": kind, "place": rows.place_out(place), **rows.days_out(days)}
    return {f"made:{claim_id}": {**made, "quote": text[start:end]}, f"claim:{claim_id}": told, f"skip:{key}": None}


def made_state(reader: Reader, claim_id: str) -> State:
    """What of a claim made by hand never changes; None where it is not there."""
    row = reader.conn.execute(select(claims).where(claims.c.claim_id == claim_id)).mappings().first()
    if row is None:
        return None
    chosen = select(mentions.c.field, mentions.c.start, reports.c.report_id).join(reports).join(claim_mentions)
    named = reader.conn.execute(chosen.where(claim_mentions.c.claim == row["id"], claim_mentions.c.ord == 0)).one()
    return {"name": f"{named.field}:{named.start}:{named.report_id}", **{name: row[name] for name in _MADE}}


def skip_state(reader: Reader, key: str) -> State:
    """Why a name was set aside; None where it was not."""
    row = reader.conn.execute(select(skips).where(skips.c.mention == row_of(reader, key))).mappings().first()
    return None if row is None else {name: row[name] for name in ("ord", "reason", "body")}


def put_skip(writer: Writer, key: str, state: State) -> None:
    """Set a name aside as the state says, or no more."""
    row_id = row_of(writer.read, key)
    writer.conn.execute(delete(skips).where(skips.c.mention == row_id))
    if state is not None:
        writer.conn.execute(insert(skips).values(mention=row_id, **state))


def put_made(writer: Writer, claim_id: str, state: dict[str, Any]) -> None:
    """Write a claim made by hand, blank but for its name and its sentence."""
    row_id = row_of(writer.read, state["name"])
    named = writer.conn.execute(select(mentions.c.report, mentions.c.place).where(mentions.c.id == row_id)).one()
    last = writer.conn.execute(select(func.max(claims.c.ord)).where(claims.c.report == named.report)).scalar()
    given = {
        "id": writer.new_id(claims), "claim_id": claim_id, "report": named.report, "place": named.place,
        "ord": 0 if last is None else last + 1, "event": None, "event_ord": 0,
    }  # fmt: skip
    writer.conn.execute(insert(claims).values({**_BLANK, **given, **{name: state[name] for name in _MADE}}))
    writer.conn.execute(insert(claim_mentions).values(claim=given["id"], ord=0, mention=row_id, body=None))


def drop(writer: Writer, gone: Iterable[Claim]) -> None:
    """Take claims made by hand away, which are in no event any more."""
    for claim in gone:
        bound = or_(pairs.c.a == claim.claim_id, pairs.c.b == claim.claim_id)
        if writer.conn.execute(select(pairs.c.a).where(bound)).first():
            raise StoreError(f"claim {claim.claim_id!r} was merged or split by hand; take that back first")
        row_id = select(claims.c.id).where(claims.c.claim_id == claim.claim_id).scalar_subquery()
        writer.conn.execute(delete(claim_mentions).where(claim_mentions.c.claim == row_id))
        writer.conn.execute(delete(claims).where(claims.c.claim_id == claim.claim_id))
