"""Look a store over, copy it, bring a copy back, and give unused room back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from geo.errors import StoreError
from geo.store import migrate, rows, words
from geo.store.engine import Home, connect, explained
from geo.store.importing import bulk
from geo.store.reading import parts
from geo.store.schema import META, claim_mentions, claims, events, mentions, reports, skips

CHUNK: Final = 5000


def check(home: Home) -> list[str]:
    """What is wrong with the store, in words: damage, and records that do not fit together."""
    with home.reading() as conn:
        found = _damage(conn) if home.is_sqlite else []
        return found or [*_indexes(conn), *_accounts(conn), *_hashes(conn)]


def _damage(conn: Connection) -> list[str]:
    said = [row[0] for row in conn.execute(text("PRAGMA integrity_check(5)"))]
    if said != ["ok"]:
        return [f"the file is damaged: {line}" for line in said]
    broken = conn.execute(text("PRAGMA foreign_key_check")).all()
    return [f"a row of {row[0]} refers to a row of {row[2]} that is not there" for row in broken[:5]]


def _indexes(conn: Connection) -> Iterator[str]:
    def many(chosen: Any) -> int:
        return int(conn.execute(chosen).scalar_one())

    kept = many(select(func.count()).select_from(reports).where(reports.c.erased.is_(False)))
    told = many(
        text(f"SELECT count(*) FROM {'report_words_docsize' if conn.dialect.name == 'sqlite' else 'report_words'}")
    )
    if kept != told:
        yield f"{kept} reports, but {told} of them can be searched"


def _accounts(conn: Connection) -> Iterator[str]:
    """Every mention in a claim or set aside, in none twice; every event with its claims."""
    claimed = select(claim_mentions.c.mention)
    aside = select(skips.c.mention)
    lost = select(func.count()).select_from(mentions).where(mentions.c.id.not_in(claimed), mentions.c.id.not_in(aside))
    both = select(func.count()).select_from(mentions).where(mentions.c.id.in_(claimed), mentions.c.id.in_(aside))
    for chosen, what in ((lost, "neither in a claim nor set aside"), (both, "both in a claim and set aside")):
        if many := conn.execute(chosen).scalar_one():
            yield f"{many} mentions are {what}"
    led = select(claims.c.event).where(claims.c.event.is_not(None))
    empty = select(func.count()).select_from(events).where(events.c.place_row.is_not(None), events.c.id.not_in(led))
    if many := conn.execute(empty).scalar_one():
        yield f"{many} events rest on no claim"
    loose = select(func.count()).select_from(claims).join(reports, reports.c.id == claims.c.report)
    if many := conn.execute(loose.where(claims.c.event.is_(None), reports.c.successor.is_(None))).scalar_one():
        yield f"{many} claims are in no event"


def _hashes(conn: Connection) -> Iterator[str]:
    chosen = select(reports).where(reports.c.erased.is_(False))
    with conn.execution_options(yield_per=500).execute(chosen) as told:
        for row in told.mappings():
            if rows.report_hash(rows.report_in(row)) != row["hash"]:
                yield f"report {row['report_id']!r} is not what was added: its words were changed outside the program"


def backup(home: Home, file: Path) -> None:
    """One SQLite file with all that the store holds; `file` appears whole or not at all."""
    if file.exists():
        raise StoreError(f"{file} exists already; name a file that does not, so that no copy is written over")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        if home.file is not None:
            with explained(home.shown), sqlite3.connect(home.file) as raw:
                raw.execute("VACUUM INTO ?", (str(part),))
            raw.close()
        else:
            copy = connect(part)
            migrate.upgrade(copy)
            transfer(home, copy)
            with copy.engine.connect() as conn:
                conn.connection.driver_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]
            copy.engine.dispose()
        _to_disk(part)
        part.replace(file)
    finally:
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink(missing_ok=True)


def restore(home: Home, file: Path) -> None:
    """Put what a backup holds in the place of what the store holds; all of it, or nothing."""
    if not file.is_file():
        raise StoreError(f"there is no file {file}; name one that `python -m geo store backup` wrote")
    source = connect(file)
    try:
        with source.reading() as conn:
            if migrate.revision(conn) is None:
                raise StoreError(f"{file} is no copy of a store")
        migrate.upgrade(source)
        wrong = check(source)
        if wrong:
            raise StoreError(f"{file} is not sound, and nothing was changed: {wrong[0]}")
        migrate.upgrade(home)
        transfer(source, home)
    finally:
        source.engine.dispose()


def transfer(source: Home, target: Home) -> None:
    """Everything in one store into another, whose own contents go; one transaction."""
    with source.reading() as old, target.writing() as new:
        _empty(new)
        for table in META.sorted_tables:
            names = [c.name for c in table.c]
            told = old.execution_options(yield_per=CHUNK).execute(select(table).order_by(*table.primary_key.columns))
            for part in told.partitions(CHUNK):
                if table is reports:
                    place = names.index("successor")
                    bulk(new, table, names, [(*row[:place], None, *row[place + 1 :]) for row in part])
                else:
                    bulk(new, table, names, [tuple(row) for row in part])
        for row in old.execute(select(reports.c.id, reports.c.successor).where(reports.c.successor.is_not(None))):
            new.execute(reports.update().where(reports.c.id == row.id).values(successor=row.successor))
        _index(new)


def _empty(conn: Connection) -> None:
    words.empty(conn)
    conn.execute(reports.update().values(successor=None))
    for table in reversed(META.sorted_tables):
        conn.execute(table.delete())


def _index(conn: Connection) -> None:
    chosen = select(reports.c.id, reports.c.title, reports.c.text).where(reports.c.erased.is_(False))
    told: list[Any] = list(conn.execute(chosen))
    for part in parts(told):
        words.put_reports(conn, part)
    named: list[Any] = list(conn.execute(select(events.c.id, events.c.title, events.c.quote, events.c.name)))
    for part in parts(named):
        words.put_events(conn, ((row.id, words.event_text(row._mapping)) for row in part))  # noqa: SLF001 - its public name


def vacuum(home: Home) -> None:
    """Give unused room back to the disk, and let the planner know the tables."""
    with home.writing() as conn:
        words.tidy(conn)
    with explained(home.shown), home.engine.connect() as conn:
        raw: Any = conn.connection.driver_connection
        if home.is_sqlite:
            raw.execute("VACUUM")
            raw.execute("ANALYZE")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        else:
            raw.autocommit = True
            raw.execute("VACUUM ANALYZE")
            raw.autocommit = False


def settle(home: Home) -> None:
    """Empty SQLite's write-ahead log, so that words taken out of the store are not left in it."""
    with explained(home.shown), home.engine.connect() as conn:
        raw: Any = conn.connection.driver_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _to_disk(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())
