"""Looks at what a transaction of the migration has made, before it is committed. What is not as it was in the rehearsal is not committed.

`asked` has: `schema` and `revision` (SQL expressions), `target` (the revisions at the end), `expected` (what each commit of the
rehearsal left, in its order; None: there was none), and of what must hold at the end: `protect`, `invariants`, `unchanged`.
"""

import json

from tollgate_failure import sqlstate_in

SAVEPOINT = "tollgate_before_commit"
# of a table and its partitions: rows by which this very transaction made it shorter, and the files that it is in
OWN = """SELECT json_build_object(
  'lost', coalesce(sum(pg_stat_get_xact_tuples_deleted(oid) - pg_stat_get_xact_tuples_inserted(oid)), 0),
  'files', coalesce(json_agg(relfilenode::text ORDER BY relfilenode), '[]'))
  FROM pg_class WHERE relkind = 'r' AND (oid = to_regclass({name}) OR oid IN (SELECT relid FROM pg_partition_tree(to_regclass({name})) WHERE isleaf))"""


class Differs(Exception):
    pass


class BeforeCommit:
    def __init__(self, asked: dict) -> None:
        self.asked = asked
        self.seen: list[dict] = []
        # by table: rows that the transactions so far have made fewer
        self.lost: dict[str, int] = {}

    def look(self, cursor) -> None:
        """Raises when what would be committed must not be."""
        ask = Asker(cursor)
        # until there is a version table no revision is applied
        now = {"revision": ask.value(self.asked["revision"], missing=[]), "schema": ask.value(self.asked["schema"])}
        problems = self.differences(now)
        self.add_up(ask)
        if now["revision"] == self.asked["target"]:
            problems += [*self.shrunk(ask), *self.broken(ask), *self.changed(ask)]
        if problems:
            raise Differs("\n".join(f"before the commit: {one}" for one in problems))
        self.seen.append(now)

    def differences(self, now: dict) -> list[str]:
        expected = self.asked["expected"]
        if expected is None:
            return []
        if len(self.seen) >= len(expected):
            return ["more commits than in the rehearsal"]
        then = expected[len(self.seen)]
        found = []
        if now["revision"] != then["revision"]:
            found.append(
                f"the revision is {', '.join(now['revision']) or 'none'}, and was {', '.join(then['revision']) or 'none'} in the rehearsal"
            )
        if now["schema"] != then["schema"]:
            found.append("the schema is not the one of the rehearsal")
        return found

    def add_up(self, ask: "Asker") -> None:
        for table in self.asked["protect"]:
            table["own"] = ask.value(OWN.format(name=literal(table["table"])))
            self.lost[table["name"]] = self.lost.get(table["name"], 0) + table["own"]["lost"]

    def shrunk(self, ask: "Asker") -> list[str]:
        """By its own counters, which cost nothing while the locks are held."""
        found = []
        for table in self.asked["protect"]:
            if not table["own"]["files"]:
                found += (
                    [f"the protected table {table['name']} is gone; it had {table['rows']} rows"]
                    if table["rows"] > 0
                    else []
                )
                continue
            lost = self.lost[table["name"]]
            if table["own"]["files"] != table["files"]:
                # rewritten or emptied, which they do not tell
                lost = table["rows"] - ask.value(f"SELECT count(*) FROM {table['table']}")
            if lost > 0:
                found.append(f"the protected table {table['name']} has lost {lost} of {table['rows']} rows")
        return found

    def broken(self, ask: "Asker") -> list[str]:
        rows = [(one["name"], ask.value(one["sql"])) for one in self.asked["invariants"]]
        return [
            f"the invariant {name} is broken by {count} row{'' if count == 1 else 's'}" for name, count in rows if count
        ]

    def changed(self, ask: "Asker") -> list[str]:
        return [
            f"{one['name']} has changed"
            for one in self.asked["unchanged"]
            if one["was"] is not None and ask.value(one["sql"]) != one["was"]
        ]


class Asker:
    """Each question is asked within the transaction, and leaves nothing in it."""

    def __init__(self, cursor) -> None:
        self.cursor = cursor

    def value(self, question: str | dict, missing=None):
        """question: an expression, or one whose answer is the expression; missing: the answer where a table that it names is not there; None: that is an error."""
        self.cursor.execute(f"SAVEPOINT {SAVEPOINT}")
        try:
            expression = self.one(question["derived"]) if isinstance(question, dict) else question
            answer = self.one(f"({expression})::text")
        except Exception as error:
            self.cursor.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
            if missing is not None and sqlstate_in(error) == "42P01":
                return missing
            raise Differs(f"before the commit: a query failed: {str(error).strip()}") from error
        self.cursor.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
        return None if answer is None else json.loads(answer)

    def one(self, expression: str):
        self.cursor.execute(f"SELECT ({expression})")
        (answer,) = self.cursor.fetchone()
        return answer


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
