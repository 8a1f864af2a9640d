"""The job queue: arq on Redis."""

import logging
from collections.abc import Iterable

from arq.connections import ArqRedis
from redis.exceptions import RedisError

from app.settings import Settings
from app.webhooks.outbox import Work

log = logging.getLogger(__name__)

QUEUE = "payments:jobs"


def connect(settings: Settings) -> ArqRedis:
    """Connects on first use: the API starts, and says it is unhealthy, while Redis is down."""
    return ArqRedis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=2, socket_timeout=5)


async def enqueue(redis: ArqRedis, work: Iterable[Work]) -> None:
    """Never raises: the work is already in Postgres, and the worker's sweep finds what no job points at."""
    try:
        for job, subject_id in work:
            # A fixed id: however often the sweep meets the same overdue row, the queue holds one job for it.
            await redis.enqueue_job(job, subject_id, _job_id=f"{job}:{subject_id}", _queue_name=QUEUE)
    except (RedisError, OSError) as error:
        log.warning("jobs not queued, left to the sweep", extra={"error": type(error).__name__})
