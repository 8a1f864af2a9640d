"""Keeps the records of a suite in the memory of the driver, where the processes of the suite cannot change them.

A pytest process connects, gets a key of its own, and sends its lines, each numbered and signed with it: what was sent cannot
be taken back, a line that is missing or was not written by the recorder shows, and so does a process that is not Python.
"""

import hashlib
import json
import os
import secrets
import socket
import struct
import sys
import tempfile
import threading

from tollgate_fold import Fold

LONGEST_WAIT = 5


def signature(key, number, body):
    return hashlib.blake2b(b"%d " % number + body, key=key, digest_size=16).hexdigest().encode("ascii")


def address_of(name):
    """An abstract address belongs to no file that could be replaced; only Linux has them."""
    return "\0" + name if sys.platform.startswith("linux") else os.path.join(tempfile.gettempdir(), name)


class _Record:
    def __init__(self, name, pid):
        self.name = name
        self.pid = pid
        self.key = secrets.token_bytes(32)
        self.fold = Fold()
        self.parent = None
        self.count = 0

    def read(self, line, known):
        """What is wrong with a line; None: nothing."""
        number, mark, body = line.split(b" ", 2)
        if int(number) != self.count or not secrets.compare_digest(mark, signature(self.key, self.count, body)):
            return "line %d of the record is not the recorder's" % (self.count + 1)
        self.count += 1
        event = json.loads(body)
        if event["event"] == "forked":
            self.parent = known.get(event["of"])
        else:
            (self.parent or self).fold.add(event)
        return None


class Collector:
    def __init__(self):
        self.name = "tollgate-%s" % secrets.token_hex(16)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(address_of(self.name))
        self._socket.listen(128)
        self._records = {}
        self._readers = []
        self._forged = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            reader = threading.Thread(target=self._read, args=[connection], daemon=True)
            self._readers.append(reader)
            reader.start()

    def _read(self, connection):
        pid, program = _peer(connection)
        if program is not None and not program.startswith(("python", "pypy")):
            self._forged.append("process %d is %s, and sent records of tests" % (pid, program))
            connection.close()
            return
        record = _Record(secrets.token_hex(8), pid)
        self._records[record.name] = record
        try:
            connection.sendall(("%s %s\n" % (record.name, record.key.hex())).encode("ascii"))
            with connection.makefile("rb") as lines:
                for line in lines:
                    # the last line of a process that was killed has no end
                    wrong = record.read(line[:-1], self._records) if line.endswith(b"\n") else None
                    if wrong is not None:
                        self._forged.append("process %d: %s" % (pid, wrong))
                        return
        except (OSError, ValueError, KeyError, TypeError) as error:
            if not isinstance(error, OSError):
                self._forged.append("process %d: its record cannot be read: %s" % (pid, error))
        finally:
            connection.close()

    def pids(self):
        return [record.pid for record in list(self._records.values()) if record.pid > 0]

    def close(self):
        """When all that could send has ended: the records, and what was sent that no recorder wrote."""
        self._socket.close()
        for reader in self._readers:
            reader.join(LONGEST_WAIT)
        records = [record.fold.record() for record in self._records.values() if record.parent is None]
        return [record for record in records if record is not None], self._forged


def _peer(connection):
    """The process at the other end, and the name of its program: as the kernel knows them."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return 0, None
    pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
    try:
        return pid, os.path.basename(os.readlink("/proc/%d/exe" % pid))
    except OSError:
        return pid, None
