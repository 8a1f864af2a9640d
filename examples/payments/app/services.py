"""What a request needs, built once per process."""

from dataclasses import dataclass
from typing import Annotated

import redis
from arq.connections import ArqRedis
from fastapi import Depends, Request

from app import queue
from app.database import Database
from app.ecpay.client import EcpayClient
from app.idempotency import IdempotencyStore
from app.metrics import Metrics
from app.ratelimit import RateLimiter
from app.settings import Settings


@dataclass(frozen=True)
class Services:
    settings: Settings
    database: Database
    redis: redis.Redis
    jobs: ArqRedis
    ecpay: EcpayClient
    metrics: Metrics
    limiter: RateLimiter
    idempotency: IdempotencyStore

    @classmethod
    def build(cls, settings: Settings) -> "Services":
        database = Database(settings)
        client = redis.Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=2, socket_timeout=2)
        return cls(
            settings=settings,
            database=database,
            redis=client,
            jobs=queue.connect(settings),
            ecpay=EcpayClient(settings),
            metrics=Metrics(database),
            limiter=RateLimiter(client, settings.checkout_rate_limit, settings.checkout_rate_window_seconds),
            idempotency=IdempotencyStore(client, settings.idempotency_ttl_seconds),
        )

    async def close(self) -> None:
        await self.jobs.aclose()
        self.redis.close()
        self.ecpay.close()
        self.database.close()


def services(request: Request) -> Services:
    return request.app.state.services


Injected = Annotated[Services, Depends(services)]
