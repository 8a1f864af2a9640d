"""Puts a question to tollgate_serve.py in another container and prints its answer; ends with 1 when nobody is there to give one.

Called with the folder that both have, a name for the question, and the question itself on standard input; or with the folder and
`stop`.
"""

import contextlib
import fcntl
import os
import shutil
import sys
import time

LOOK_EVERY = 0.02
DAY = 24 * 60 * 60


def ask(folder: str, name: str, question: str) -> int:
    path = os.path.join(folder, name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with open(f"{path}.draft", "w", encoding="utf-8") as file:
        file.write(question)
    os.rename(f"{path}.draft", f"{path}.ask")
    while not os.path.exists(f"{path}.answered"):
        if is_gone(os.path.join(folder, "alive")) and not os.path.exists(f"{path}.answered"):
            return 1
        time.sleep(LOOK_EVERY)
    with open(f"{path}.answered", encoding="utf-8") as file:
        sys.stdout.write(file.read())
    return 0


def is_gone(alive: str) -> bool:
    """One that has not begun is waited for."""
    try:
        with open(alive, encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return not os.path.isdir(os.path.dirname(alive))
    except BlockingIOError:
        return False


def stop(folder: str) -> int:
    """It ends as soon as it sees this, or as soon as it has begun. What a run that was killed has left goes after a day."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    open(os.path.join(folder, "stop"), "w", encoding="utf-8").close()
    for entry in os.scandir(os.path.dirname(folder)):
        with contextlib.suppress(FileNotFoundError):  # another one was faster
            if time.time() - entry.stat().st_mtime > DAY:
                shutil.rmtree(entry.path, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(stop(sys.argv[1]) if sys.argv[2] == "stop" else ask(sys.argv[1], sys.argv[2], sys.stdin.read()))
