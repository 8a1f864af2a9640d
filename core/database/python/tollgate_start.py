"""Where a run of alembic begins: its own session must be at the revisions that were found in the database."""

from alembic.runtime.migration import MigrationContext


class WrongStart(Exception):
    pass


def begin_at(expected: list[str]) -> None:
    """Elsewhere no revision is run."""
    run = MigrationContext.run_migrations

    def checked(context, **named) -> None:
        heads = sorted(context.get_current_heads())
        if heads != sorted(expected):
            raise WrongStart(f"env.py began at {', '.join(heads) or 'no revision'}, and the database is at {', '.join(expected) or 'no revision'}")
        run(context, **named)

    MigrationContext.run_migrations = checked
