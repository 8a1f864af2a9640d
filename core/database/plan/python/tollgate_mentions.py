"""Where names stand, as whole words, in a source: `tollgate_mentions.py FOLDER NAMES EXCLUDED OUT`, the lists as JSON."""

import json
import os
import re
import sys

LONGEST = 2_000_000
ENOUGH = 5
# prose runs nothing
PROSE = (".md", ".rst", ".txt", ".adoc")


def main(folder, names, excluded, out):
    wanted = json.loads(names)
    # as long as nothing reads it, a word in a picture or an archive is none
    pattern = re.compile(
        rb"(?<![A-Za-z0-9_])(" + b"|".join(re.escape(name.encode()) for name in wanted) + rb")(?![A-Za-z0-9_])"
    )
    found = {name: [] for name in wanted}
    for path in files(folder, json.loads(excluded)):
        with open(os.path.join(folder, path), "rb") as file:
            content = file.read(LONGEST)
        if b"\0" in content:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            for hit in {match.decode() for match in pattern.findall(line)}:
                if len(found[hit]) < ENOUGH:
                    found[hit].append({"file": path, "line": number})
    with open(out, "w", encoding="utf-8") as file:
        json.dump(found, file)


def files(folder, excluded):
    for place, folders, names in os.walk(folder):
        here = os.path.relpath(place, folder)
        folders[:] = sorted(name for name in folders if os.path.normpath(os.path.join(here, name)) not in excluded)
        yield from (
            os.path.normpath(os.path.join(here, name)) for name in sorted(names) if not name.lower().endswith(PROSE)
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
