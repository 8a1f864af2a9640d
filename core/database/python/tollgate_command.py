"""Runs commands of database.commands one after the other, each where one database can be reached and nothing else.

    tollgate_command.py QUESTION

QUESTION is JSON: {"bridge": …, "claim": NAME or null, "environment": {…}, "without": [NAME…], "steps": [{"command": …, "expect": TEXT or
null}]}. A step that ends with another code than 0, or prints something else than it should, is the last. The answer is JSON on
standard output.
"""

import json
import os
import subprocess
import sys

from tollgate_once import LeftNoAnswer, once

HERE = os.path.dirname(os.path.abspath(__file__))
CLAIMS = "/var/lib/tollgate/claims"
# what a command prints is read by people
MOST = 200_000


def main(question):
    if question["claim"] is None:
        return run(question)
    try:
        return once(CLAIMS, question["claim"], lambda: run(question))
    except LeftNoAnswer:
        return {"steps": None}


def run(question):
    environment = {name: value for name, value in os.environ.items() if name not in question["without"]}
    environment.update({name: value for name, value in question["environment"].items() if name not in environment})
    ran = []
    for step in question["steps"]:
        done = subprocess.run(
            [
                sys.executable,
                os.path.join(HERE, "tollgate_alone.py"),
                json.dumps(question["bridge"]),
                "sh",
                "-c",
                step["command"],
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        out, err = (text.decode("utf-8", "replace")[-MOST:] for text in (done.stdout, done.stderr))
        ran.append({"code": done.returncode, "out": out, "err": err})
        expected = step["expect"]
        # where nothing is applied, what would say so may not be there yet
        if expected == "" and done.returncode != 0:
            continue
        if done.returncode != 0 or (expected is not None and lines(out) != lines(expected)):
            break
    return {"steps": ran}


def lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
