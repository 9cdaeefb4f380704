"""The connection to a home of the store: SQLite or PostgreSQL, one writer at a time, snapshots for readers.

SQLite: WAL, synchronous=FULL (a commit is on the disk), foreign keys, ten seconds of patience, and transactions that we
begin ourselves (BEGIN IMMEDIATE for writers; Python's sqlite3 would commit behind our back before DDL). PostgreSQL:
an advisory lock makes one writer at a time, and readers see one snapshot (REPEATABLE READ).
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from geo.errors import StoreBusy, StoreError

PATIENCE_SECONDS: Final = 10
ATTEMPTS: Final = 3
APPLICATION_ID: Final = 0x44544C4E  # "DTLN": tells our files from any other SQLite file
_OURS: Final = "dateline_"
_WRITING: Final = "dateline_writing"
_BUSY_STATES: Final = frozenset({"55P03", "40001", "40P01", "57014"})
_FULL_STATES: Final = frozenset({"53100", "53200"})


@dataclass(frozen=True, slots=True)
class Home:
    """Where a store lives: an engine, and the file behind it if there is one."""

    engine: Engine
    file: Path | None
    shown: str

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded home."""
        return self.file is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store, however long it reads."""
        with explained(self.shown), self.engine.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; committed as a whole at the end, or not at all."""
        with explained(self.shown), self.engine.connect() as raw:
            conn = raw.execution_options(**{_WRITING: True})
            with self._begun(conn):
                yield conn

    def _begun(self, conn: Connection) -> Any:
        for attempt in range(ATTEMPTS):
            try:
                return conn.begin()
            except OperationalError as error:
                if attempt == ATTEMPTS - 1 or not is_busy(error):
                    raise
                time.sleep(0.05)
        raise AssertionError


def connect(where: Path | URL, *, project: str = "default") -> Home:
    """A home at a file, or at a PostgreSQL address with one schema a project; the file's folder is made."""
    if isinstance(where, Path):
        where.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(where)),
            connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
        return Home(engine, where, str(where))
    engine = create_engine(where, connect_args={"options": f"-csearch_path={schema_name(project)},public"})
    event.listen(engine, "begin", _postgres_begin)
    return Home(engine, None, f"{where.render_as_string(hide_password=True)} ({project})")


def schema_name(project: str) -> str:
    """The PostgreSQL schema of a project, made of letters, digits and _ only."""
    return _OURS + "".join(c if c.isalnum() and c.isascii() else f"_{ord(c):x}_" for c in project.casefold())


def project_name(schema: str) -> str | None:
    """The project of a PostgreSQL schema, None where it is none of ours.

    >>> project_name(schema_name("north_2")), project_name("public")
    ('north_2', None)
    """
    if not schema.startswith(_OURS):
        return None
    return re.sub(r"_([0-9a-f]+)_", lambda found: chr(int(found[1], 16)), schema.removeprefix(_OURS))


def url_of(where: str) -> URL | None:
    """The address, if this is a database address (something://...), with psycopg as the PostgreSQL driver."""
    if "://" not in where:
        return None
    url = make_url(where)
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"the store cannot live in {url.get_backend_name()}: use a file or a postgresql:// address")
    return url.set(drivername="postgresql+psycopg")


def _sqlite_settings(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None
    for pragma in (
        f"busy_timeout = {PATIENCE_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = FAST",
        "temp_store = MEMORY",
        "cache_size = -65536",
        "mmap_size = 134217728",  # bytes; what is mapped counts as memory of the process
    ):
        raw.execute(f"PRAGMA {pragma}")


def _sqlite_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(_WRITING) else "BEGIN")


def _postgres_begin(conn: Connection) -> None:
    if conn.get_execution_options().get(_WRITING):
        conn.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        conn.execute(text("SELECT pg_advisory_xact_lock(hashtext('dateline:' || current_schema()))"))
    else:
        conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def is_busy(error: DBAPIError) -> bool:
    """Whether another process held the store for longer than our patience."""
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(error.orig, "sqlstate", None) in _BUSY_STATES


def is_full(error: DBAPIError) -> bool:
    """Whether the disk had no room left (SQLite reports a refused write as an I/O error)."""
    code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE
    return getattr(error.orig, "sqlstate", None) in _FULL_STATES


@contextmanager
def explained(shown: str) -> Iterator[None]:
    """Turn what the database says into our words: what was wrong, where, what to do."""
    try:
        yield
    except DBAPIError as error:
        raise _in_words(error, shown) from error
    except SQLAlchemyError as error:
        raise StoreError(f"the store at {shown} could not do that: {error}") from error
    except sqlite3.Error as error:
        raise StoreError(f"the store at {shown} could not do that: {error}") from error


def _in_words(error: DBAPIError, shown: str) -> StoreError:
    said = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if is_busy(error):
        return StoreBusy(f"another process is writing to {shown}; nothing was lost, please try again")
    if is_full(error):
        words = f"the disk of {shown} is full; what was saved before is safe; make room and try again"
    elif code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        words = f"{shown} is damaged or no store ({said}); restore a copy: python -m geo store restore FILE"
    elif code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        words = f"{shown} cannot be opened for writing ({said}); check the folder and its permissions"
    elif isinstance(error, IntegrityError):
        words = f"{shown} refused a record that breaks its rules: {said}"
    elif isinstance(error, OperationalError) and not code:
        words = f"the database server of {shown} did not answer ({said}); is it running, and is the address right?"
    else:
        words = f"the store at {shown} could not do that: {said}"
    return StoreError(words)
