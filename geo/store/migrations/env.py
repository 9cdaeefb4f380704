"""What Alembic runs: our steps, on the connection and in the transaction that `migrate.py` hands over."""

from alembic import context

from geo.store.schema import META

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=META,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
