"""What env.py tells alembic, without a revision being run."""

from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext


class NeverRan(Exception):
    pass


def contexts_of(config, script, as_sql=False):
    """Of each time that env.py asks alembic to run the revisions: where it keeps them, and the models."""
    found = []

    def look(context, **_named):
        tables = {
            "name": context.version_table,
            "schema": context.version_table_schema or (None if as_sql else schema_of(context)),
        }
        found.append({"versionTable": tables, "models": context.opts.get("target_metadata")})

    run = MigrationContext.run_migrations
    # so that no version table is made either
    MigrationContext.run_migrations = look
    try:
        with EnvironmentContext(
            config, script, fn=lambda _revision, _context: [], as_sql=as_sql, destination_rev="heads"
        ):
            script.run_env()
    finally:
        MigrationContext.run_migrations = run
    if not found:
        raise NeverRan("env.py never called context.run_migrations()")
    return found


def schema_of(context):
    """Where env.py's own session finds the version table, or would make it, whatever search path it has set."""
    named = "SELECT coalesce((SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('%s')), current_schema())::text"
    quoted = context.version_table.replace('"', '""').replace("'", "''").replace("%", "%%")
    row = context.connection.exec_driver_sql(named % f'"{quoted}"').first()
    return None if row is None else row[0]
