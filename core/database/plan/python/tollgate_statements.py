"""SQL into statements, and of each what the parser of Postgres itself (libpg_query) says of it."""

import hashlib
import json

from pglast import parser

# Functions whose call changes no table. Any other may do what it likes.
HARMLESS = {
    "set_config",
    "current_setting",
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_try_advisory_lock",
    "pg_try_advisory_xact_lock",
    "pg_advisory_unlock",
    "setval",
    "nextval",
    "currval",
    "now",
    "count",
    "max",
    "min",
    "sum",
    "coalesce",
    "version",
    "pg_sleep",
}


def split(text):
    """The statements of a text with their places; None when it cannot be parsed."""
    try:
        slices = parser.split(text, only_slices=True)
        return [
            (one.start, text[one.start : one.stop].strip())
            for one in slices
            if text[one.start : one.stop].strip() != ""
        ]
    except parser.ParseError:
        return None


def tree_of(text):
    parsed = json.loads(parser.parse_sql_json(text))
    statements = parsed.get("stmts", [])
    return statements[0]["stmt"] if len(statements) == 1 else None


def parse_pieces(pieces, version_table):
    statements = []
    offset = 0
    whole = "".join(piece["text"] for piece in pieces)
    for piece in pieces:
        found = split(piece["text"])
        for start, text in [(0, piece["text"].strip())] if found is None else found:
            if text == "" or is_comment(text):
                continue
            at = offset + start
            statements.append(
                {
                    "revision": piece["revision"],
                    "sourceLine": piece["line"],
                    # counted from 0, as Squawk does
                    "line": whole.count("\n", 0, at),
                    "lineEnd": whole.count("\n", 0, at + len(text)),
                    "text": text,
                    **describe(text, version_table),
                }
            )
        offset += len(piece["text"])
    return statements


def is_comment(text):
    return all(line.strip() == "" or line.lstrip().startswith("--") for line in text.splitlines())


def describe(text, version_table):
    try:
        tree = tree_of(text)
    except parser.ParseError as error:
        return {**UNKNOWN, "parseError": str(error)}
    if tree is None:
        return UNKNOWN
    (kind,) = tree
    node = tree[kind]
    return {
        "kind": kind,
        "parseError": None,
        "transaction": kind == "TransactionStmt",
        "bookkeeping": writes_version(kind, node, version_table),
        "opaque": opaque(kind, node),
        "reads": kind == "SelectStmt" and "fromClause" in node and bool(found(node["fromClause"], "RangeVar")),
        "removesRows": [name for key in ("DeleteStmt", "TruncateStmt", "MergeStmt") for name in emptied(tree, key)],
        "outside": outside(kind, node),
        "timeout": timeout(kind, node),
    }


UNKNOWN = {
    "kind": "unknown",
    "parseError": None,
    "transaction": False,
    "bookkeeping": False,
    "opaque": True,
    "reads": False,
    "removesRows": [],
    "outside": None,
    "timeout": None,
}


def writes_version(kind, node, version_table):
    relation = node.get("relation", {}).get("relname")
    return kind in ("UpdateStmt", "InsertStmt", "DeleteStmt", "CreateStmt", "DropStmt") and relation == version_table


def opaque(kind, node):
    if kind in ("DoStmt", "CallStmt", "ExecuteStmt"):
        return True
    if kind != "SelectStmt":
        return False
    calls = [one["funcname"][-1]["String"]["sval"] for one in found(node, "FuncCall")]
    return any(name not in HARMLESS for name in calls)


def emptied(tree, key):
    nodes = found(tree, key)
    relations = [one.get("relation") for one in nodes] + [
        inner.get("RangeVar") for one in nodes for inner in one.get("relations", [])
    ]
    return [one["relname"] for one in relations if one is not None]


def found(tree, key):
    if isinstance(tree, list):
        return [one for item in tree for one in found(item, key)]
    if not isinstance(tree, dict):
        return []
    here = [tree[key]] if isinstance(tree.get(key), dict) else []
    return here + [one for item in tree.values() for one in found(item, key)]


def outside(kind, node):
    """What Postgres refuses inside a transaction, with the relation that it locks; None for everything else."""
    if kind == "IndexStmt" and node.get("concurrent"):
        return {"way": "create-index-concurrently", **relation(node["relation"])}
    if kind == "DropStmt" and node.get("concurrent"):
        names = [item["String"]["sval"] for item in node["objects"][0]["List"]["items"]]
        return {"way": "drop-index-concurrently", "schema": names[-2] if len(names) > 1 else None, "name": names[-1]}
    if kind == "ReindexStmt" and any(one["DefElem"]["defname"] == "concurrently" for one in node.get("params", [])):
        return {"way": "reindex-concurrently", **relation(node.get("relation"))}
    if kind == "AlterTableStmt":
        for command in found(node, "PartitionCmd"):
            if command.get("concurrent"):
                return {"way": "detach-partition-concurrently", **relation(node["relation"])}
    if kind == "VacuumStmt" and node.get("is_vacuumcmd"):
        full = any(one["DefElem"]["defname"] == "full" for one in node.get("options", []))
        first = found(node, "VacuumRelation")
        return {"way": "vacuum-full" if full else "vacuum", **relation(first[0].get("relation") if first else None)}
    if kind in ("CreatedbStmt", "DropdbStmt", "AlterSystemStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt"):
        return {"way": "server", "schema": None, "name": None}
    return None


def relation(node):
    return (
        {"schema": None, "name": None} if node is None else {"schema": node.get("schemaname"), "name": node["relname"]}
    )


def timeout(kind, node):
    """A time-out that the statement takes away or changes."""
    if kind != "VariableSetStmt" or node.get("name") not in ("lock_timeout", "statement_timeout"):
        return None
    constants = found(node.get("args", []), "A_Const")
    value = "default"
    if constants and node.get("kind") == "VAR_SET_VALUE":
        one = constants[0]
        value = one["sval"].get("sval", "") if "sval" in one else str(one.get("ival", {}).get("ival", 0))
    return {"name": node["name"], "value": value, "local": bool(node.get("is_local"))}


def normal_forms(text):
    """A statement without what a driver may write otherwise: (with its constants, without them, whether it has parameters)."""
    try:
        tree = tree_of(text)
    except parser.ParseError:
        tree = None
    if tree is None:
        words = " ".join(text.split())
        return words, words, False
    parameters = bool(found(tree, "ParamRef"))
    return digest(plain(tree, True)), digest(plain(tree, False)), parameters


def digest(tree):
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def plain(tree, constants):
    if isinstance(tree, list):
        items = [plain(item, constants) for item in tree]
        # rows of VALUES: how many go into one statement is the driver's choice
        return items if constants else [item for index, item in enumerate(items) if item not in items[:index]]
    if not isinstance(tree, dict):
        return tree
    if "TypeCast" in tree and isinstance(tree["TypeCast"], dict):
        inner = tree["TypeCast"].get("arg", {})
        if "ParamRef" in inner or "A_Const" in inner:
            return plain(inner, constants)
    if "ParamRef" in tree:
        return "?"
    if "A_Const" in tree and not constants:
        return "?"
    return {
        key: plain(value, constants)
        for key, value in tree.items()
        if key
        not in (
            "location",
            "stmt_location",
            "stmt_len",
            "rexpr_list_start",
            "rexpr_list_end",
            "list_start",
            "list_end",
            "arg_location",
        )
    }
