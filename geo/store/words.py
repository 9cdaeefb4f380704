"""Full-text search: reports and events in FTS5 or tsvector, the words cut by `geo.words` so that both find the same.

FTS5's tables are contentless (the words stand in the tables already), so that to take a text out one must say again
what it was. Words are looked for by their beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from geo.store.reading import parts
from geo.words import cut

AT_ONCE: Final = 500  # rows to a statement on SQLite: of more than 700, Python's garbage collector looks at each
FEW: Final = 1000  # rows from which COPY is worth its temporary table
MOST_ON_POSTGRES: Final = 200_000  # characters; a tsvector holds 1 MB, so of longer texts each word is kept once


def put_reports(conn: Connection, told: Iterable[tuple[int, str, str]]) -> None:
    """Put reports (row id, title, text) into the index."""
    rows = [{"id": i, "title": _told(conn, title), "text": _told(conn, body)} for i, title, body in told]
    if not rows:
        return
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO report_words(rowid, title, text) VALUES (:id, :title, :text)"), rows)
    else:
        conn.execute(
            text(
                "INSERT INTO report_words(report, words) VALUES (:id, "
                "setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :text), 'B'))"
            ),
            rows,
        )


def take_reports(conn: Connection, told: Iterable[tuple[int, str, str]]) -> None:
    """Take reports out of the index, told again as they were."""
    rows = [{"id": i, "title": _told(conn, title), "text": _told(conn, body)} for i, title, body in told]
    if conn.dialect.name == "sqlite":
        statement = "INSERT INTO report_words(report_words, rowid, title, text) VALUES ('delete', :id, :title, :text)"
    else:
        statement = "DELETE FROM report_words WHERE report = :id"
    if rows:
        conn.execute(text(statement), rows)


def event_text(row: Mapping[Any, Any]) -> str:
    """What of an event is looked through: title, quote and name."""
    return f"{row['title']} {row['quote']} {row['name']}"


def put_events(conn: Connection, told: Iterable[tuple[int, str]]) -> None:
    """Put events (row id, text) into the index."""
    if conn.dialect.name == "sqlite":
        for part in parts(((i, _told(conn, words)) for i, words in told), AT_ONCE):
            conn.exec_driver_sql("INSERT INTO event_words(rowid, words) VALUES (?, ?)", part)
        return
    rows = [(i, _told(conn, words)) for i, words in told]
    if not rows:
        return
    if len(rows) < FEW:
        put = text("INSERT INTO event_words(event, words) VALUES (:id, to_tsvector('simple', :words))")
        conn.execute(put, [{"id": i, "words": words} for i, words in rows])
    else:
        _copy_events(conn, rows)


def _copy_events(conn: Connection, rows: Sequence[tuple[int, str]]) -> None:
    raw: Any = conn.connection.driver_connection
    conn.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS told (event INTEGER, words TEXT) ON COMMIT DELETE ROWS"))
    with raw.cursor().copy("COPY told (event, words) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    conn.execute(text("INSERT INTO event_words SELECT event, to_tsvector('simple', words) FROM told"))
    conn.execute(text("DELETE FROM told"))


def take_events(conn: Connection, told: Iterable[tuple[int, str]]) -> None:
    """Take events out of the index, told again as they were."""
    rows = [{"id": i, "words": _told(conn, words)} for i, words in told]
    if conn.dialect.name == "sqlite":
        statement = "INSERT INTO event_words(event_words, rowid, words) VALUES ('delete', :id, :words)"
    else:
        statement = "DELETE FROM event_words WHERE event = :id"
    if rows:
        conn.execute(text(statement), rows)


def empty(conn: Connection) -> None:
    """Forget everything."""
    for table in ("report_words", "event_words"):
        sqlite = f"INSERT INTO {table}({table}) VALUES ('delete-all')"
        conn.execute(text(sqlite if conn.dialect.name == "sqlite" else f"DELETE FROM {table}"))


def tidy(conn: Connection) -> None:
    """Let FTS5 merge its parts, so that words taken out are gone from the file as well."""
    if conn.dialect.name == "sqlite":
        for table in ("report_words", "event_words"):
            conn.execute(text(f"INSERT INTO {table}({table}) VALUES ('optimize')"))


def query(conn: Connection, wanted: str) -> str:
    """A query for both indexes: every word as the beginning of a word; "" where nothing is looked for."""
    terms = dict.fromkeys(cut(wanted))
    if conn.dialect.name == "sqlite":
        return " AND ".join(f'"{term}"*' for term in terms)
    return " & ".join(f"'{term}':*" for term in terms)


def matching(conn: Connection, what: str) -> str:
    """A SELECT of the row ids that match the parameter `:terms`; `what` is "report" or "event"."""
    if conn.dialect.name == "sqlite":
        return f"SELECT rowid FROM {what}_words WHERE {what}_words MATCH :terms"
    return f"SELECT {what} FROM {what}_words WHERE words @@ to_tsquery('simple', :terms)"


def ranked(conn: Connection, what: str, wanted: str, limit: int) -> Sequence[int]:
    """Row ids of the reports or events that hold all these words, best first (BM25, a title weighing tenfold; ts_rank).

    `what` is "report" or "event".
    """
    terms = query(conn, wanted)
    if not terms:
        return []
    if conn.dialect.name == "sqlite":
        weights = ", 10.0, 1.0" if what == "report" else ""
        statement = f"{matching(conn, what)} ORDER BY bm25({what}_words{weights}), rowid LIMIT :most"
    else:
        rank = "ts_rank(words, to_tsquery('simple', :terms))"
        statement = f"{matching(conn, what)} ORDER BY {rank} DESC, {what} LIMIT :most"
    return [row[0] for row in conn.execute(text(statement), {"terms": terms, "most": limit})]


def _told(conn: Connection, written: str) -> str:
    """A text as its index takes it; FTS5's own cutter does for ASCII what `cut` does, at no cost in Python."""
    if conn.dialect.name == "sqlite":
        return written if written.isascii() else " ".join(cut(written))
    words = cut(written)
    return " ".join(words if len(written) < MOST_ON_POSTGRES else dict.fromkeys(words))
