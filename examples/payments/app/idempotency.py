"""Idempotency keys: a repeated POST /checkout gets the first one's answer instead of a second order."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import redis

_IN_PROGRESS = "in-progress"
# Longer than any checkout takes, shorter than a customer's patience when a process dies holding the key.
_LOCK_SECONDS = 30


class KeyInUse(Exception):
    """The first request with this key is still being answered."""


class KeyReused(Exception):
    """The key came before, with another request."""


class IdempotencyStore:
    def __init__(self, client: redis.Redis, ttl_seconds: int) -> None:
        self._redis = client
        self._ttl = ttl_seconds

    def once(
        self, key: str, request: dict[str, Any], answer: Callable[[], dict[str, Any]]
    ) -> tuple[dict[str, Any], bool]:
        """The answer, and whether it is a replay. A request that raises leaves the key free to try again."""
        name = "payments:idempotency:" + _digest(key)
        fingerprint = _digest(json.dumps(request, sort_keys=True))
        claim = json.dumps({"state": _IN_PROGRESS, "request": fingerprint})
        if not self._redis.set(name, claim, nx=True, ex=_LOCK_SECONDS):
            return self._replay(name, fingerprint), True
        try:
            result = answer()
        except BaseException:
            self._redis.delete(name)
            raise
        done = json.dumps({"state": "done", "request": fingerprint, "answer": result})
        self._redis.set(name, done, ex=self._ttl)
        return result, False

    def _replay(self, name: str, fingerprint: str) -> dict[str, Any]:
        stored = self._redis.get(name)
        # Gone between the two commands: the first request has just failed, and the client may send again.
        if stored is None:
            raise KeyInUse
        record = json.loads(stored)
        if record["request"] != fingerprint:
            raise KeyReused
        if record["state"] == _IN_PROGRESS:
            raise KeyInUse
        return record["answer"]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
