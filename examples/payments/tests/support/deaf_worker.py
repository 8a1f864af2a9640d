"""A worker that loses the first cancellation of its polling, as the Redis client can. Run with `python -m`."""

import asyncio
from contextlib import suppress

from arq import Worker

from app import worker

polls = Worker._poll_iteration


async def deaf_once(self: Worker) -> None:
    Worker._poll_iteration = polls
    print("polling", flush=True)
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(60)


Worker._poll_iteration = deaf_once
worker.main()
