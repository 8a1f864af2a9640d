"""A fixed window per client, counted in Redis so that all replicas share it."""

import redis

# One script, because INCR and EXPIRE apart could leave a counter that never expires and locks a client out for good.
_HIT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('PTTL', KEYS[1])}
"""


class RateLimited(Exception):
    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("too many checkouts from this address")
        self.retry_after_seconds = retry_after_seconds


class RateLimiter:
    def __init__(self, client: redis.Redis, limit: int, window_seconds: int) -> None:
        self._hit = client.register_script(_HIT)
        self._limit = limit
        self._window_ms = window_seconds * 1000

    def check(self, subject: str) -> None:
        hits, left_ms = self._hit(keys=[f"payments:rate:{subject}"], args=[self._window_ms])
        if hits > self._limit:
            raise RateLimited(max(1, -(-left_ms // 1000)))
