"""Bring a store to the present schema: all steps in one transaction, or none; a newer store is refused."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from geo.errors import StoreError, StoreTooNew
from geo.store.deriving import block_anew
from geo.store.engine import APPLICATION_ID, Home
from geo.store.writing import Writer

REVISIONS: Final = ("0001", "0002")
HEAD: Final = REVISIONS[-1]
_HERE: Final = Path(__file__).parent / "migrations"
log = logging.getLogger(__name__)


def revision(conn: Connection) -> str | None:
    """The schema's revision, None for an empty home; StoreError where something else lives there."""
    names = set(inspect(conn).get_table_names())
    if "alembic_version" in names:
        return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names - {"spatial_ref_sys"}:
        raise StoreError(f"this database holds other tables ({', '.join(sorted(names)[:3])}); give the store its own")
    return None


def upgrade(home: Home) -> str | None:
    """Bring a home to HEAD; the revision that it had before, None if it was empty."""
    if home.file is None:
        _make_schema(home)
    with home.reading() as conn:
        before = revision(conn)
    if before == HEAD:
        return before
    if before is not None and before not in REVISIONS:
        raise StoreTooNew(
            f"{home.shown} was written by a newer Dateline (schema {before}, this one knows {HEAD}); upgrade Dateline"
        )
    if before is not None and home.file is not None:
        _keep_copy(home.file, before)
    with home.writing() as conn:
        _run(conn)
        if before is not None:
            block_anew(Writer(conn, "upgrade"))
    log.info("store %s brought from schema %s to %s", home.shown, before, HEAD)
    return before


def _run(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _make_schema(home: Home) -> None:
    with home.writing() as conn:
        path = conn.execute(text("SHOW search_path")).scalar_one()
        conn.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{path.split(",")[0].strip()}"')


def _keep_copy(file: Path, before: str) -> None:
    copy = file.with_name(f"{file.name}.before-{HEAD}-was-{before}")
    copy.unlink(missing_ok=True)
    with sqlite3.connect(file) as raw:
        raw.execute("VACUUM INTO ?", (str(copy),))
