"""The first schema: reports, what they yielded, events, history, review."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE: Final = (
    "CREATE VIRTUAL TABLE report_words USING fts5(title, text, content='', tokenize='ascii')",
    "CREATE VIRTUAL TABLE event_words USING fts5(words, content='', tokenize='ascii', detail=none, columnsize=0)",
    "CREATE VIRTUAL TABLE event_boxes USING rtree(id, west, east, south, north)",
    """CREATE TRIGGER event_boxes_add AFTER INSERT ON events WHEN NEW.lon IS NOT NULL BEGIN
    INSERT INTO event_boxes VALUES (NEW.id, NEW.lon, NEW.lon, NEW.lat, NEW.lat); END""",
    """CREATE TRIGGER event_boxes_move AFTER UPDATE OF lon, lat ON events
    WHEN OLD.lon IS NOT NEW.lon OR OLD.lat IS NOT NEW.lat BEGIN
    DELETE FROM event_boxes WHERE id = OLD.id;
    INSERT INTO event_boxes SELECT NEW.id, NEW.lon, NEW.lon, NEW.lat, NEW.lat WHERE NEW.lon IS NOT NULL; END""",
    """CREATE TRIGGER event_boxes_drop AFTER DELETE ON events BEGIN
    DELETE FROM event_boxes WHERE id = OLD.id; END""",
)
POSTGRES: Final = (
    "CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public",
    "CREATE TABLE report_words (report INTEGER PRIMARY KEY REFERENCES reports(id), words tsvector NOT NULL)",
    "CREATE INDEX ix_report_words_words ON report_words USING gin (words)",
    "CREATE TABLE event_words (event INTEGER PRIMARY KEY REFERENCES events(id), words tsvector NOT NULL)",
    "CREATE INDEX ix_event_words_words ON event_words USING gin (words)",
    "CREATE INDEX ix_events_point ON events USING gist (st_setsrid(st_makepoint(lon, lat), 4326))",
)


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_changes")),
        comment="one row for each transaction that wrote",
    )
    op.create_index(op.f("ix_changes_moment"), "changes", ["moment"], unique=False)


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_facts")),
        comment="small facts about the store itself, such as the head of the review log",
    )


def _geocoder_cache() -> None:
    op.create_table(
        "geocoder_cache",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("fetched", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "query", name=op.f("pk_geocoder_cache")),
    )


def _pairs() -> None:
    op.create_table(
        "pairs",
        sa.Column("a", sa.Text(), nullable=False, comment="claim_id, the smaller of the two"),
        sa.Column("b", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="apart or together: what a person decided"),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_pairs")),
    )
    op.create_index(op.f("ix_pairs_b"), "pairs", ["b"], unique=False)


def _past_events() -> None:
    op.create_table(
        "past_events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False, comment="version that replaced or removed this state"),
        sa.Column("body", sa.Text(), nullable=True, comment="the row as JSON; null where its words were erased"),
        sa.PrimaryKeyConstraint("event_id", "since", name=op.f("pk_past_events")),
    )
    op.create_index(op.f("ix_past_events_until"), "past_events", ["until"], unique=False)


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="hash of the whole record, as one gazetteer told it"),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("radius_km", sa.Float(precision=53), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("admin2", sa.Text(), nullable=True),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False, comment="JSON list of place_ids"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_places_on_earth")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("key", name=op.f("uq_places_key")),
    )
    op.create_index(op.f("ix_places_place_id"), "places", ["place_id"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="hash of the three versions"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("gazetteer", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("key", name=op.f("uq_runs_key")),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subtype", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("admin1", sa.Text(), nullable=True),
        sa.Column("radius_km", sa.Float(precision=53), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("date_basis", sa.Text(), nullable=False),
        sa.Column("edtf", sa.Text(), nullable=False),
        sa.Column("day_words", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("reports", sa.Text(), nullable=False, comment="JSON list of report_ids"),
        sa.Column("report_count", sa.Integer(), nullable=False),
        sa.Column("origin_count", sa.Integer(), nullable=False),
        sa.Column("outlets", sa.Text(), nullable=False, comment="JSON list of names"),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("killed_low", sa.BigInteger(), nullable=True),
        sa.Column("killed_high", sa.BigInteger(), nullable=True),
        sa.Column("injured_low", sa.BigInteger(), nullable=True),
        sa.Column("injured_high", sa.BigInteger(), nullable=True),
        sa.Column(
            "lon", sa.Float(precision=53), nullable=True, comment="null where the event is not placed on the map"
        ),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("place_row", sa.Integer(), nullable=True, comment="null for events imported from a table"),
        sa.Column("origins", sa.Text(), nullable=False, comment="JSON list of lists of report_ids"),
        sa.Column("counts", sa.Text(), nullable=False, comment="JSON list of counts"),
        sa.Column("since", sa.Integer(), nullable=False, comment="version of this state"),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_events_days_forward")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_events_on_earth")),
        sa.ForeignKeyConstraint(["place_row"], ["places.id"], name=op.f("fk_events_place_row")),
        sa.ForeignKeyConstraint(["since"], ["changes.version"], name=op.f("fk_events_since")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_events_event_id")),
    )
    op.create_index(
        "ix_events_days",
        "events",
        ["first_day", "last_day", "lon", "lat", "modality", "type", "country", "event_id"],
        unique=False,
    )
    op.create_index(
        "ix_events_long",
        "events",
        ["first_day"],
        unique=False,
        sqlite_where=sa.text("last_day - first_day > 31"),
        postgresql_where=sa.text("last_day - first_day > 31"),
    )
    op.create_index("ix_events_since", "events", ["since"], unique=False)


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, comment="of title, text, published, url and source"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("since", sa.Integer(), nullable=False, comment="version that added it"),
        sa.Column("successor", sa.Integer(), nullable=True, comment="the newer version that replaced it"),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_reports_run")),
        sa.ForeignKeyConstraint(["since"], ["changes.version"], name=op.f("fk_reports_since")),
        sa.ForeignKeyConstraint(["successor"], ["reports.id"], name=op.f("fk_reports_successor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("hash", name=op.f("uq_reports_hash")),
        sa.UniqueConstraint("report_id", name=op.f("uq_reports_report_id")),
    )
    op.create_index("ix_reports_published", "reports", ["published"], unique=False)
    op.create_index("ix_reports_source", "reports", ["source"], unique=False)
    op.create_index("ix_reports_url", "reports", ["url"], unique=False)


def _review_log() -> None:
    op.create_table(
        "review_log",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True, comment="seq of the entry that this one takes back"),
        sa.Column("payload", sa.Text(), nullable=False, comment="hash of what changed; the body is in log_bodies"),
        sa.Column("previous", sa.Text(), nullable=False, comment="hash of the entry before, '' for the first"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["changes.version"], name=op.f("fk_review_log_version")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review_log")),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subtype", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("date_basis", sa.Text(), nullable=False),
        sa.Column("edtf", sa.Text(), nullable=False),
        sa.Column("day_words", sa.Text(), nullable=False),
        sa.Column("quote_field", sa.Text(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=True, comment="null where it makes no event"),
        sa.Column("event_ord", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_claims_event")),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_claims_place")),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name=op.f("fk_claims_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_claims_claim_id")),
        sa.UniqueConstraint("report", "ord", name=op.f("uq_claims_report_ord")),
    )
    op.create_index(op.f("ix_claims_event"), "claims", ["event"], unique=False)


def _event_blocks() -> None:
    op.create_table(
        "event_blocks",
        sa.Column("event", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="events that share a key are compared (geo.merge.blocks)"),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name=op.f("fk_event_blocks_event")),
        sa.PrimaryKeyConstraint("event", "key", name=op.f("pk_event_blocks")),
    )
    op.create_index(op.f("ix_event_blocks_key"), "event_blocks", ["key"], unique=False)


def _log_bodies() -> None:
    op.create_table(
        "log_bodies",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="JSON: a salt, and each record before and after; null where erased",
        ),
        sa.ForeignKeyConstraint(["seq"], ["review_log.seq"], name=op.f("fk_log_bodies_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log_bodies")),
    )


def _log_touched() -> None:
    op.create_table(
        "log_touched",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False, comment="event:ID, claim:ID, mention:ID or report:ID"),
        sa.ForeignKeyConstraint(["seq"], ["review_log.seq"], name=op.f("fk_log_touched_seq")),
        sa.PrimaryKeyConstraint("seq", "record", name=op.f("pk_log_touched")),
    )
    op.create_index("ix_log_touched_record", "log_touched", ["record"], unique=False)


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Float(precision=53), nullable=True),
        sa.Column("runners_up", sa.Text(), nullable=False, comment="JSON list of [places.id, score, match, reason]"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=True, comment="who chose its place; null where the machine did"),
        sa.ForeignKeyConstraint(["place"], ["places.id"], name=op.f("fk_mentions_place")),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name=op.f("fk_mentions_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("report", "ord", name=op.f("uq_mentions_report_ord")),
    )
    op.create_index("ix_mentions_decided", "mentions", ["decided"], unique=False)
    op.create_index("ix_mentions_text", "mentions", ["text"], unique=False)


def _timexes() -> None:
    op.create_table(
        "timexes",
        sa.Column("report", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ord", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=True, comment="JSON, null where it names none"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name=op.f("fk_timexes_report")),
        sa.PrimaryKeyConstraint("report", "ord", name=op.f("pk_timexes")),
    )


def _claim_mentions() -> None:
    op.create_table(
        "claim_mentions",
        sa.Column("claim", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ord", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mention", sa.Integer(), nullable=False),
        sa.Column(
            "body", sa.Text(), nullable=True, comment="the mention as claimed, JSON, where it differs from its row"
        ),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_claim_mentions_claim")),
        sa.ForeignKeyConstraint(["mention"], ["mentions.id"], name=op.f("fk_claim_mentions_mention")),
        sa.PrimaryKeyConstraint("claim", "ord", name=op.f("pk_claim_mentions")),
    )
    op.create_index(op.f("ix_claim_mentions_mention"), "claim_mentions", ["mention"], unique=False)


def _skips() -> None:
    op.create_table(
        "skips",
        sa.Column("mention", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "body", sa.Text(), nullable=True, comment="the mention as skipped, JSON, where it differs from its row"
        ),
        sa.ForeignKeyConstraint(["mention"], ["mentions.id"], name=op.f("fk_skips_mention")),
        sa.PrimaryKeyConstraint("mention", name=op.f("pk_skips")),
    )


def upgrade() -> None:
    """Take this step."""
    _changes()
    _facts()
    _geocoder_cache()
    _pairs()
    _past_events()
    _places()
    _runs()
    _events()
    _reports()
    _review_log()
    _claims()
    _event_blocks()
    _log_bodies()
    _log_touched()
    _mentions()
    _timexes()
    _claim_mentions()
    _skips()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)
