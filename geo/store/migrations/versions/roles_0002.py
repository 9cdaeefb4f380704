"""Events have a role, and SQLite a cell index in the place of an R*Tree, which took a third of an import."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PAST: Final = {
    "sqlite": "json_insert(body, '$.role', 'place')",
    "postgresql": """('{"role":"place"}'::jsonb || body::jsonb)::text""",
}

CELLS: Final = (
    "DROP TRIGGER event_boxes_add",
    "DROP TRIGGER event_boxes_move",
    "DROP TRIGGER event_boxes_drop",
    "DROP TABLE event_boxes",
    "CREATE INDEX ix_events_cell ON events (CAST((lat + 90) * 4 AS INTEGER) * 1440 + CAST((lon + 180) * 4 AS INTEGER))",
)


def upgrade() -> None:
    """Take this step."""
    op.add_column("events", sa.Column("role", sa.Text(), nullable=False, server_default="place"))
    op.drop_index("ix_events_days", "events")
    columns = ["first_day", "last_day", "lon", "lat", "modality", "role", "type", "country", "event_id"]
    op.create_index("ix_events_days", "events", columns, unique=False)
    for statement in CELLS if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(statement)
    op.execute(f"UPDATE past_events SET body = {PAST[op.get_bind().dialect.name]} WHERE body IS NOT NULL")
