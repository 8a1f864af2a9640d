"""What keeps the driver of a suite apart from the processes of the suite, though they may have the same user."""

import ctypes
import hashlib
import os
import signal
import sys
import time

_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36


def guard():
    """No process without CAP_SYS_PTRACE can look into this one's memory; what its descendants leave behind becomes its child."""
    if not sys.platform.startswith("linux"):
        return
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except (OSError, AttributeError) as error:
        print("the driver is not guarded against the suite: %s" % error, flush=True)


def sources_of(folder):
    """The recorder's files as they are now. Their times and inodes may change by themselves on a container's file system."""
    found = {}
    for name in os.listdir(folder):
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = hashlib.sha256(file.read()).digest()
    return found


def _children():
    try:
        with open("/proc/self/task/%d/children" % os.getpid(), encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def end_descendants(grace):
    """Whatever left the runner's group; it may save its coverage first."""
    kill_at = time.monotonic() + grace
    told = set()
    _reap()
    children = _children()
    while children:
        for pid in children:
            number = signal.SIGKILL if time.monotonic() > kill_at else signal.SIGTERM
            if number == signal.SIGKILL or pid not in told:
                told.add(pid)
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
        time.sleep(0.01)
        _reap()
        children = _children()
