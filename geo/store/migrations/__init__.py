"""Alembic's home: the steps by which a store reaches the present schema."""
