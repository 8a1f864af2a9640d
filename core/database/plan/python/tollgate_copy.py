"""The throw-away copy of the database: its schema without its rows, several times over, in a server of its own.

    setup IN            makes the copies of one that has the schema; IN: JSON with what the real database said of itself
    examine IN OUT      runs what alembic printed against one copy and reads what the others saw
"""

import json
import os
import sys
import time

import psycopg
from psycopg import sql

from tollgate_compare import compare
from tollgate_lint import lint
from tollgate_observe import changes, name_locks, observe
from tollgate_statements import parse_pieces

# where alembic runs the revisions, and each of them is noted
RUN = ("tollgate_replay", "tollgate_steps")
HERE = os.path.dirname(os.path.abspath(__file__))


def connect(database):
    return psycopg.connect(dbname=database, autocommit=True, prepare_threshold=None)


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def setup(given):
    facts = read_json(given)
    with connect(facts["database"]) as seed:
        fill_version_tables(seed, facts)
    with connect("postgres") as server:
        for name in facts["copies"]:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(facts["database"]), sql.Identifier(facts["owner"]))
            )
    for name in (*RUN, "tollgate_observe"):
        with connect(name) as copy, open(os.path.join(HERE, "tollgate_snapshot.sql"), encoding="utf-8") as file:
            copy.execute(file.read())
            if name in RUN:
                copy.execute("INSERT INTO tollgate_watch.notes (catalog, lines, locks) VALUES (tollgate_watch.catalog(), tollgate_watch.schema_lines(), '[]')")
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


def examine(given, out):
    question = read_json(given)
    printed = read_json(question["printed"])
    replay = read_json(question["replay"])
    script = "".join(piece["text"] for piece in printed["pieces"])
    statements = parse_pieces(printed["pieces"], question["versionTable"])
    # its own statements are not logged, so the log can be read at any time
    with connect("tollgate_observe") as copy:
        observed = observe(copy, lambda: connect("tollgate_observe"), statements)
        (lines,) = copy.execute("SELECT tollgate_watch.schema_lines()").fetchone()
    with connect(question["ranIn"]) as copy:
        upgraded, downgraded = noted_revisions(copy, replay, question["versionTable"])
        (version,) = copy.execute("SELECT split_part(current_setting('server_version'), ' ', 1)").fetchone()
    answer = {
        "serverVersion": version,
        "script": script,
        "statements": observed,
        "printedSchema": [line for line in lines if question["versionTable"] not in line],
        "upgraded": upgraded,
        "downgraded": downgraded,
        "comparison": compare(statements, server_log("tollgate-end"), replay, question["versionTable"], question["ranIn"]),
        "lint": lint(question["preamble"] + script, question["preamble"].count("\n"), question["serverVersion"]),
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def noted_revisions(copy, replay, version_table):
    """Per revision what running it with alembic changed and locked, and what its downgrade left different."""
    notes = [
        {"version": version, "catalog": seen, "lines": [line for line in lines if version_table not in line], "locks": locks, "transaction": transaction}
        for version, seen, lines, locks, transaction in copy.execute("SELECT version, catalog, lines, locks, transaction FROM tollgate_watch.notes ORDER BY id")
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
    {"setup": setup, "examine": examine}[sys.argv[1]](*sys.argv[2:])
