"""What the app's own alembic says of its revisions, run in the app's own environment; never against the real database.

    describe INI OUT            the revisions, the version table, the columns that the models map
    print    INI OUT FROM TO    what `alembic upgrade --sql FROM:TO` prints, and which line of which revision printed it
    idle     INI OUT            connects as a migration does and migrates nothing
    replay   INI OUT PLAN       runs each revision up, then down again; PLAN: JSON [{"revision": …, "down": …}, …]

Each writes JSON to OUT. An error is part of the answer: what was seen before it still counts.
"""

import io
import json
import os
import sys
import traceback
import warnings

from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from tollgate_connections import Connections
from tollgate_describe import revisions_of
from tollgate_start import WrongStart, begin_at


def main(argv):
    step, ini, out, *rest = argv
    config = Config(ini)
    # the logger's set-up in env.py would print into what alembic prints
    config.attributes["configure_logging"] = False
    connections = Connections(os.environ["TOLLGATE_DATABASE"])
    connections.listen()
    answer = {"describe": describe, "print": print_sql, "idle": idle, "replay": replay}[step](config, *rest)
    answer["elsewhere"] = connections.elsewhere
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def describe(config):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            script = ScriptDirectory.from_config(config)
            revisions = revisions_of(script)
            heads = list(script.get_heads())
        except Exception as error:
            return {"error": failure(error, {}), "revisions": [], "heads": [], "folder": None, "warnings": said(heard), "environment": None}
    return {
        "error": None,
        "revisions": revisions,
        "heads": sorted(heads),
        "folder": os.path.relpath(script.dir),
        "warnings": said(heard),
        "environment": environment(config, script),
    }


def said(heard):
    return sorted({str(one.message) for one in heard if "evision" in str(one.message)})


def environment(config, script):
    """The version table's name and the mapped columns are known to env.py alone: it is run, with nothing to migrate."""
    found = {}

    def nothing_to_do(_revision, context):
        found["schema"] = context.version_table_schema
        found["table"] = context.version_table
        found["columns"] = columns(context.opts.get("target_metadata"))
        return []

    config.output_buffer = io.StringIO()
    try:
        with EnvironmentContext(config, script, fn=nothing_to_do, as_sql=True, starting_rev=None, destination_rev=None):
            script.run_env()
    except Exception as error:
        return {"error": failure(error, {}), "schema": None, "table": "alembic_version", "columns": None}
    if not found:
        return {"error": {"message": "env.py never called context.run_migrations()", "revision": None, "line": None}, "schema": None, "table": "alembic_version", "columns": None}
    return {"error": None, **found}


def columns(metadata):
    if metadata is None:
        return None
    listed = metadata if isinstance(metadata, (list, tuple)) else [metadata]
    tables = [table for one in listed for table in one.tables.values()]
    return [{"schema": table.schema, "table": table.name, "columns": [column.name for column in table.columns]} for table in tables]


class Recorder(io.StringIO):
    """Alembic writes one statement at a time: whoever is on the stack then has asked for it."""

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


def print_sql(config, start, end):
    """After a revision that cannot be printed the next ones still can: each has its own place to start from."""
    script = ScriptDirectory.from_config(config)
    files = revision_files(script)
    recorder = Recorder(files)
    config.output_buffer = recorder
    errors = []
    while True:
        try:
            command.upgrade(config, f"{start}:{end}", sql=True)
            break
        except BaseException as error:
            # SystemExit as well: alembic's own commands end the process
            failed = failure(error, files)
            errors.append(failed)
            if failed["revision"] is None or failed["revision"] == end or failed["revision"] == start:
                break
            start = failed["revision"]
    return {"pieces": recorder.pieces, "errors": errors}


def idle(config, current):
    config.print_stdout = lambda *_arguments, **_named: None
    begin_at(json.loads(current))
    try:
        command.current(config)
    except WrongStart as error:
        return {"error": None, "wrongStart": str(error)}
    except BaseException as error:
        return {"error": failure(error, {}), "wrongStart": None}
    return {"error": None, "wrongStart": None}


def replay(config, plan):
    steps = json.loads(plan)
    files = revision_files(ScriptDirectory.from_config(config))
    done = {"upgraded": [], "downgraded": [], "upgradeError": None, "downgradeError": None}
    for step in steps:
        try:
            command.upgrade(config, step["revision"])
        except BaseException as error:
            done["upgradeError"] = failure(error, files) | {"at": step["revision"]}
            return done
        done["upgraded"].append(step["revision"])
    for step in reversed(steps):
        if step["down"] is None:
            break
        try:
            command.downgrade(config, step["down"])
        except BaseException as error:
            done["downgradeError"] = failure(error, files) | {"at": step["revision"]}
            return done
        done["downgraded"].append(step["revision"])
    return done


def failure(error, files):
    frames = traceback.extract_tb(error.__traceback__)
    inside = [(files[os.path.realpath(frame.filename)], frame.lineno) for frame in frames if os.path.realpath(frame.filename) in files]
    revision_id, line = inside[-1] if inside else (None, None)
    message = f"{type(error).__name__}: {error}".strip()
    return {"message": message[:4000], "revision": revision_id, "line": line}


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    main(sys.argv[1:])
