"""Puts questions to tollgate_serve.py in another container, by files of a folder that both have."""

import fcntl
import json
import os
import time
import uuid

LOOK_EVERY = 0.02


class Gone(Exception):
    """Nobody is there to answer, or to go on answering."""


def put(folder: str, question: dict) -> str:
    """Returns the name by which the answer is read."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    name = str(uuid.uuid4())
    draft = os.path.join(folder, f"{name}.draft")
    with open(draft, "w", encoding="utf-8") as file:
        json.dump({**question, "claim": None}, file)
    os.rename(draft, os.path.join(folder, f"{name}.ask"))
    return name


def answer_to(folder: str, name: str) -> dict:
    """{"code", "answer", "output"}. One that has not begun to serve is waited for."""
    path = os.path.join(folder, f"{name}.answered")
    while not os.path.exists(path):
        if is_gone(folder) and not os.path.exists(path):
            raise Gone
        time.sleep(LOOK_EVERY)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def is_gone(folder: str) -> bool:
    """The process that answers holds a lock on `alive` as long as it lives."""
    if not os.path.isdir(folder):
        return True
    try:
        with open(os.path.join(folder, "alive"), encoding="utf-8") as alive:
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True
