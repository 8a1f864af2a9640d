"""Waiting on conditions, never on the clock."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(probe: Callable[[], T], what: str, timeout: float = 30.0) -> T:
    """The first truthy value of probe. The limit is generous, since only a failure ever waits for it."""
    deadline = time.monotonic() + timeout
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"still not after {timeout:.0f} s: {what} (last seen: {value!r})")
        time.sleep(0.02)
