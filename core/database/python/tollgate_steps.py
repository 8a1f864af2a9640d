"""Which revisions alembic runs, in its own order, while it runs them."""

from alembic.script import ScriptDirectory


class Steps:
    """From here on every revision that alembic runs is noted, whatever asked for it."""

    def __init__(self):
        self.current = None
        self.done = []
        for name in ("_upgrade_revs", "_downgrade_revs"):
            setattr(ScriptDirectory, name, self.noted(getattr(ScriptDirectory, name)))

    def noted(self, original):
        def steps_of(script, destination, current):
            return [self.note(step) for step in original(script, destination, current)]

        return steps_of

    def note(self, step):
        run, revision = step.migration_fn, step.revision.revision

        def migrate(*arguments, **named):
            self.current = revision
            result = run(*arguments, **named)
            self.done.append(revision)
            return result

        step.migration_fn = migrate
        return step
