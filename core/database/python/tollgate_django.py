"""What a Django service's database is at, and back to it, by Django's own record. Runs in the folder of manage.py.

tollgate_django.py revision     prints APP.MIGRATION, the last that is applied of each app, in the order of their names
tollgate_django.py rollback     back to what TOLLGATE_REVISION says, as `revision` printed it
"""

import contextlib
import os
import re
import sys


def set_up():
    sys.path.insert(0, os.getcwd())
    with open("manage.py", encoding="utf-8") as file:
        found = re.search(r"DJANGO_SETTINGS_MODULE['\"]\s*,\s*['\"]([\w.]+)", file.read())
    if found is not None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", found[1])
    import django

    django.setup()


def last_applied():
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    applied, nodes = set(loader.applied_migrations), loader.graph.node_map
    last = {}
    for app, name in applied:
        node = nodes.get((app, name))
        # one that a squashed migration replaced is behind that one
        if node is None or any(child.key[0] == app and child.key in applied for child in node.children):
            continue
        last.setdefault(app, set()).add(name)
    for app in {app for app, _ in applied} - set(last):
        last[app] = {max(name for other, name in applied if other == app)}
    return {app: sorted(names) for app, names in last.items()}


def rollback(wanted):
    from django.core.management import call_command

    targets = {}
    for line in wanted.split():
        app, _, name = line.partition(".")
        targets.setdefault(app, []).append(name)
    for app, names in sorted(last_applied().items(), reverse=True):
        target = targets.get(app, ["zero"])
        if names != target:
            # of an app with several ends the first: what it does not have is found by the comparison
            call_command("migrate", app, target[0], interactive=False)


if __name__ == "__main__":
    # settings may print what they like
    with contextlib.redirect_stdout(sys.stderr):
        set_up()
        if sys.argv[1] == "rollback":
            rollback(os.environ["TOLLGATE_REVISION"])
        seen = last_applied()
    if sys.argv[1] == "revision":
        for app, names in sorted(seen.items()):
            for name in names:
                print(f"{app}.{name}")
