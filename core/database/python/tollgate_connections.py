"""Which databases env.py and revisions connect to. A connection to another than the one of this run does not take place, and is noted
with the line of the app that asked for it, whatever the app does with the error.

The network is what keeps them from it (tollgate_alone.py); this says what was tried.
"""

import contextlib
import functools
import importlib
import json
import os
import sys
import urllib.parse

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORT = 5432
HEARD = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


class AnotherDatabase(Exception):
    pass


class Connections:
    """`expected` is JSON: {"host": …, "port": …, "database": …}."""

    def __init__(self, expected: str) -> None:
        self.expected = json.loads(expected)
        self.elsewhere: list[dict] = []
        self.inside = False

    def listen(self) -> None:
        for module, names in (
            ("psycopg", ("connect",)),
            ("psycopg2", ("connect",)),
            ("asyncpg", ("connect", "create_pool")),
            ("pg8000", ("connect",)),
            ("pg8000.dbapi", ("connect",)),
        ):
            loaded = imported(module)
            for name in names:
                if hasattr(loaded, name):
                    setattr(loaded, name, self.checking(getattr(loaded, name)))
        for name in ("Connection", "AsyncConnection"):
            owner = getattr(imported("psycopg"), name, None)
            if owner is not None:
                owner.connect = classmethod(self.checking(owner.connect.__func__, skip=1))
        # whatever else goes by a socket of Python's own
        sys.addaudithook(self.hear)

    def checking(self, connect, skip=0):
        @functools.wraps(connect)
        def checked(*arguments, **named):
            for host, port, database in destinations(arguments[skip:], named):
                if not self.is_expected(host, port, database):
                    self.note(host, port, database)
                    raise AnotherDatabase(said(host, port, database))
            return connect(*arguments, **named)

        return checked

    def is_expected(self, host, port, database) -> bool:
        return host == self.expected["host"] and port == self.expected["port"] and database == self.expected["database"]

    def hear(self, name, arguments) -> None:
        if name not in HEARD or self.inside:
            return
        if name in ("socket.getaddrinfo", "socket.gethostbyname"):
            host, port = (*arguments[:2], None)[:2]
        else:
            address = arguments[1]
            host, port = address[:2] if isinstance(address, tuple) else (None, None)
        host = host.decode() if isinstance(host, bytes) else host
        if not isinstance(host, str) or host in LOOPBACK or host.startswith("127.") or host == self.expected["host"]:
            return
        self.inside = True
        try:
            self.note(host, port if isinstance(port, int) else None, None)
        finally:
            self.inside = False

    def note(self, host, port, database) -> None:
        file, line = frame_of_the_app()
        found = {"host": host, "port": port, "database": database, "file": file, "line": line}
        if found not in self.elsewhere and len(self.elsewhere) < 20:
            self.elsewhere.append(found)


def imported(module):
    with contextlib.suppress(Exception):
        return importlib.import_module(module)
    return None


def said(host, port, database) -> str:
    return f"{host}:{port}, database {database}, is not the database of this run"


def destinations(arguments, named):
    """(host, port, database) of each place that a driver is told to connect to."""
    parts = dict(
        parse(
            next(
                (
                    one
                    for one in (*arguments[:1], named.get("dsn"), named.get("conninfo"))
                    if isinstance(one, str) and one
                ),
                "",
            )
        )
    )
    parts.update({key: value for key, value in named.items() if value is not None})
    env = os.environ.get
    database = parts.get("dbname") or parts.get("database") or env("PGDATABASE") or parts.get("user") or env("PGUSER")
    hosts = listed(parts.get("host") or parts.get("hostaddr") or env("PGHOST") or "localhost")
    ports = listed(parts.get("port") or env("PGPORT") or PORT)
    for index, host in enumerate(hosts):
        port = ports[index] if index < len(ports) else ports[-1]
        yield host, int(port) if str(port).isdigit() else port, database


def listed(value):
    return [str(one).strip() for one in value] if isinstance(value, (list, tuple)) else str(value).split(",")


def parse(text):
    if "://" in text:
        parsed = urllib.parse.urlsplit(text)
        query = dict(urllib.parse.parse_qsl(parsed.query))
        with contextlib.suppress(ValueError):
            yield "port", parsed.port
        yield "host", urllib.parse.unquote(parsed.hostname or "") or query.get("host")
        yield "dbname", urllib.parse.unquote(parsed.path.lstrip("/")) or query.get("dbname")
        yield "user", parsed.username
        return
    with contextlib.suppress(Exception):
        from psycopg.conninfo import conninfo_to_dict

        yield from conninfo_to_dict(text).items()
        return
    with contextlib.suppress(Exception):
        from psycopg2.extensions import parse_dsn

        yield from parse_dsn(text).items()


def frame_of_the_app():
    """The last line in the app's own code, not in a library that it calls."""
    root = os.path.realpath(os.getcwd()) + os.sep
    frame = sys._getframe(1)
    while frame is not None:
        file = os.path.realpath(frame.f_code.co_filename)
        if file.startswith(root) and "site-packages" not in file and "dist-packages" not in file:
            return file[len(root) :], frame.f_lineno
        frame = frame.f_back
    return None, None
