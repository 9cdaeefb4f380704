"""The tables of the store, the same on SQLite and PostgreSQL.

Days are whole days since 1970-01-01, instants are microseconds since then (UTC), both as integers: one meaning on both
homes, and columns that go to numpy without parsing. Lists and small records are JSON in text columns. Row ids are
given by the one writer at a time, so that they need no sequences. What only one home has (FTS5, cells; tsvector,
GiST) is made by the migrations and kept by `words.py` and by triggers.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

USUAL_DAYS: Final = 31
LONG: Final = text("last_day - first_day > 31")
CELL: Final = "CAST((lat + 90) * 4 AS INTEGER) * 1440 + CAST((lon + 180) * 4 AS INTEGER)"
"""A cell of a quarter of a degree, as SQLite indexes it: seven times as quick to keep as an R*Tree of points."""

META: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=False)


def _days() -> list[Column[int] | Column[str]]:
    return [
        Column("first_day", Integer),
        Column("last_day", Integer),
        Column("date_basis", Text, nullable=False),
        Column("edtf", Text, nullable=False),
        Column("day_words", Text, nullable=False),
    ]


runs: Final = Table(
    "runs",
    META,
    _key(),
    Column("key", Text, nullable=False, unique=True, comment="hash of the three versions"),
    Column("code", Text, nullable=False),
    Column("gazetteer", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("started", BigInteger, nullable=False),
)

changes: Final = Table(
    "changes",
    META,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("moment", BigInteger, nullable=False, index=True),
    Column("what", Text, nullable=False),
    comment="one row for each transaction that wrote",
)

reports: Final = Table(
    "reports",
    META,
    _key(),
    Column("report_id", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True, comment="of title, text, published, url and source"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", BigInteger),
    Column("url", Text),
    Column("source", Text),
    Column("language", Text),
    Column("run", Integer, ForeignKey("runs.id")),
    Column("since", Integer, ForeignKey("changes.version"), nullable=False, comment="version that read it last"),
    Column("successor", Integer, ForeignKey("reports.id"), comment="the newer version that replaced it"),
    Column("erased", Boolean, nullable=False, default=False),
    Index("ix_reports_published", "published"),
    Index("ix_reports_source", "source"),
    Index("ix_reports_url", "url"),
)

places: Final = Table(
    "places",
    META,
    _key(),
    Column("key", Text, nullable=False, unique=True, comment="hash of the whole record, as one gazetteer told it"),
    Column("place_id", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("lon", Float(53), nullable=False),
    Column("lat", Float(53), nullable=False),
    Column("radius_km", Float(53), nullable=False),
    Column("country", Text),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("population", BigInteger),
    Column("kind", Text, nullable=False),
    Column("parents", Text, nullable=False, comment="JSON list of place_ids"),
    CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
)

mentions: Final = Table(
    "mentions",
    META,
    _key(),
    Column("report", Integer, ForeignKey("reports.id"), nullable=False),
    Column("ord", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("score", Float(53), nullable=False),
    Column("place", Integer, ForeignKey("places.id")),
    Column("confidence", Float(53)),
    Column("runners_up", Text, nullable=False, comment="JSON list of [places.id, score, match, reason]"),
    Column("reason", Text, nullable=False),
    Column("role", Text),
    Column("modality", Text, nullable=False),
    Column("decided", Text, comment="who chose its place; null where the machine did"),
    UniqueConstraint("report", "ord"),
    Index("ix_mentions_text", "text"),
    Index("ix_mentions_decided", "decided"),
)

skips: Final = Table(
    "skips",
    META,
    Column("mention", Integer, ForeignKey("mentions.id"), primary_key=True, autoincrement=False),
    Column("ord", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, comment="the mention as skipped, JSON, where it differs from its row"),
)

timexes: Final = Table(
    "timexes",
    META,
    Column("report", Integer, ForeignKey("reports.id"), primary_key=True, autoincrement=False),
    Column("ord", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("days", Text, comment="JSON, null where it names none"),
)

events: Final = Table(
    "events",
    META,
    _key(),
    Column("event_id", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subtype", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("role", Text, nullable=False, server_default="place"),
    Column("place_id", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("country", Text),
    Column("admin1", Text),
    Column("radius_km", Float(53), nullable=False),
    Column("confidence", Float(53), nullable=False),
    *_days(),
    Column("published", BigInteger),
    Column("status", Text, nullable=False),
    Column("report_id", Text, nullable=False),
    Column("reports", Text, nullable=False, comment="JSON list of report_ids"),
    Column("report_count", Integer, nullable=False),
    Column("origin_count", Integer, nullable=False),
    Column("outlets", Text, nullable=False, comment="JSON list of names"),
    Column("quote", Text, nullable=False),
    Column("killed_low", BigInteger),
    Column("killed_high", BigInteger),
    Column("injured_low", BigInteger),
    Column("injured_high", BigInteger),
    Column("lon", Float(53), comment="null where the event is not placed on the map"),
    Column("lat", Float(53)),
    Column("place_row", Integer, ForeignKey("places.id"), comment="null for events imported from a table"),
    Column("origins", Text, nullable=False, comment="JSON list of lists of report_ids"),
    Column("counts", Text, nullable=False, comment="JSON list of counts"),
    Column("since", Integer, ForeignKey("changes.version"), nullable=False, comment="version of this state"),
    CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
    CheckConstraint("first_day <= last_day", name="days_forward"),
    Index("ix_events_days", "first_day", "last_day", "lon", "lat", "modality", "role", "type", "country", "event_id"),
    Index("ix_events_since", "since"),
)

# spans longer than USUAL_DAYS: so few that a search by days need not start with the oldest event
Index("ix_events_long", events.c.first_day, sqlite_where=LONG, postgresql_where=LONG)

event_blocks: Final = Table(
    "event_blocks",
    META,
    Column("event", Integer, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column(
        "key", Text, primary_key=True, index=True, comment="events that share a key are compared (geo.merge.blocks)"
    ),
)

pairs: Final = Table(
    "pairs",
    META,
    Column("a", Text, primary_key=True, comment="claim_id, the smaller of the two"),
    Column("b", Text, primary_key=True, index=True),
    Column("kind", Text, nullable=False, comment="apart or together: what a person decided"),
)

past_events: Final = Table(
    "past_events",
    META,
    Column("event_id", Text, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("until", Integer, nullable=False, index=True, comment="version that replaced or removed this state"),
    Column("body", Text, comment="the row as JSON; null where its words were erased"),
)

claims: Final = Table(
    "claims",
    META,
    _key(),
    Column("claim_id", Text, nullable=False, unique=True),
    Column("report", Integer, ForeignKey("reports.id"), nullable=False),
    Column("ord", Integer, nullable=False),
    Column("place", Integer, ForeignKey("places.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("subtype", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("said_by", Text, nullable=False),
    *_days(),
    Column("quote_field", Text, nullable=False),
    Column("quote_start", Integer, nullable=False),
    Column("quote_end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("event", Integer, ForeignKey("events.id"), index=True, comment="null where it makes no event"),
    Column("event_ord", Integer, nullable=False),
    UniqueConstraint("report", "ord"),
)

claim_mentions: Final = Table(
    "claim_mentions",
    META,
    Column("claim", Integer, ForeignKey("claims.id"), primary_key=True, autoincrement=False),
    Column("ord", Integer, primary_key=True, autoincrement=False),
    Column("mention", Integer, ForeignKey("mentions.id"), nullable=False, index=True),
    Column("body", Text, comment="the mention as claimed, JSON, where it differs from its row"),
)

review_log: Final = Table(
    "review_log",
    META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("moment", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("version", Integer, ForeignKey("changes.version"), nullable=False),
    Column("undoes", Integer, comment="seq of the entry that this one takes back"),
    Column("payload", Text, nullable=False, comment="hash of what changed; the body is in log_bodies"),
    Column("previous", Text, nullable=False, comment="hash of the entry before, '' for the first"),
    Column("hash", Text, nullable=False),
)

log_bodies: Final = Table(
    "log_bodies",
    META,
    Column("seq", Integer, ForeignKey("review_log.seq"), primary_key=True, autoincrement=False),
    Column("body", Text, comment="JSON: a salt, and each record before and after; null where erased"),
)

log_touched: Final = Table(
    "log_touched",
    META,
    Column("seq", Integer, ForeignKey("review_log.seq"), primary_key=True, autoincrement=False),
    Column("record", Text, primary_key=True, comment="event:ID, claim:ID, mention:ID or report:ID"),
    Index("ix_log_touched_record", "record"),
)

facts: Final = Table(
    "facts",
    META,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="small facts about the store itself, such as the head of the review log",
)

geocoder_cache: Final = Table(
    "geocoder_cache",
    META,
    Column("provider", Text, primary_key=True),
    Column("query", Text, primary_key=True),
    Column("answer", Text, nullable=False),
    Column("fetched", BigInteger, nullable=False),
)
