"""Words of a report for full-text search: one way to cut them, in Python, so that both homes find the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

_WORD: Final = re.compile(r"[^\W_]+")


def cut(written: str) -> list[str]:
    """The words of a text, case-folded and without accents, in reading order.

    >>> cut("Kyiv-based U.N. envoys in San José")
    ['kyiv', 'based', 'u', 'n', 'envoys', 'in', 'san', 'jose']
    """
    spelled = unicodedata.normalize("NFKD", written.casefold())
    bare = "".join(c for c in spelled if not unicodedata.combining(c))
    return _WORD.findall(bare)


def joined(written: str) -> str:
    """The same words with one space between, as the indexes take them."""
    return " ".join(cut(written))


def index(conn: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Put reports (row id, title, text) into the full-text index."""
    cuts = [{"id": i, "title": joined(title), "text": joined(body)} for i, title, body in rows]
    if not cuts:
        return
    if conn.dialect.name == "sqlite":
        conn.execute(text("INSERT INTO report_words(rowid, title, text) VALUES (:id, :title, :text)"), cuts)
    else:
        conn.execute(
            text(
                "INSERT INTO report_words(report, words) VALUES (:id, "
                "setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :text), 'B'))"
            ),
            cuts,
        )


def unindex(conn: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Take reports out of the full-text index; a contentless FTS5 table must be told what it held."""
    if conn.dialect.name == "sqlite":
        for i, title, body in rows:
            conn.execute(
                text(
                    "INSERT INTO report_words(report_words, rowid, title, text) VALUES ('delete', :id, :title, :text)"
                ),
                {"id": i, "title": joined(title), "text": joined(body)},
            )
    elif rows:
        conn.execute(text("DELETE FROM report_words WHERE report = :id"), [{"id": i} for i, _, _ in rows])


def query(conn: Connection, wanted: str) -> str:
    """A query for both indexes: every word as the beginning of a word; "" where nothing can be looked for."""
    terms = dict.fromkeys(cut(wanted))
    if conn.dialect.name == "sqlite":
        return " AND ".join(f'"{term}"*' for term in terms)
    return " & ".join(f"'{term}':*" for term in terms)


def matching(conn: Connection) -> str:
    """A SELECT of the row ids of reports that match the parameter `:terms`."""
    if conn.dialect.name == "sqlite":
        return "SELECT rowid FROM report_words WHERE report_words MATCH :terms"
    return "SELECT report FROM report_words WHERE words @@ to_tsquery('simple', :terms)"


def ranked(conn: Connection, wanted: str, limit: int) -> list[int]:
    """Row ids of the reports that hold all these words, best first (BM25 with the title weighing tenfold; ts_rank)."""
    terms = query(conn, wanted)
    if not terms:
        return []
    if conn.dialect.name == "sqlite":
        statement = (
            "SELECT rowid FROM report_words WHERE report_words MATCH :terms "
            "ORDER BY bm25(report_words, 10.0, 1.0), rowid LIMIT :most"
        )
    else:
        statement = (
            "SELECT report FROM report_words, to_tsquery('simple', :terms) AS q WHERE words @@ q "
            "ORDER BY ts_rank(words, q) DESC, report LIMIT :most"
        )
    return [row[0] for row in conn.execute(text(statement), {"terms": terms, "most": limit})]
