"""Events that are said or told as history have a role of their own, and are shown when asked for."""

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


def upgrade() -> None:
    """Take this step."""
    op.add_column("events", sa.Column("role", sa.Text(), nullable=False, server_default="place"))
    op.drop_index("ix_events_days", "events")
    columns = ["first_day", "last_day", "lon", "lat", "modality", "role", "type", "country", "event_id"]
    op.create_index("ix_events_days", "events", columns, unique=False)
    op.execute(f"UPDATE past_events SET body = {PAST[op.get_bind().dialect.name]} WHERE body IS NOT NULL")
