"""HTTP servers in threads and the service's own processes, on ports the OS picks."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.support.wait import eventually

ROOT = Path(__file__).resolve().parents[2]


def listening_socket() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock


def address(sock: socket.socket) -> str:
    return f"http://127.0.0.1:{sock.getsockname()[1]}"


def closed_port() -> int:
    with listening_socket() as sock:
        return sock.getsockname()[1]


@contextmanager
def serve(app: Any, sock: socket.socket) -> Iterator[str]:
    """The app on an already bound socket, so that its address is known before it is built."""
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        eventually(lambda: server.started or not thread.is_alive(), "the server starts")
        yield address(sock)
    finally:
        server.should_exit = True
        thread.join(15)
        sock.close()


class Process:
    """A process of the service, ended the way a platform ends it: SIGTERM, then waiting for it to finish."""

    def __init__(self, module: str, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def output(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)


@contextmanager
def api_process(environment: dict[str, str], log: Path) -> Iterator[tuple[str, Process]]:
    # Somebody else may take the port between its being found and its being used; then another one will do.
    for _ in range(5):
        port = closed_port()
        url = f"http://127.0.0.1:{port}"
        process = Process(
            "app.serve", ["--host", "127.0.0.1", "--port", str(port)], {**environment, "PUBLIC_BASE_URL": url}, log
        )
        try:
            if answers_while_alive(url, process):
                yield url, process
                return
            if "address already in use" not in process.output():
                raise AssertionError(f"the API did not start:\n{process.output()}")
        finally:
            process.stop()


@contextmanager
def worker_process(environment: dict[str, str], log: Path, module: str = "app.worker") -> Iterator[Process]:
    process = Process(module, [], environment, log)
    try:
        eventually(lambda: not process.alive or "Starting worker" in process.output(), "the worker starts", 60)
        assert process.alive, f"the worker did not start:\n{process.output()}"
        yield process
    finally:
        process.stop()


class SharedWorker:
    """One worker for all tests that need one, since starting it takes longer than most of them."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._started = ExitStack()
        self._process: Process | None = None

    def running(self) -> Process:
        if self._process is None or not self._process.alive:
            self._process = self._started.enter_context(worker_process(self._environment, self._log))
        return self._process

    def stop(self) -> None:
        self._started.close()
        self._process = None


def answers_while_alive(url: str, process: Process) -> bool:
    eventually(lambda: not process.alive or answers(url), "the API answers", 60)
    return process.alive


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/version", timeout=5, verify=False).status_code == 200
    except httpx.HTTPError:
        return False
