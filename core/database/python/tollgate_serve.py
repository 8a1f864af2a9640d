"""Does what it is asked for, each time in a process of its own that is a copy of this one: what is loaded already need not be loaded again.

Questions are files of a folder that other containers have as well: NAME.ask, answered in NAME.answered, until there is a file named
`stop`. As long as this process lives it holds a lock on the file named `alive`.
"""

import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable

LOOK_EVERY = 0.02
LONGEST_OUTPUT = 1 << 16


def serve(folder: str, perform: Callable[[dict], dict]) -> None:
    """Returns in this process when it is told to stop, and in each of the copies when its work is done."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    alive = open(os.path.join(folder, f"alive.{os.getpid()}"), "w", encoding="utf-8")
    fcntl.flock(alive, fcntl.LOCK_EX)
    # who sees it must see it locked
    os.rename(alive.name, os.path.join(folder, "alive"))
    at_work: dict[int, str] = {}
    while not os.path.exists(os.path.join(folder, "stop")):
        for name in taken(folder):
            process = os.fork()
            if process == 0:
                alive.close()
                return work(os.path.join(folder, name), perform)
            at_work[process] = name
        for process, code in ended(at_work):
            report(os.path.join(folder, at_work.pop(process)), code)
        time.sleep(LOOK_EVERY)
    for process in at_work:
        os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def taken(folder: str) -> list[str]:
    names = sorted(entry.removesuffix(".ask") for entry in os.listdir(folder) if entry.endswith(".ask"))
    for name in names:
        os.rename(os.path.join(folder, f"{name}.ask"), os.path.join(folder, f"{name}.taken"))
        open(os.path.join(folder, f"{name}.output"), "wb").close()
    return names


def ended(at_work: dict[int, str]) -> list[tuple[int, int]]:
    found = [os.waitpid(process, os.WNOHANG) for process in at_work]
    return [(process, os.waitstatus_to_exitcode(status)) for process, status in found if process != 0]


def work(path: str, perform: Callable[[dict], dict]) -> None:
    output = os.open(f"{path}.output", os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(output, stream.fileno())
    os.close(output)
    with open(f"{path}.taken", encoding="utf-8") as file:
        answer = perform(json.load(file))
    with open(f"{path}.said", "w", encoding="utf-8") as file:
        json.dump(answer, file)


def report(path: str, code: int) -> None:
    """A process that ended with anything but 0 may have been cut off in its answer."""
    answer = None
    if code == 0:
        with open(f"{path}.said", encoding="utf-8") as file:
            answer = json.load(file)
    with open(f"{path}.output", "rb") as file:
        file.seek(max(0, os.path.getsize(f"{path}.output") - LONGEST_OUTPUT))
        output = file.read().decode("utf-8", "replace")
    with open(f"{path}.part", "w", encoding="utf-8") as file:
        # as a shell has it: 128 and the signal's number
        json.dump({"code": code if code >= 0 else 128 - code, "answer": answer, "output": output}, file)
    os.rename(f"{path}.part", f"{path}.answered")
