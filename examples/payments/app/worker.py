"""The worker process: delivers webhooks and does what is owed to ECPay. Run with `python -m app.worker`."""

import asyncio
import logging
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
from arq import Retry, Worker, func
from arq.connections import ArqRedis

from app import provider_tasks, queue
from app.database import Database
from app.ecpay.client import EcpayClient
from app.logs import configure_logging
from app.settings import Settings, get_settings
from app.webhooks import delivery
from app.webhooks.due import due_work

log = logging.getLogger(__name__)

# Attempts are counted in Postgres, where an admin can see them; arq's own limit must not end a job before that one.
ARQ_TRIES = 10_000
FINISH_SECONDS = 10
STOP_AGAIN_SECONDS = 0.2


class Jobs:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)
        self.ecpay = EcpayClient(settings)
        self.http = httpx.Client(timeout=settings.webhook_timeout_seconds, follow_redirects=False)

    async def deliver_webhook(self, _: dict[str, Any], delivery_id: str) -> None:
        again_at = await asyncio.to_thread(
            delivery.attempt, self.database, self.http, self.settings, uuid.UUID(delivery_id)
        )
        _retry(again_at)

    async def run_provider_task(self, ctx: dict[str, Any], task_id: str) -> None:
        again_at, work = await asyncio.to_thread(
            provider_tasks.attempt, self.database, self.ecpay, self.settings, uuid.UUID(task_id)
        )
        await queue.enqueue(ctx["redis"], work)
        _retry(again_at)

    async def start_sweep(self, ctx: dict[str, Any]) -> None:
        ctx["sweep"] = asyncio.create_task(self._sweep(ctx["redis"]))

    async def close(self, ctx: dict[str, Any]) -> None:
        # Absent when the worker is told to stop before it has finished starting.
        if sweep := ctx.get("sweep"):
            sweep.cancel()
            with suppress(asyncio.CancelledError):
                await sweep
        self.http.close()
        self.ecpay.close()
        self.database.close()

    async def _sweep(self, redis: ArqRedis) -> None:
        while True:
            try:
                await queue.enqueue(redis, await asyncio.to_thread(self._due_work))
            except Exception:
                # The sweep is the safety net, so it outlives whatever made one round of it fail.
                log.exception("sweep failed")
            await asyncio.sleep(self.settings.worker_sweep_seconds)

    def _due_work(self) -> list[queue.Work]:
        with self.database.transaction() as session:
            return due_work(session)


def _retry(again_at: datetime | None) -> None:
    if again_at is not None:
        raise Retry(defer=max(0.0, (again_at - datetime.now(UTC)).total_seconds()))


def build_worker(settings: Settings) -> Worker:
    jobs = Jobs(settings)
    worker = Worker(
        functions=[
            func(jobs.deliver_webhook, name="deliver_webhook"),
            func(jobs.run_provider_task, name="run_provider_task"),
        ],
        queue_name=queue.QUEUE,
        redis_pool=queue.connect(settings),
        on_startup=jobs.start_sweep,
        on_shutdown=jobs.close,
        poll_delay=settings.worker_poll_seconds,
        max_jobs=settings.db_pool_size,
        max_tries=ARQ_TRIES,
        # A job that is cancelled while arq books its end makes the worker's own end an error; most jobs take milliseconds.
        job_completion_wait=FINISH_SECONDS,
        # A finished job keeps no result: its id must be free for the next time the same row is due.
        keep_result=0,
    )
    worker.on_stop = lambda _: stop_polling(worker)
    return worker


def stop_polling(worker: Worker) -> None:
    """
    Asks for the end until it comes. arq cancels its polling once, and a cancellation that meets the Redis client in the
    wrong moment gets lost in there: the worker then polls for ever and takes no job.
    """
    polling = worker.main_task
    if polling is not None and not polling.done():
        polling.cancel()
        worker.loop.call_later(STOP_AGAIN_SECONDS, stop_polling, worker)


def main() -> None:
    settings = get_settings()
    configure_logging(settings)
    # arq looks for the thread's event loop while it is being built.
    asyncio.set_event_loop(asyncio.new_event_loop())
    with suppress(asyncio.CancelledError):
        build_worker(settings).run()


if __name__ == "__main__":
    main()
