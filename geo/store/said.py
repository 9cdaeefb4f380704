"""Small things that people said of a record (an outlet, a claim), kept as facts under the record's name in the log."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, insert, select, update

from geo.store import rows
from geo.store.log import State
from geo.store.reading import Reader
from geo.store.schema import facts
from geo.store.writing import Writer


def state(reader: Reader, record: str) -> State:
    """What is said of a record ("KIND:KEY"), None where nothing is."""
    told = reader.conn.execute(select(facts.c.value).where(facts.c.key == record)).scalar()
    return None if told is None else json.loads(told)


def of_kind(reader: Reader, kind: str) -> dict[str, Any]:
    """What is said of all records of a kind, by their keys."""
    chosen = select(facts).where(facts.c.key.startswith(f"{kind}:", autoescape=True))
    return {row.key.removeprefix(f"{kind}:"): json.loads(row.value) for row in reader.conn.execute(chosen)}


def put(writer: Writer, record: str, told: State) -> None:
    """Say this of a record, or nothing any more."""
    mine = facts.c.key == record
    if told is None:
        writer.conn.execute(delete(facts).where(mine))
    elif writer.conn.execute(update(facts).where(mine).values(value=rows.dumps(told))).rowcount == 0:
        writer.conn.execute(insert(facts).values(key=record, value=rows.dumps(told)))
