"""The review log: who decided what and why, each entry bound to the one before by a hash, none ever changed.

What an entry changed stands beside it, bound by its hash too, with a salt: where words must be erased, that body goes,
and the chain still holds. The number and hash of the last entry are kept apart, so that a shortened log shows.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from geo.errors import NotFound
from geo.store import rows
from geo.store.reading import parts
from geo.store.schema import facts, log_bodies, log_touched, review_log
from geo.store.writing import Writer

MACHINE: Final = "dateline"
HEAD: Final = "review_log.head"
State = Mapping[str, Any] | None
_BOUND: Final = ("seq", "moment", "who", "action", "why", "version", "undoes", "payload", "previous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record before and after: a dict of what may change, None where it is not there."""

    before: State
    after: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log. `changes` is by record ("event:ID", "claim:ID", ...), None where it was erased."""

    seq: int
    moment: datetime
    who: str
    action: str
    why: str
    undoes: int | None
    changes: Mapping[str, Change] | None
    hash: str


def append(
    writer: Writer, *, who: str, action: str, changes: Mapping[str, Change], why: str = "", undoes: int | None = None
) -> int:
    """Write one entry; its number."""
    conn = writer.conn
    last = conn.execute(select(review_log).order_by(review_log.c.seq.desc()).limit(1)).mappings().first()
    body = rows.dumps(
        {
            "salt": secrets.token_hex(16),
            "changes": {k: {"before": c.before, "after": c.after} for k, c in changes.items()},
        }
    )
    seq: int = 1 if last is None else last["seq"] + 1
    row: dict[str, Any] = {
        "seq": seq,
        "moment": writer.moment,
        "who": who,
        "action": action,
        "why": why,
        "version": writer.version,
        "undoes": undoes,
        "payload": hashlib.sha256(body.encode()).hexdigest(),
        "previous": "" if last is None else last["hash"],
    }
    row["hash"] = _hash(row)
    conn.execute(insert(review_log).values(row))
    conn.execute(insert(log_bodies).values(seq=seq, body=body))
    if changes:
        conn.execute(insert(log_touched), [{"seq": seq, "record": record} for record in changes])
    _put_head(conn, f"{seq}:{row['hash']}")
    return seq


def entries(conn: Connection, record: str | None = None, *, limit: int | None = None) -> list[Entry]:
    """The entries, latest first; only those that touched a record, if one is named."""
    chosen = select(review_log, log_bodies.c.body).join(log_bodies, isouter=True).order_by(review_log.c.seq.desc())
    if record is not None:
        chosen = chosen.where(review_log.c.seq.in_(select(log_touched.c.seq).where(log_touched.c.record == record)))
    return [_entry(row) for row in conn.execute(chosen.limit(limit)).mappings()]


def entry(conn: Connection, seq: int) -> Entry:
    """One entry; NotFound where there is none."""
    chosen = select(review_log, log_bodies.c.body).join(log_bodies, isouter=True).where(review_log.c.seq == seq)
    row = conn.execute(chosen).mappings().first()
    if row is None:
        raise NotFound(f"the review log has no entry {seq}")
    return _entry(row)


def standing(conn: Connection) -> list[Entry]:
    """The entries that nobody has taken back since, latest first."""
    told = entries(conn)
    gone: set[int] = set()
    for one in told:  # latest first: an undo that was itself undone takes nothing back
        if one.undoes is not None and one.seq not in gone:
            gone.add(one.undoes)
    return [one for one in told if one.seq not in gone]


def last_touch(conn: Connection, record: str) -> int | None:
    """The number of the last entry that touched a record."""
    return conn.execute(select(func.max(log_touched.c.seq)).where(log_touched.c.record == record)).scalar()


def erase_bodies(conn: Connection, seqs: set[int]) -> None:
    """Take the bodies of these entries away; the entries stay."""
    for part in parts(seqs):
        conn.execute(update(log_bodies).where(log_bodies.c.seq.in_(part)).values(body=None))


def broken(conn: Connection) -> str:
    """The first entry that is not as it was written, in words; "" where the chain holds."""
    previous, count = "", 0
    erased: set[int] = set()
    empty: list[int] = []
    for row in _chain(conn):
        count += 1
        if row["seq"] != count:
            return f"entry {count} of the log is missing"
        if row["previous"] != previous or row["hash"] != _hash(row):
            return f"entry {count} of the log ({row['action']} by {row['who']}) was changed outside the program"
        if row["body"] is None:
            empty.append(count)
        elif hashlib.sha256(row["body"].encode()).hexdigest() != row["payload"]:
            return (
                f"what entry {count} of the log ({row['action']} by {row['who']}) says was changed outside the program"
            )
        elif row["action"] == "erase":
            erased.update(json.loads(row["body"])["changes"].get("log", {"after": {"bodies": []}})["after"]["bodies"])
        previous = row["hash"]
    if lost := [seq for seq in empty if seq not in erased]:
        return f"what entry {lost[0]} of the log says is gone, and no entry says that it was erased"
    head = conn.execute(select(facts.c.value).where(facts.c.key == HEAD)).scalar()
    if (head or "0:") != f"{count}:{previous}":
        return f"the log should end with entry {(head or '0:').partition(':')[0]}, but ends with entry {count}"
    return ""


def _chain(conn: Connection) -> Iterator[Mapping[Any, Any]]:
    chosen = select(review_log, log_bodies.c.body).join(log_bodies, isouter=True).order_by(review_log.c.seq)
    with conn.execution_options(yield_per=1000).execute(chosen) as told:
        yield from told.mappings()


def _hash(row: Mapping[Any, Any]) -> str:
    return rows.digest([row[name] for name in _BOUND])


def _put_head(conn: Connection, head: str) -> None:
    if conn.execute(update(facts).where(facts.c.key == HEAD).values(value=head)).rowcount == 0:
        conn.execute(insert(facts).values(key=HEAD, value=head))


def _entry(row: Mapping[Any, Any]) -> Entry:
    told = None if row["body"] is None else json.loads(row["body"])["changes"]
    return Entry(
        seq=row["seq"],
        moment=rows.instant_in(row["moment"]) or rows.EPOCH,
        who=row["who"],
        action=row["action"],
        why=row["why"],
        undoes=row["undoes"],
        changes=None if told is None else {k: Change(before=c["before"], after=c["after"]) for k, c in told.items()},
        hash=row["hash"],
    )
