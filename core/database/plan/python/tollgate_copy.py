"""The throw-away copy of the database: its schema without its rows, several times over, in a server of its own.

    tollgate_copy.py plan IN OUT
    tollgate_copy.py setup IN
    tollgate_copy.py examine IN OUT

`plan` makes the copies of one that has the schema, has the app's alembic (tollgate_plan.py, in another container) work on them, runs what it
printed against one copy and reads what the others saw. All of it in one container: each further one would take as long to start as
most of this takes. `setup` and `examine` are its first and last part, for commands that run in containers of their own. IN and OUT
are JSON.
"""

import json
import os
import sys
import time
import traceback

import psycopg
from psycopg import sql

from tollgate_ask import Gone, answer_to, put
from tollgate_compare import compare
from tollgate_lint import lint
from tollgate_observe import changes, name_locks, observe
from tollgate_statements import parse_pieces

# where alembic runs the revisions, and each of them is noted
RUN = ("tollgate_replay", "tollgate_steps")
# exit codes
NO_COPY, NO_ALEMBIC = 3, 90
HERE = os.path.dirname(os.path.abspath(__file__))


def connect(database):
    return psycopg.connect(dbname=database, autocommit=True, prepare_threshold=None)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)


def plan(given, out):
    asked = read_json(given)
    began = time.monotonic()
    try:
        setup(asked["facts"])
    except Exception:
        traceback.print_exc()
        raise SystemExit(NO_COPY) from None
    copied = time.monotonic()
    try:
        answers, ran_in = ask(asked["folder"], asked["questions"])
    except Gone:
        raise SystemExit(NO_ALEMBIC) from None
    ran = time.monotonic()
    usable = answers["idle"]["answer"] is not None and answers["idle"]["answer"]["wrongStart"] is None
    if usable and all(one["answer"] is not None for one in answers.values()):
        examined = examine(
            asked, answers["print"]["answer"], answers["steps" if "steps" in answers else "replay"]["answer"], ran_in
        )
    else:
        examined = None
    seconds = {"copied": copied - began, "ran": ran - copied, "examined": time.monotonic() - ran}
    write_json(out, {"answers": answers, "examined": examined, "seconds": seconds})


def examine_file(given, out):
    question = read_json(given)
    write_json(out, examine(question, question["printed"], question["replay"], question["ranIn"]))


def ask(folder, questions):
    """Each on a copy of its own, side by side. One by one the revisions are run only when they fail together."""
    names = {name: put(folder, questions[name]) for name in ("print", "idle", "replay")}
    answers = {name: answer_to(folder, asked) for name, asked in names.items()}
    replay = answers["replay"]["answer"]
    if replay is None or replay["upgradeError"] is None:
        return answers, "tollgate_replay"
    return {**answers, "steps": answer_to(folder, put(folder, questions["steps"]))}, "tollgate_steps"


def setup(facts):
    with connect(facts["database"]) as seed:
        fill_version_tables(seed, facts)
    with connect("postgres") as server:
        for name in facts["copies"]:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(facts["database"]), sql.Identifier(facts["owner"])
                )
            )
    for name in (*RUN, "tollgate_observe"):
        with connect(name) as copy, open(os.path.join(HERE, "tollgate_snapshot.sql"), encoding="utf-8") as file:
            copy.execute(file.read())
            if name in RUN:
                copy.execute(
                    "INSERT INTO tollgate_watch.notes (catalog, lines, locks) VALUES (tollgate_watch.catalog(), tollgate_watch.schema_lines(), '[]')"
                )
                copy.execute("SELECT tollgate_watch.watch(%s)", (facts["versionTable"],))
    with connect("postgres") as server:
        for name, settings in facts["copies"].items():
            server.execute(settings)
            # an app that waits for ever must not hold the plan
            server.execute(sql.SQL("ALTER DATABASE {} SET lock_timeout = '60s'").format(sql.Identifier(name)))
    # from here on, so that the log holds what the app asks and nothing of ours
    with connect("postgres") as server:
        for name in ("tollgate_print", "tollgate_idle", *RUN):
            server.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(sql.Identifier(name)))


def fill_version_tables(seed, facts):
    """The dump has them without their rows. Where there is none alembic, or env.py, makes it as it likes."""
    for one in facts["current"]:
        table = sql.Identifier(*([] if one["schema"] is None else [one["schema"]]), facts["versionTable"])
        for revision in one["revisions"]:
            seed.execute(sql.SQL("INSERT INTO {} (version_num) VALUES ({})").format(table, sql.Literal(revision)))


def server_log(end):
    """All that the server was asked so far, in its order; `end` is a marker that must have reached the log."""
    with connect("tollgate_idle") as copy:
        copy.execute(sql.SQL("SELECT {}").format(sql.Literal(end)))
        for _ in range(200):
            (text,) = copy.execute("SELECT pg_read_file('log/tollgate.csv')").fetchone()
            if f"SELECT '{end}'" in text:
                return text
            time.sleep(0.05)
    raise SystemExit("the copy's log did not reach its end")


def examine(question, printed, replay, ran_in):
    script = "".join(piece["text"] for piece in printed["pieces"])
    statements = parse_pieces(printed["pieces"], question["versionTable"])
    # its own statements are not logged, so the log can be read at any time
    with connect("tollgate_observe") as copy:
        observed = observe(copy, lambda: connect("tollgate_observe"), statements)
        (lines,) = copy.execute("SELECT tollgate_watch.schema_lines()").fetchone()
    with connect(ran_in) as copy:
        upgraded, downgraded = noted_revisions(copy, replay, question["versionTable"])
        (version,) = copy.execute("SELECT split_part(current_setting('server_version'), ' ', 1)").fetchone()
    return {
        "serverVersion": version,
        "script": script,
        "statements": observed,
        "printedSchema": [line for line in lines if question["versionTable"] not in line],
        "upgraded": upgraded,
        "downgraded": downgraded,
        "comparison": compare(statements, server_log("tollgate-end"), replay, question["versionTable"], ran_in),
        "lint": lint(question["preamble"] + script, question["preamble"].count("\n"), question["serverVersion"]),
    }


def noted_revisions(copy, replay, version_table):
    """Per revision what running it with alembic changed and locked, and what its downgrade left different."""
    notes = [
        {
            "version": version,
            "catalog": seen,
            "lines": [line for line in lines if version_table not in line],
            "locks": locks,
            "transaction": transaction,
        }
        for version, seen, lines, locks, transaction in copy.execute(
            "SELECT version, catalog, lines, locks, transaction FROM tollgate_watch.notes ORDER BY id"
        )
    ]
    before, at, upgraded, states = notes[0], 0, {}, [notes[0]]
    for revision in replay["upgraded"]:
        # a merge changes more than one row of the version table: the last note before the next revision's is its end
        found = [index for index in range(at + 1, len(notes)) if notes[index]["version"] == revision]
        if not found:
            break
        at = found[0]
        after = notes[at]
        seen = changes(before["catalog"], after["catalog"])
        locks = name_locks(own_locks(before, after), before["catalog"], after["catalog"])
        # where env.py has several schemas, it runs once in each
        earlier = upgraded.get(revision, {"changes": [], "locks": [], "schemaChanged": False})
        upgraded[revision] = {
            "revision": revision,
            "changes": earlier["changes"] + seen,
            "locks": earlier["locks"] + [lock for lock in locks if lock not in earlier["locks"]],
            "schemaChanged": earlier["schemaChanged"] or before["lines"] != after["lines"],
            "schema": after["lines"],
        }
        before = after
        states.append(after)
    downgraded = []
    for steps, revision in enumerate(replay["downgraded"]):
        was, now = set(notes[at + steps]["lines"]), set(notes[at + 1 + steps]["lines"])
        wanted, expected = set(states[-2 - steps]["lines"]), set(states[-1 - steps]["lines"])
        downgraded.append(
            {
                "revision": revision,
                # what a later revision's downgrade left wrong is not this one's doing
                "lost": sorted((wanted - now) - (expected - was)),
                "left": sorted((now - wanted) - (was - expected)),
                "didNothing": now == was,
            }
        )
    return list(upgraded.values()), downgraded


def own_locks(before, after):
    """In one transaction with the revision before, its locks are still held: they are told once, where they were taken."""
    held = before["locks"] if before["transaction"] == after["transaction"] else []
    return [lock for lock in after["locks"] if lock not in held]


if __name__ == "__main__":
    {"plan": plan, "setup": lambda given: setup(read_json(given)), "examine": examine_file}[sys.argv[1]](*sys.argv[2:])
