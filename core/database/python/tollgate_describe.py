"""What a revision's file says of itself; the same for migrate and for migration-plan."""

import ast
import hashlib

from tollgate_config import relative

# Asking for the connection, or whether there is one: what follows is not in the script that alembic prints.
LIVE = {"get_bind", "is_offline_mode", "as_sql", "create_engine", "Session", "sessionmaker"}


def heads_of(script):
    """`heads` as alembic names them, and `ends`, the rows of the version table then: what a head depends on has no row of its own."""
    heads = sorted(script.get_heads())
    return {"heads": heads, "ends": sorted(getattr(script.revision_map, "_real_heads", None) or heads)}


def revisions_of(script):
    """From the oldest to the newest."""
    return [describe_revision(found) for found in script.walk_revisions()][::-1]


def describe_revision(found):
    with open(found.path, "rb") as file:
        content = file.read()
    tree = ast.parse(content)
    functions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return {
        "revision": found.revision,
        "down": list(found._versioned_down_revisions),
        "dependsOn": list(found._resolved_dependencies),
        "labels": sorted(found.branch_labels),
        "message": (found.doc or "").strip(),
        "file": relative(found.path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "upgrade": body_kind(functions.get("upgrade")),
        "downgrade": body_kind(functions.get("downgrade")),
        "downgradeLine": functions["downgrade"].lineno if "downgrade" in functions else None,
        "live": live_lines(functions.get("upgrade"), functions),
    }


def body_kind(function):
    if function is None:
        return "missing"
    body = [node for node in function.body if not does_nothing(node)]
    if not body:
        return "empty"
    # says itself that there is no such way
    return "raises" if isinstance(body[0], ast.Raise) else "work"


def does_nothing(node):
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def live_lines(function, functions):
    """Lines of `upgrade`, and of the functions of its file that it may call, that ask for a live connection."""
    if function is None:
        return []
    seen = [function, *(other for name, other in functions.items() if name not in ("upgrade", "downgrade"))]
    nodes = [node for one in seen for node in ast.walk(one)]
    names = [(node, node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)) for node in nodes]
    return sorted({node.lineno for node, name in names if name in LIVE})
