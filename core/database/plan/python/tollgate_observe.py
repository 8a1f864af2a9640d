"""Each statement in a transaction of its own on the empty copy: which locks it took, and what it changed in the catalog."""

import threading
import time

import psycopg
from psycopg import sql

# ordered: the strongest is the one that matters
MODES = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
]

LOCKS = """
    SELECT relation::text, mode FROM pg_catalog.pg_locks
    WHERE pid = %s AND locktype = 'relation' AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
"""


def observe(copy, connect, statements):
    seen = []
    before = catalog(copy)
    for statement in statements:
        before, one = watch(copy, connect, statement, before)
        seen.append(one)
    return seen


def watch(copy, connect, statement, before):
    if statement["transaction"] or statement["bookkeeping"]:
        run_bookkeeping(copy, statement)
        return before, {**statement, "locks": [], "evidence": "none", "changes": [], "error": None}
    error, evidence = None, "observed"
    if statement["outside"] is not None:
        locks, evidence, error = run_outside(copy, connect, statement, before)
    else:
        locks, error = run_inside(copy, statement)
    after = catalog(copy)
    named = name_locks(locks, before, after)
    return after, {**statement, "locks": named, "evidence": evidence, "changes": changes(before, after), "error": error}


def run_bookkeeping(copy, statement):
    """BEGIN and COMMIT are left out: each statement has a transaction of its own here."""
    if statement["transaction"]:
        return
    try:
        copy.execute(statement["text"])
    except psycopg.Error:
        # a version table made twice: alembic's own business
        pass


def run_inside(copy, statement):
    try:
        with copy.transaction():
            copy.execute(statement["text"])
            locks = copy.execute(LOCKS, (copy.info.backend_pid,)).fetchall()
        return locks, None
    except psycopg.Error as error:
        return [], str(error).strip()


def run_outside(copy, connect, statement, before):
    """Postgres refuses it in a transaction. Behind somebody's ACCESS EXCLUSIVE lock it has to wait, and is seen asking."""
    target = table_of(statement["outside"], before)
    waiting = []
    if target is None:
        return [], "unknown", run_bare(copy, statement)
    with connect() as other, connect() as watcher:
        other.execute("BEGIN")
        other.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(*target)))
        errors = []
        thread = threading.Thread(target=lambda: errors.append(run_bare(copy, statement)))
        pid = copy.info.backend_pid
        thread.start()
        for _ in range(100):
            waiting = [row[:2] for row in watcher.execute(f"SELECT * FROM ({LOCKS} AND NOT granted) AS waits", (pid,))]
            if waiting or not thread.is_alive():
                break
            time.sleep(0.02)
        other.execute("ROLLBACK")
        thread.join()
    return waiting, "observed" if waiting else "unknown", errors[0]


def run_bare(copy, statement):
    try:
        copy.execute(statement["text"])
        return None
    except psycopg.Error as error:
        return str(error).strip()


def table_of(outside, seen):
    """The table itself, or that of the index that is meant."""
    indexes = [one["table"] for one in seen["indexes"].values() if one["name"] == outside["name"]]
    for oid, one in seen["relations"].items():
        if (one["name"] == outside["name"] and outside["schema"] in (None, one["schema"])) or oid in indexes:
            return one["schema"], one["name"]
    return None


def catalog(copy):
    (seen,) = copy.execute("SELECT tollgate_watch.catalog()").fetchone()
    return seen


def name_locks(locks, before, after):
    strongest = {}
    for oid, mode in locks:
        index = before["indexes"].get(oid) or after["indexes"].get(oid)
        relation = before["relations"].get(oid) or after["relations"].get(oid)
        # an index's own lock comes with one on its table
        if index is not None or relation is None or mode not in MODES:
            continue
        name = (relation["schema"], relation["name"])
        strongest[name] = max(strongest.get(name, 0), MODES.index(mode))
    return [
        {"schema": schema, "table": table, "mode": MODES[mode]} for (schema, table), mode in sorted(strongest.items())
    ]


def changes(before, after):
    found = []
    old, new = before["relations"], after["relations"]

    def note(kind, relation, **more):
        found.append(
            {
                "kind": kind,
                "schema": relation["schema"],
                "table": relation["name"],
                "column": None,
                "to": None,
                "from": None,
                **more,
            }
        )

    for oid, one in old.items():
        now = new.get(oid)
        if now is None:
            note("relation-dropped", one)
        elif (now["schema"], now["name"]) != (one["schema"], one["name"]):
            note(
                "relation-renamed",
                one,
                to=now["name"] if now["schema"] == one["schema"] else f"{now['schema']}.{now['name']}",
            )
        if now is not None and now["file"] != one["file"] and one["kind"] in "rm":
            note("rewritten", one)
    for oid, one in new.items():
        if oid not in old:
            note("relation-created", one)
    for key, one in before["columns"].items():
        relation, now = old[one["relation"]], after["columns"].get(key)
        if one["relation"] not in new:
            continue
        if now is None:
            note("column-dropped", relation, column=one["name"])
            continue
        if now["name"] != one["name"]:
            note("column-renamed", relation, column=one["name"], to=now["name"])
        if now["type"] != one["type"]:
            note("column-type", relation, column=one["name"], **{"from": one["type"], "to": now["type"]})
        if now["required"] and not one["required"]:
            note("column-required", relation, column=one["name"])
    for key, one in after["columns"].items():
        if key not in before["columns"] and one["relation"] in old and one["required"]:
            note("column-required", old[one["relation"]], column=one["name"], to="new")
    for oid, name in before["functions"].items():
        if oid not in after["functions"]:
            found.append(
                {"kind": "function-dropped", "schema": "", "table": name, "column": None, "to": None, "from": None}
            )
    return found
