"""The record that one pytest session sends, line by line, to the collector in the suite's driver."""

import collections
import json
import os
import socket
import threading

from tollgate_collector import address_of, signature
from tollgate_problem import redactor


class Record:
    def __init__(self, collector):
        # bound now: a test may have replaced them when its report arrives
        self._getpid, self._dumps, self._redacted = os.getpid, json.dumps, redactor.tree
        self._sign, self._ident = signature, threading.get_ident
        self._collector = collector
        self._pending = collections.deque()
        self._connect()

    def _connect(self):
        self._lock, self._owner = threading.Lock(), None
        self._pid = self._getpid()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(address_of(self._collector))
        self._send, self._socket = connection.sendall, connection
        with connection.makefile("rb") as answer:
            self._name, key = answer.readline().decode("ascii").split()
        self._key, self._number = bytes.fromhex(key), 0

    def write(self, event, held=False, even_forked=False, **data):
        """What is held goes out with the next line: waking up the collector costs more than the line."""
        if self._getpid() != self._pid:
            # what a forked child does is not this process's, but for a test that pytest-forked runs there
            if not even_forked:
                return
            parent, held = self._name, False
            self._pending.clear()
            self._connect()
            self.write("forked", of=parent)
        line = self._dumps(self._redacted(dict(data, event=event)), ensure_ascii=True)
        self._pending.append(line.encode("ascii"))
        # a destructor may come in between and write as well: its line is sent by who is at it
        if not held and self._owner != self._ident():
            self._send_pending()

    def _send_pending(self):
        with self._lock:
            self._owner = self._ident()
            try:
                while self._pending:
                    lines = []
                    while self._pending:
                        body = self._pending.popleft()
                        lines.append(b"%d %s %s\n" % (self._number, self._sign(self._key, self._number, body), body))
                        self._number += 1
                    self._send(b"".join(lines))
            finally:
                self._owner = None

    def flush(self):
        if self._getpid() == self._pid:
            self._send_pending()
