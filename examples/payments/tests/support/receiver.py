"""The merchant's own system, at the receiving end of outbound webhooks."""

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    at: float
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


class Receiver:
    """Answers each request with the next status it was given, then with 200."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self._lock = threading.Lock()
        self._statuses: list[int] = []
        self._always: int | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._take(Received(time.monotonic(), dict(self.headers.items()), body))
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", receiver.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, *statuses: int) -> None:
        with self._lock:
            self._statuses = list(statuses)

    def always(self, status: int | None) -> None:
        with self._lock:
            self._always = status

    def events(self, event_type: str) -> list[Received]:
        return [each for each in list(self.requests) if each.json["type"] == event_type]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, request: Received) -> int:
        with self._lock:
            self.requests.append(request)
            if self._always is not None:
                return self._always
            return self._statuses.pop(0) if self._statuses else 200
