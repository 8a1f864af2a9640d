"""Does something once, however often this program is started for it: a second start gives the answer of the first."""

import fcntl
import json
import os
import time
from collections.abc import Callable

DAY = 24 * 60 * 60


class LeftNoAnswer(Exception):
    """It had been begun, and the process that began it ended before there was an answer."""


def once(folder: str, claim: str, work: Callable[[], dict]) -> dict:
    os.makedirs(folder, exist_ok=True)
    remove_old(folder)
    with open(os.path.join(folder, claim), "a+", encoding="utf-8") as file:
        # free as soon as its owner ends, in whatever way
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        begun, _, answered = file.read().partition("\n")
        if answered:
            return json.loads(answered)
        if begun:
            raise LeftNoAnswer
        write(file, "begun\n")
        answer = work()
        write(file, json.dumps(answer))
        return answer


def write(file, text: str) -> None:
    file.write(text)
    file.flush()
    os.fsync(file.fileno())


def remove_old(folder: str) -> None:
    for entry in os.scandir(folder):
        try:
            if time.time() - entry.stat().st_mtime > DAY:
                os.unlink(entry.path)
        except FileNotFoundError:  # another one was faster
            continue
