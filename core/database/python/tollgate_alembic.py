"""Drives alembic inside the app's own environment and answers, as JSON, what it did.

Called with the path of alembic's configuration and the folder of tollgate_serve.py. A question has an `action` (inspect, check,
upgrade, downgrade), its `arguments`, the settings of its `session`, and, for what changes a database, a `claim`, under which it is done
once: a revision that was half applied must not be tried again because somebody asked again how it went. An error of the migration is
part of the answer.
"""

import os
import sys
import traceback

# before the first question, and not by each
import tollgate_loaded  # noqa: F401
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from tollgate_commit import BeforeCommit
from tollgate_config import open_config
from tollgate_connections import Connections
from tollgate_describe import heads_of, revisions_of
from tollgate_environment import contexts_of
from tollgate_failure import failure, sqlstate_in
from tollgate_models import differences
from tollgate_once import once
from tollgate_serve import serve
from tollgate_start import begin_at
from tollgate_steps import Steps

CLAIMS = "/var/lib/tollgate/claims"
READING = ("SELECT", "SHOW", "SET", "BEGIN", "ROLLBACK", "SAVEPOINT", "RELEASE", "EXPLAIN")


def main(configuration: str, folder: str) -> None:
    def answer(question: dict) -> dict:
        def work() -> dict:
            return perform(configuration, question)

        claim = question["claim"]
        return work() if claim is None else once(CLAIMS, claim, work)

    serve(folder, answer)


def perform(configuration: str, question: dict) -> dict:
    action, arguments = question["action"], question["arguments"]
    before_commit = None if question.get("beforeCommit") is None else BeforeCommit(question["beforeCommit"])
    steps = Steps()
    journal = Journal(question["session"], before_commit, steps)
    journal.listen()
    connections = Connections(os.environ["TOLLGATE_DATABASE"])
    connections.listen()
    answer = {"ok": True, "failure": None, "sqlstate": None}
    try:
        # what env.py finds in config.cmd_opts
        config = open_config(configuration, *(["current"] if action == "inspect" else [action, *arguments[:1]]))
        answer.update(ACTIONS[action](config, ScriptDirectory.from_config(config), *arguments) or {})
    except BaseException as error:  # sys.exit in a migration is a failure as well
        traceback.print_exc()
        answer.update(ok=False, failure=failure(error, {}, steps.current), sqlstate=sqlstate_in(error))
    return {
        **answer,
        "journal": journal.entries(),
        "elsewhere": connections.elsewhere,
        "commits": [] if before_commit is None else before_commit.seen,
    }


class Journal:
    """What was made lasting: transactions with their ids, and statements outside of one."""

    def __init__(self, session: dict[str, str], before_commit: BeforeCommit | None, steps: Steps) -> None:
        self.session = session
        self.steps = steps
        self.before_commit = before_commit
        self.transactions: list[str] = []
        self.outside: list[str] = []
        self.statements = 0

    def listen(self) -> None:
        event.listen(Pool, "connect", lambda connection, _: prepare_session(connection, self.session))
        event.listen(Engine, "before_cursor_execute", self.note_statement)
        event.listen(Engine, "commit", self.note_commit)

    def note_statement(self, connection, cursor, statement, parameters, context, executemany) -> None:
        self.statements += 1
        if is_autocommit(connection) and not statement.lstrip(" (\n\t").upper().startswith(READING):
            self.outside.append(" ".join(statement.split())[:200])

    def note_commit(self, connection) -> None:
        if is_autocommit(connection):
            return
        cursor = connection.connection.cursor()
        try:
            number = assigned(cursor)
            if number is None:
                return
            # what env.py prepares before the first revision may have been there already: the rehearsal does not tell
            if self.before_commit is not None and self.steps.current is not None:
                self.before_commit.look(cursor)
            self.transactions.append(number)
        finally:
            cursor.close()

    def entries(self) -> dict:
        return {"transactions": self.transactions, "outside": self.outside, "statements": self.statements}


def assigned(cursor) -> str | None:
    """The transaction's number; None: it has written nothing, or has failed already and commits nothing."""
    try:
        cursor.execute("SELECT txid_current_if_assigned()")
        (number,) = cursor.fetchone()
    except Exception:
        return None
    return None if number is None else str(number)


def is_autocommit(connection) -> bool:
    try:
        return (
            connection.get_isolation_level() == "AUTOCOMMIT"
            if getattr(connection, "_is_autocommit_isolation", None) is None
            else connection._is_autocommit_isolation()
        )
    except Exception:
        return bool(getattr(connection.connection.dbapi_connection, "autocommit", False))


def prepare_session(connection, settings: dict[str, str]) -> None:
    """Time-outs and a name for every session of the migration, whatever its driver reads from the environment."""
    if not settings:
        return
    cursor = connection.cursor()
    for name, value in settings.items():
        # a setting that this server does not have is left alone
        cursor.execute(
            "SELECT set_config(name, '%s', false) FROM pg_settings WHERE name = '%s'" % (value.replace("'", "''"), name)
        )
    cursor.close()
    connection.commit()


def inspect(config, script: ScriptDirectory) -> dict:
    tables = []
    for context in contexts_of(config, script):
        if context["versionTable"] not in tables:
            tables.append(context["versionTable"])
    return {**heads_of(script), "revisions": revisions_of(script), "versionTables": tables}


def check(config, script: ScriptDirectory) -> dict:
    return differences(config)


def upgrade(config, script: ScriptDirectory, target: str, start: str, tables: str) -> None:
    begin_at(start.split(), int(tables) > 1)
    command.upgrade(config, target)


def downgrade(config, script: ScriptDirectory, target: str) -> None:
    command.downgrade(config, target)


ACTIONS = {"inspect": inspect, "check": check, "upgrade": upgrade, "downgrade": downgrade}

if __name__ == "__main__":
    main(*sys.argv[1:])
