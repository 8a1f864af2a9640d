"""Where a run of alembic begins: its own session must be at the revisions that were found in the database."""

from alembic.runtime.migration import MigrationContext


class WrongStart(Exception):
    pass


def begin_at(expected: list[str], several: bool = False) -> None:
    """Elsewhere no revision is run. `several`: env.py has several version tables, and `expected` is what they name together."""
    run = MigrationContext.run_migrations

    def checked(context, **named) -> None:
        heads = sorted(context.get_current_heads())
        if not set(heads) <= set(expected) if several else heads != sorted(expected):
            raise WrongStart(
                f"env.py began at {', '.join(heads) or 'no revision'}, and the database is at {', '.join(expected) or 'no revision'}"
            )
        run(context, **named)

    MigrationContext.run_migrations = checked
