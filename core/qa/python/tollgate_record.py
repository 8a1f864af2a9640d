"""The record that one pytest process writes."""

import json
import os
import uuid

from tollgate_problem import redactor


class Record:
    """The open file of this process's record."""

    def __init__(self, folder):
        # bound now: a test may have replaced them when its report arrives
        self._getpid, self._write, self._dumps, self._redacted = os.getpid, os.write, json.dumps, redactor.tree
        self._pid = os.getpid()
        path = os.path.join(folder, "%d-%s.jsonl" % (self._pid, uuid.uuid4().hex[:8]))
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, event, even_forked=False, **data):
        # a forked child inherits the descriptor; what it does is not this process's, but for a test that pytest-forked runs
        if self._getpid() != self._pid and not even_forked:
            return
        line = self._dumps(self._redacted(dict(data, event=event)), ensure_ascii=True)
        self._write(self._file, line.encode("ascii") + b"\n")
