"""What the app's own alembic says of its revisions, run in the app's own environment; never against the real database.

    describe                    the revisions, the version table, the columns that the models map
    print    PLAN               what `alembic upgrade --sql FROM:TO` prints, and which line of which revision printed it
    idle     CURRENT TABLES     connects as a migration does and migrates nothing
    replay   PLAN               upgrades as `alembic upgrade head` does, then goes down again one by one
    steps    PLAN               runs each revision up by itself

PLAN is JSON: {"from": […], "target": "head", "steps": [{"revision": …, "down": …}, …]}.

An error is part of the answer: what was seen before it still counts.
"""

import io
import json
import os
import sys
import warnings

from alembic import command
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from tollgate_config import open_config, relative
from tollgate_connections import Connections
from tollgate_describe import heads_of, revisions_of
from tollgate_environment import contexts_of
from tollgate_failure import failure
from tollgate_start import WrongStart, begin_at
from tollgate_steps import Steps

# what env.py finds in config.cmd_opts: the command that a team would have run
COMMANDS = {
    "print": ["upgrade", "head", "--sql"],
    "idle": ["current"],
    "replay": ["upgrade", "head"],
    "steps": ["upgrade", "head"],
    "describe": ["upgrade", "head"],
}


def perform(step, ini, arguments):
    config = open_config(ini, *COMMANDS[step])
    # the logger's set-up in env.py would print into what alembic prints
    config.attributes["configure_logging"] = False
    connections = Connections(os.environ["TOLLGATE_DATABASE"])
    connections.listen()
    answer = {"describe": describe, "print": print_sql, "idle": idle, "replay": replay, "steps": steps}[step](
        config, *arguments
    )
    return {**answer, "elsewhere": connections.elsewhere}


def describe(config):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            script = ScriptDirectory.from_config(config)
            revisions = revisions_of(script)
            heads = heads_of(script)
        except Exception as error:
            return {
                "error": failure(error, {}),
                "revisions": [],
                "heads": [],
                "ends": [],
                "folder": None,
                "warnings": said(heard),
                "environment": None,
            }
    return {
        "error": None,
        "revisions": revisions,
        **heads,
        "folder": relative(script.dir),
        "warnings": said(heard),
        "environment": environment(config, script),
    }


def said(heard):
    return sorted({str(one.message) for one in heard if "evision" in str(one.message)})


def environment(config, script):
    """The version table's name and the mapped columns are known to env.py alone: it is run, with nothing to migrate."""
    try:
        contexts = contexts_of(config, script)
    except BaseException as error:
        return {"error": failure(error, {}), "schema": None, "table": "alembic_version", "also": [], "columns": None}
    table, models = contexts[0]["versionTable"], [context["models"] for context in contexts]
    known = [one for metadata in models for one in columns(metadata) or []]
    also = sorted(
        {one["versionTable"]["schema"] for one in contexts if one["versionTable"]["name"] == table["name"]}
        - {table["schema"], None}
    )
    return {
        "error": None,
        "schema": table["schema"],
        "table": table["name"],
        "also": also,
        "columns": None if all(one is None for one in models) else known,
    }


def columns(metadata):
    if metadata is None:
        return None
    listed = metadata if isinstance(metadata, (list, tuple)) else [metadata]
    tables = [table for one in listed for table in one.tables.values()]
    return [
        {"schema": table.schema, "table": table.name, "columns": [column.name for column in table.columns]}
        for table in tables
    ]


class Recorder(io.StringIO):
    """Alembic writes one statement at a time: what asked for it is on the stack then."""

    def __init__(self, files):
        super().__init__()
        self.files = files
        self.pieces = []

    def write(self, text):
        revision_id, line = frame_of(sys._getframe(1), self.files)
        self.pieces.append({"text": text, "revision": revision_id, "line": line})
        return super().write(text)


def frame_of(frame, files):
    while frame is not None:
        found = files.get(os.path.realpath(frame.f_code.co_filename))
        if found is not None:
            return found, frame.f_lineno
        frame = frame.f_back
    return None, None


def revision_files(script):
    return {os.path.realpath(found.path): found.revision for found in script.walk_revisions()}


def print_sql(config, given):
    """After a revision that cannot be printed the next ones still can: each has its own place to start from."""
    plan = json.loads(given)
    script = ScriptDirectory.from_config(config)
    files = revision_files(script)
    recorder = Recorder(files)
    config.output_buffer = recorder
    errors = []
    start = plan["from"]
    while True:
        try:
            print_upgrade(config, script, start, plan["target"])
            break
        except BaseException as error:
            # SystemExit as well: alembic's own commands end the process
            failed = failure(error, files)
            errors.append(failed)
            # where branches are, there is no one place after it
            if (
                failed["revision"] is None
                or len(plan["from"]) > 1
                or plan["target"] != "head"
                or [failed["revision"]] == start
                or failed["revision"] in script.get_heads()
            ):
                break
            start = [failed["revision"]]
    return {"pieces": recorder.pieces, "errors": errors}


def print_upgrade(config, script, start, target):
    """As `alembic upgrade --sql` does, which takes one place to start from and no more."""

    def upgrade(current, _context):
        return script._upgrade_revs(target, current)

    with EnvironmentContext(
        config, script, fn=upgrade, as_sql=True, starting_rev=start or "base", destination_rev=target
    ):
        script.run_env()


def idle(config, current, tables):
    config.print_stdout = lambda *_arguments, **_named: None
    begin_at(json.loads(current), int(tables) > 1)
    try:
        command.current(config)
    except WrongStart as error:
        return {"error": None, "wrongStart": str(error)}
    except BaseException as error:
        return {"error": failure(error, {}), "wrongStart": None}
    return {"error": None, "wrongStart": None}


def replay(config, given):
    """All at once, in the transactions that env.py makes: two revisions may work each by itself and not in one transaction."""
    plan = json.loads(given)
    files = revision_files(ScriptDirectory.from_config(config))
    done = {"upgraded": [], "downgraded": [], "upgradeError": None, "downgradeError": None}
    run = Steps()
    try:
        command.upgrade(config, plan["target"])
    except BaseException as error:
        return done | {"upgradeError": failed(error, files, run, plan)}
    done["upgraded"] = list(run.done)
    down = {step["revision"]: step["down"] for step in plan["steps"]}
    read_once()
    for revision in reversed(done["upgraded"]):
        if down.get(revision) is None:
            break
        try:
            command.downgrade(config, down[revision])
        except BaseException as error:
            return done | {"downgradeError": failure(error, files, revision) | {"at": revision}}
        done["downgraded"].append(revision)
    return done


def read_once():
    """From here on the revisions' files are read by the first command and not by each: of a hundred, each would read a hundred."""
    read, found = ScriptDirectory.from_config, []

    def from_config(config):
        if not found:
            found.append(read(config))
        return found[0]

    ScriptDirectory.from_config = from_config


def steps(config, given):
    """One by one, so that what comes before the first failure can be examined."""
    plan = json.loads(given)
    files = revision_files(ScriptDirectory.from_config(config))
    run = Steps()
    done = {"upgraded": [], "downgraded": [], "upgradeError": None, "downgradeError": None}
    for step in plan["steps"]:
        try:
            command.upgrade(config, step["revision"])
        except BaseException as error:
            return done | {"upgradeError": failed(error, files, run, plan)}
        done["upgraded"].append(step["revision"])
    return done


def failed(error, files, run, plan):
    # what fails at the end of the transaction is of no single revision
    at = run.current if run.current is not None else plan["steps"][0]["revision"]
    answer = failure(error, files, at)
    return answer | {"at": answer["revision"] or at}
